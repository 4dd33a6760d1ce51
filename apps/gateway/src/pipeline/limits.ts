import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import type { StageServices } from "./stage-services.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * Calls per second (termination only: a carrier's calls are the customer's to receive) and calls at a time.
 * 503 without Retry-After: with it a customer's SBC would avoid us for all of its trunks.
 */
export function limits(call: CallContext, services: StageServices): Verdict {
  const trunk = call.knownTrunk;
  if (call.isEmergency) return pass("an emergency call is not limited");
  if (trunk.concurrentCalls !== null && services.limits.callsOf(trunk.sid) >= trunk.concurrentCalls) {
    return refuse(reasons.concurrencyExceeded, `${trunk.concurrentCalls} calls are up on ${trunk.sid}`);
  }
  if (call.direction === "origination" || trunk.callsPerSecond === null) return pass("within the limits");
  const isWithin = call.isDryRun
    ? services.limits.mayTake(trunk.sid, trunk.callsPerSecond)
    : services.limits.take(trunk.sid, trunk.callsPerSecond);
  if (isWithin) return pass("within the limits");
  return refuse(reasons.callsPerSecondExceeded, `more than ${trunk.callsPerSecond} calls per second`);
}
