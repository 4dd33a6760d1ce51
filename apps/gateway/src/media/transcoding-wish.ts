import { type SessionBody, sessionBodyOf } from "@tandem/b2bua";
import { transcodingNeed } from "@tandem/media";
import type { Candidate } from "@tandem/routing";
import { parseSdp, type SessionDescription } from "@tandem/sdp";
import type { CallContext } from "../pipeline/call-context.ts";
import { acceptedCodecs } from "./accepted-codecs.ts";

/** What a far side's list of codecs means for a call. */
export interface TranscodingWish {
  /** False: nothing can be done, and the offer goes as it is. */
  readonly isPossible: boolean;
  readonly why: string;
}

/**
 * Whether a candidate takes none of the codecs that the caller offers; the first that can be helped decides.
 * Undefined: each takes one, or takes anything.
 * @param counts whether a candidate is to be looked at; asked only about those with a list
 */
export function transcodingWish(
  call: CallContext,
  counts: (candidate: Candidate) => boolean,
): TranscodingWish | undefined {
  const choosy = call.candidates.filter(
    (candidate) => acceptedCodecs(call, candidate) !== undefined && counts(candidate),
  );
  const [first] = choosy;
  // Nearly all calls end here: their offer is not looked at.
  if (first === undefined) return undefined;
  const body = sessionBodyOf(call.request);
  if (body.kind === "none") {
    const takes = acceptedCodecs(call, first)?.join(", ");
    return {
      isPossible: false,
      why: `without an offer nothing is transcoded towards ${first.sid}, which takes ${takes}`,
    };
  }
  const offer = offerIn(body);
  if (offer === undefined) return undefined;
  let impossible: TranscodingWish | undefined;
  for (const candidate of choosy) {
    const need = transcodingNeed(offer, acceptedCodecs(call, candidate) ?? []);
    if (need.kind === "needed") {
      const to = need.transcoding.to.join(", ");
      return { isPossible: true, why: `transcoding to ${to} towards ${candidate.sid}` };
    }
    if (need.kind === "impossible") {
      const why = `nothing transcodes ${need.offered.join(", ")} towards ${candidate.sid}`;
      impossible ??= { isPossible: false, why };
    }
  }
  return impossible;
}

/** The caller's session description, be it a part of the body; undefined: there is none that can be read. */
function offerIn(body: SessionBody): SessionDescription | undefined {
  const parsed = body.kind === "description" ? parseSdp(body.text) : undefined;
  return parsed?.ok === true ? parsed.value : undefined;
}
