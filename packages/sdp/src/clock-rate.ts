import { parseDecimal } from "./decimal.ts";
import type { MediaDescription } from "./session-description.ts";

/** Hz. All static audio payload types that telephony uses tick at this rate (RFC 3551 §6). */
const defaultClockRate = 8000;

/** RTP clock rate in Hz of the preferred format of a media description, from its a=rtpmap. */
export function clockRateOf(media: MediaDescription): number {
  const rtpmap = media.rtpmaps.get(media.formats[0] ?? "");
  if (rtpmap === undefined) return defaultClockRate;
  const slash = rtpmap.indexOf("/");
  if (slash === -1) return defaultClockRate;
  const channels = rtpmap.indexOf("/", slash + 1);
  const rate = parseDecimal(rtpmap, slash + 1, channels === -1 ? rtpmap.length : channels, 1_000_000);
  return rate < 1 ? defaultClockRate : rate;
}
