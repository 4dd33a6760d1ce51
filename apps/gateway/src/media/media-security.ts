import type { LegMediaOptions } from "@tandem/b2bua";
import type { Candidate } from "@tandem/routing";
import type { CallContext } from "../pipeline/call-context.ts";

type Srtp = NonNullable<LegMediaOptions["srtp"]>;
type Target = Pick<Candidate, "carrier" | "uri">;

/** What protects the media of the leg that came in: SRTP, however the caller has its keys, on a secure trunk. */
export function ingressSrtp(call: CallContext): Srtp | undefined {
  const isCustomers = call.direction === "termination" && call.backboneRequest === undefined;
  return isCustomers && call.knownTrunk.secure ? "any" : undefined;
}

/**
 * What protects the media of a leg that this gateway places. A customer's: SRTP on a secure trunk, with keys by SDES
 * unless its URL says otherwise, and never on another one. A carrier's: what its URL says.
 */
export function egressSrtp(call: CallContext, { carrier, uri }: Target): Srtp | undefined {
  if (carrier !== undefined) return uri.srtp;
  return call.knownTrunk.secure ? (uri.srtp ?? "sdes") : undefined;
}

/** Why the leg that came in needs rtpengine; undefined: it does not. */
export function ingressNeed(call: CallContext): string | undefined {
  return ingressSrtp(call) === undefined ? undefined : "SRTP of the caller";
}

/** Why a leg to that candidate needs rtpengine. */
export function egressNeed(call: CallContext, candidate: Candidate): string | undefined {
  const srtp = egressSrtp(call, candidate);
  if (srtp === "dtls") return `DTLS-SRTP towards ${candidate.sid}`;
  if (srtp !== undefined) return `SRTP towards ${candidate.sid}`;
  return candidate.uri.ice === undefined ? undefined : `ICE towards ${candidate.sid}`;
}

/** A caller that offers ICE gets it where there is rtpengine, and goes on without it where there is none. */
export function offersIce({ request }: CallContext): boolean {
  return request.body.includes("\na=candidate:");
}
