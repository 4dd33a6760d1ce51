import type { SnapshotAccount } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * Calls at a time, and calls per second (termination only: a carrier's calls are the customer's to receive): the trunk's own,
 * then what the trunks of the account share, then what its parent's do. A refused call takes nothing from any of them.
 * 503 without Retry-After: with it a customer's SBC would avoid us for all of its trunks.
 */
export function limits(call: CallContext, services: StageServices): Verdict {
  const trunk = call.knownTrunk;
  if (call.isEmergency) return pass("an emergency call is not limited");
  if (trunk.concurrentCalls !== null && services.limits.callsOf(trunk.sid) >= trunk.concurrentCalls) {
    return refuse(reasons.concurrencyExceeded, `${trunk.concurrentCalls} calls are up on ${trunk.sid}`);
  }
  return call.direction === "origination" ? pass("within the limits") : callsPerSecond(call, services);
}

function callsPerSecond(call: CallContext, services: StageServices): Verdict {
  const trunk = call.knownTrunk;
  if (!hasToken(trunk, services)) {
    return refuse(reasons.callsPerSecondExceeded, `more than ${trunk.callsPerSecond} calls per second`);
  }
  const { account } = call;
  const parent = account?.parentSid === undefined ? undefined : call.table.accountBySid(account.parentSid);
  for (const pool of [account, parent]) {
    if (pool === undefined || hasToken(pool, services)) continue;
    const text = `more than ${pool.callsPerSecond} calls per second on all trunks of ${pool.sid}`;
    return refuse(reasons.pooledCallsPerSecondExceeded, text);
  }
  if (!call.isDryRun) for (const limited of [trunk, account, parent]) takeToken(limited, services);
  return pass("within the limits");
}

type Limited = Pick<SnapshotAccount, "sid"> & { readonly callsPerSecond?: number | null };

function hasToken({ sid, callsPerSecond }: Limited, { limits: kept }: StageServices): boolean {
  return typeof callsPerSecond !== "number" || kept.mayTake(sid, callsPerSecond);
}

function takeToken(limited: Limited | undefined, { limits: kept }: StageServices): void {
  if (typeof limited?.callsPerSecond === "number") kept.take(limited.sid, limited.callsPerSecond);
}
