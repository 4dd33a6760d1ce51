import { reasons } from "@tandem/reasons";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * A secure trunk takes TLS only and SRTP only. This gateway's relay carries no SRTP: after the transport and the
 * offer are right the call is refused with the reason that says so, rather than carried in clear.
 */
export function securityPolicy(call: CallContext): Verdict {
  const trunk = call.knownTrunk;
  if (!trunk.secure) return pass("the trunk is not secure");
  if (call.direction === "termination" && !call.flow.isSecure) {
    return refuse(reasons.secureTransportRequired, `${call.flow.protocol} on a trunk that demands TLS`);
  }
  if (call.direction === "termination" && !/^m=\S+ \d+(\/\d+)? \S*SAVP/m.test(call.request.body)) {
    return refuse(reasons.secureMediaRequired, "the offer has no SRTP");
  }
  return refuse(reasons.secureMediaUnavailable, "no media engine of this gateway carries SRTP");
}
