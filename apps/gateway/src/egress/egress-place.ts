import type { EgressPlace, Fallback } from "@tandem/b2bua";
import { acceptedCodecs } from "../media/accepted-codecs.ts";
import { egressSrtp } from "../media/media-security.ts";
import { pathOf, type Way } from "./egress-ways.ts";
import type { PlacingContext } from "./placing-context.ts";

/** The network of a way with the media that belong to it. */
export function egressPlace(
  { call, candidate }: Pick<PlacingContext, "call" | "candidate">,
  way: Way,
  fallback: Fallback | undefined,
): EgressPlace {
  const { carrier } = candidate;
  return {
    path: pathOf(way),
    media: {
      mediaInterface: way.interface.name,
      source: carrier === undefined ? call.knownTrunk.sourcePolicy : carrier.sourcePolicy,
      trustedNetworks: carrier === undefined ? [] : carrier.sourceNetworks,
      dscp: carrier === undefined ? call.knownTrunk.mediaDscp : undefined,
      srtp: egressSrtp(call, candidate),
      ice: candidate.uri.ice,
      codecs: acceptedCodecs(call, candidate),
    },
    fallback,
  };
}
