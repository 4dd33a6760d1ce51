import { sessionBodyOf } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import { type MediaKeys, mediaKeys, parseSdp } from "@tandem/sdp";
import type { SipRequest } from "@tandem/sip/message";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/**
 * A secure trunk takes TLS only and SRTP only from its customer; any other trunk, and a carrier, takes no SRTP. What
 * later offers say is judged where they are relayed.
 */
export function securityPolicy(call: CallContext): Verdict {
  const trunk = call.knownTrunk;
  if (!trunk.secure || call.direction === "origination") return withoutSrtp(call);
  const { flow, request, isDryRun } = call;
  if (!flow.isSecure) {
    return refuse(reasons.secureTransportRequired, `${flow.protocol} on a trunk that demands TLS`);
  }
  if (isDryRun && request.body === "") return pass("TLS; the offer is taken to have SRTP");
  const keys = keysOf(offerIn(request));
  const live = keys?.protections.filter((protection) => protection !== "rejected") ?? [];
  if (live.length === 0 || live.includes("none")) {
    return refuse(reasons.secureMediaRequired, "the offer has media without SRTP, or none");
  }
  if (live.includes("keyless")) {
    return refuse(reasons.noUsableKey, "the offer has SRTP without a key that is taken");
  }
  return pass("TLS and SRTP");
}

/** Offers without the word are nearly all there are: they are not looked at twice. */
function withoutSrtp(call: CallContext): Verdict {
  const isPlain =
    !call.request.body.includes("SAVP") ||
    keysOf(offerIn(call.request))?.protections.every(isUnprotected) !== false;
  if (isPlain) return pass(call.knownTrunk.secure ? "a carrier's leg is plain" : "the trunk is not secure");
  const whose = call.direction === "origination" ? "the carrier offers SRTP" : "the trunk is not secure";
  return refuse(reasons.secureMediaRefused, `${whose}, and the offer has RTP/SAVP`);
}

function isUnprotected(protection: MediaKeys["protections"][number]): boolean {
  return protection === "none" || protection === "rejected";
}

/** "" when the callee makes it, or it can't be read. */
function offerIn(request: SipRequest): string {
  const body = sessionBodyOf(request);
  return body.kind === "description" ? body.text : "";
}

function keysOf(body: string): MediaKeys | undefined {
  const parsed = parseSdp(body);
  return parsed.ok ? mediaKeys(parsed.value) : undefined;
}
