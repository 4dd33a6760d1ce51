import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** Calls of a suspended or closed account are declined. */
export function accountStatus(call: CallContext): Verdict {
  const { account } = call;
  if (account === undefined) {
    return refuse(reasons.accountInactive, `the account of ${call.knownTrunk.sid} is unknown`);
  }
  if (account.status === "active") return pass(`${account.sid} is active`);
  const reason = call.direction === "termination" ? reasons.accountInactive : reasons.calledAccountInactive;
  return refuse(reason, `${account.sid} is ${account.status}`);
}
