import type { LegMediaOptions } from "@tandem/b2bua";
import type { Candidate } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";

type MediaSecurity = Pick<LegMediaOptions, "srtp" | "ice">;

/** What protects the media of the leg that came in: SRTP, however the caller has its keys, on a secure trunk. */
export function ingressSecurity(call: CallContext): MediaSecurity {
  const isCustomers = call.direction === "termination" && call.backboneRequest === undefined;
  return isCustomers && call.knownTrunk.secure ? { srtp: "any" } : {};
}

/**
 * What protects the media of a leg that this gateway places. A customer's: SRTP on a secure trunk, with keys by SDES
 * unless its URL says otherwise, and never on another one. A carrier's: what its URL says.
 */
export function egressSecurity(
  call: CallContext,
  { carrier, uri }: Pick<Candidate, "carrier" | "uri">,
): MediaSecurity {
  const isSecure = carrier === undefined && call.knownTrunk.secure;
  const srtp = uri.srtp ?? (isSecure ? "sdes" : undefined);
  const isRefused = carrier === undefined && !isSecure;
  return {
    ...(srtp === undefined || isRefused ? {} : { srtp }),
    ...(uri.ice === undefined ? {} : { ice: uri.ice }),
  };
}

/** Why the leg that came in needs rtpengine; undefined: it does not. */
export function ingressNeed(call: CallContext): string | undefined {
  return ingressSecurity(call).srtp === undefined ? undefined : "SRTP of the caller";
}

/** Why a leg to that candidate needs rtpengine. */
export function egressNeed(call: CallContext, candidate: Candidate): string | undefined {
  const { srtp, ice } = egressSecurity(call, candidate);
  if (srtp === "dtls") return `DTLS-SRTP towards ${candidate.sid}`;
  if (srtp !== undefined) return `SRTP towards ${candidate.sid}`;
  return ice === undefined ? undefined : `ICE towards ${candidate.sid}`;
}

/** A caller that offers ICE gets it where there is rtpengine, and goes on without it where there is none. */
export function offersIce({ request }: CallContext): boolean {
  return request.body.includes("\na=candidate:");
}
