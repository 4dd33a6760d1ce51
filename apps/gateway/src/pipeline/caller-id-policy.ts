import type { CallerIdPolicy } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import { divertingNumbersOf } from "./diverting-numbers.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** The looser first. */
const policies: readonly CallerIdPolicy[] = ["any", "account-or-diverted", "account"];

/**
 * Whether the trunk may show the calling number that caller-identity found: one of the account's own, a verified caller ID of
 * it, or with `account-or-diverted` that of a caller whose call such a number sent on. The stricter of the trunk's policy
 * and of the account's holds: the first is the customer's to choose, the second the operator's. An emergency call passes: who needs
 * help is not refused for the number that the PBX wrote. A transfer is not asked: it shows a number of the call before it.
 */
export function callerIdPolicy(call: CallContext): Verdict {
  const { callingNumber, isEmergency, table } = call;
  const { accountSid } = call.knownTrunk;
  const policy = policyOf(call);
  if (policy === "any") return pass("the trunk may show any number");
  if (isEmergency) return pass("an emergency call may show any number");
  if (table.isCallerIdOf(accountSid, callingNumber)) {
    return pass(`${callingNumber} is a number or a verified caller ID of the account`);
  }
  const unknown = `${callingNumber} is neither a number of the account nor a verified caller ID`;
  if (policy === "account") return refuse(reasons.callerIdUnauthorized, unknown);
  const diverting = divertingNumbersOf(call.request).find((number) => table.isCallerIdOf(accountSid, number));
  if (diverting !== undefined) return pass(`${diverting} of the account sent the call on`);
  return refuse(reasons.callerIdUnauthorized, `${unknown}, and none of those sent the call on`);
}

function policyOf({ knownTrunk, knownAccount }: CallContext): CallerIdPolicy {
  const { callerIdPolicy: ofTrunk = "any" } = knownTrunk;
  const { callerIdPolicy: ofAccount = "any" } = knownAccount;
  return policies.indexOf(ofAccount) > policies.indexOf(ofTrunk) ? ofAccount : ofTrunk;
}
