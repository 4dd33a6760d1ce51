import { type MediaRelay, objectionToRemote, type SdpRelay } from "@tandem/media";
import { reasons } from "@tandem/reasons";
import { isHeld, type MediaKeys, mediaKeys, parseSdp, remoteOf, type SessionDescription } from "@tandem/sdp";
import type { Side } from "./media-anchor.ts";
import type { NegotiatedLeg, Objection } from "./negotiated-leg.ts";
import { usableMedia } from "./usable-media.ts";

/** What one side has said, as far as we can carry it. */
export interface NegotiatedDescription {
  readonly from: Side;
  readonly description: SessionDescription;
  readonly keys: MediaKeys;
}

export interface DescriptionRelays {
  readonly sdpRelay: Pick<SdpRelay, "addressOf">;
  /** For the addresses that must not be sent to. */
  readonly relay: Pick<MediaRelay, "isOwnAddress">;
}

/** Reads what the side of a leg has said, `from`, or tells why that can't be had from it. */
export function readDescription(
  leg: NegotiatedLeg,
  from: Side,
  text: string,
  kind: "offer" | "answer",
  { sdpRelay, relay }: DescriptionRelays,
): NegotiatedDescription | Objection {
  const parsed = parseSdp(text);
  if (!parsed.ok) return { reason: reasons.badSdp, text: parsed.error.text };
  const localAddress = sdpRelay.addressOf(leg.options.mediaInterface);
  const usable = usableMedia(parsed.value, localAddress, true);
  if (!usable.ok) return { reason: usable.reason, text: usable.text };
  const { description } = usable;
  const keys = mediaKeys(description);
  return (
    leg.objectionTo(keys, kind) ??
    objectionToRemotes(relay, localAddress, description) ?? { from, description, keys }
  );
}

function objectionToRemotes(
  relay: DescriptionRelays["relay"],
  localAddress: string | undefined,
  description: SessionDescription,
): Objection | undefined {
  if (localAddress === undefined) return undefined;
  for (const media of description.media) {
    const remote = media.isRejected ? undefined : remoteOf(media);
    const text = remote && objectionToRemote(relay, { localAddress }, remote);
    if (text !== undefined) return { reason: reasons.mediaNotAcceptable, text };
  }
  return undefined;
}

export function objectionToPair(
  offer: NegotiatedDescription | undefined,
  answer: NegotiatedDescription,
): Objection | undefined {
  if (offer === undefined || offer.from === answer.from) {
    return { reason: reasons.badSdp, text: "answer without an offer" };
  }
  if (offer.description.media.length === answer.description.media.length) return undefined;
  return { reason: reasons.badSdp, text: "answer has another number of media descriptions" };
}

/** A rejected media description often says inactive, and holds nothing. */
export function isHolding(description: SessionDescription): boolean {
  return description.media.some((media) => !media.isRejected && isHeld(media));
}
