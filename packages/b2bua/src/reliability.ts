import { hasOptionTag, type SipRequest } from "@tandem/sip/message";

/** How provisional responses go to a caller: never with PRACK, when the callee's came so, always (RFC 3262 §3). */
export type Reliability = "none" | "supported" | "required";

export function callerReliability(invite: SipRequest): Reliability {
  if (hasOptionTag(invite, "Require", "100rel")) return "required";
  return hasOptionTag(invite, "Supported", "100rel") ? "supported" : "none";
}
