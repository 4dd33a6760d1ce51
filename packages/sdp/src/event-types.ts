import { parseDecimal } from "./decimal.ts";
import type { MediaDescription } from "./session-description.ts";

const encodingName = "telephone-event";
const none: readonly number[] = [];
/** One array for each payload type: nearly every description has just one, and calls keep it. */
const alone: readonly (readonly number[])[] = Array.from({ length: 128 }, (_, payloadType) => [payloadType]);

/**
 * RTP payload types that a media description maps to telephone-event (RFC 4733 §7.1), of any clock rate, in its order of
 * preference: those in which its author wants to receive events (RFC 3264 §5.1). To be read only: descriptions share them.
 */
export function eventTypesOf({ formats, rtpmaps }: MediaDescription): readonly number[] {
  let first = -1;
  let all: number[] | undefined;
  for (const format of formats) {
    const rtpmap = rtpmaps.get(format);
    if (rtpmap === undefined || !isTelephoneEvent(rtpmap)) continue;
    const payloadType = parseDecimal(format, 0, format.length, alone.length - 1);
    if (payloadType === -1) continue;
    if (first === -1) first = payloadType;
    else {
      all ??= [first];
      all.push(payloadType);
    }
  }
  return all ?? alone[first] ?? none;
}

/** `encoding/clock rate`. Upper and lower case mean nothing (RFC 8866 §6.6). */
function isTelephoneEvent(rtpmap: string): boolean {
  // Asked of every format of every description: most are told by the place of the slash.
  if (rtpmap.charAt(encodingName.length) !== "/") return false;
  return rtpmap.slice(0, encodingName.length).toLowerCase() === encodingName;
}
