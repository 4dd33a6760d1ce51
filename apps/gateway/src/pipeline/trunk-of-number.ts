import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** Origination: the called number finds the trunk. */
export function trunkOfNumber(call: CallContext): Verdict {
  const number = call.table.numberByE164(call.calledNumber);
  if (number === undefined) {
    return refuse(reasons.calledNumberUnknown, `${call.calledNumber} is not one of our numbers`);
  }
  call.number = number;
  const trunk = number.trunkSid === null ? undefined : call.table.trunkBySid(number.trunkSid);
  if (trunk === undefined) return refuse(reasons.numberWithoutTrunk, `${number.sid} is on no trunk`);
  call.trunk = trunk;
  call.account = call.table.accountBySid(trunk.accountSid);
  return pass(`${call.calledNumber} is on ${trunk.sid}`);
}
