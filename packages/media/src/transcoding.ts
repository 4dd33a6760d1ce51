import { audioEncodingsOf, type SessionDescription } from "@tandem/sdp";

/**
 * What rtpengine, as Debian packages it, both reads and writes: `rtpengine --codecs` calls it fully supported. AMR, EVRC and
 * iLBC are not among them: it only reads those. Names as IANA has registered them.
 */
export const transcodableEncodings: readonly string[] = [
  "PCMU",
  "PCMA",
  "G722",
  "G729",
  "G723",
  "GSM",
  "opus",
  "speex",
];

/** How an offer is changed for a side that has none of its codecs. Names of encodings; case means nothing. */
export interface Transcoding {
  /** Of the offer: taken out of it, but their packets are read and written towards who made it. */
  readonly from: readonly string[];
  /** Of the offer: taken out, since nothing can read and write them. */
  readonly without: readonly string[];
  /** Put in, the first is preferred. */
  readonly to: readonly string[];
}

export type TranscodingNeed =
  /** Nothing is asked for, each audio has a codec in common, or no codec of it has a name. */
  | { readonly kind: "none" }
  | { readonly kind: "needed"; readonly transcoding: Transcoding }
  /** Nothing in common, and none of what is offered can be transcoded. */
  | { readonly kind: "impossible"; readonly offered: readonly string[] };

const transcodable: ReadonlySet<string> = new Set(transcodableEncodings.map((name) => name.toUpperCase()));

/**
 * Whether an offer has to be transcoded for a side that takes these encodings: when it has audio without any of them. What
 * stands beside the speech (RFC 4733 events, comfort noise) and other media stay as they are.
 * @param accepted in order of preference; empty: the side takes anything
 */
export function transcodingNeed(offer: SessionDescription, accepted: readonly string[]): TranscodingNeed {
  if (accepted.length === 0) return none;
  const takes = new Set(accepted.map((name) => name.toUpperCase()));
  let isNeeded = false;
  const refused = new Map<string, string>();
  for (const media of offer.media) {
    if (media.media !== "audio" || media.isRejected) continue;
    const names = audioEncodingsOf(media).map(({ name }) => name);
    const others = names.filter((name) => !takes.has(name.toUpperCase()));
    for (const name of others) refused.set(name.toUpperCase(), name);
    if (names.length === 0 || others.length < names.length) continue;
    if (!names.some(isTranscodable)) return { kind: "impossible", offered: names };
    isNeeded = true;
  }
  if (!isNeeded) return none;
  const names = [...refused.values()];
  return {
    kind: "needed",
    transcoding: {
      from: names.filter(isTranscodable),
      without: names.filter((name) => !isTranscodable(name)),
      to: accepted,
    },
  };
}

/** What a side takes, as its own offer says: of its audio the encodings that can be transcoded, in its order, each once. */
export function takenBy(offer: SessionDescription): readonly string[] {
  const audio = offer.media.filter((media) => media.media === "audio" && !media.isRejected);
  const names = audio.flatMap((media) => audioEncodingsOf(media).map(({ name }) => name));
  return [...new Map(names.filter(isTranscodable).map((name) => [name.toUpperCase(), name])).values()];
}

function isTranscodable(name: string): boolean {
  return transcodable.has(name.toUpperCase());
}

const none: TranscodingNeed = { kind: "none" };
