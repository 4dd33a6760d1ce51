import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** What the gateway where the call entered found out about it: trunk, account and numbers, from its signed request. */
export function backboneCall(call: CallContext): Verdict {
  const asked = call.knownBackboneRequest;
  const trunk = call.table.trunkBySid(asked.trunkSid);
  if (trunk === undefined || trunk.accountSid !== asked.accountSid) {
    return refuse(
      reasons.backboneCandidateUnknown,
      `there is no trunk ${asked.trunkSid} of ${asked.accountSid}`,
    );
  }
  call.trunk = trunk;
  call.account = call.table.accountBySid(trunk.accountSid);
  call.direction = asked.direction;
  call.calledNumber = asked.calledNumber;
  call.callingNumber = asked.callingNumber;
  call.rewritten = asked.rewritten;
  call.number = call.table.numberByE164(asked.calledNumber);
  // Told by a sister, in what it has signed.
  if (call.direction === "origination" && asked.identity !== "") call.stir.verStat = asked.identity;
  const from = call.request.from();
  call.callerDisplayName = from.ok ? from.value.displayName : undefined;
  return pass(`${asked.direction} on ${trunk.sid}`);
}
