import { parseDecimal } from "./decimal.ts";
import type { MediaDescription } from "./session-description.ts";

export interface AudioEncoding {
  /** As in a=rtpmap, whose upper and lower case mean nothing (RFC 8866 §6.6). */
  readonly name: string;
  /** Hz, of the RTP timestamp. */
  readonly clockRate: number;
}

/** Payload types that need no a=rtpmap (RFC 3551 §6). G722 counts 8000 a second, though it samples twice as often. */
const staticEncodings: ReadonlyMap<string, AudioEncoding> = new Map(
  [
    ["0", "PCMU"],
    ["3", "GSM"],
    ["4", "G723"],
    ["8", "PCMA"],
    ["9", "G722"],
    ["15", "G728"],
    ["18", "G729"],
  ].map(([format = "", name = ""]) => [format, { name, clockRate: 8000 }]),
);

/** Formats that stand beside the speech: tones and noise. */
const beside: ReadonlySet<string> = new Set(["TELEPHONE-EVENT", "TONE", "CN", "RED"]);

/** The encoding of speech that a media description prefers; undefined: it names none that is known. */
export function audioEncodingOf({ formats, rtpmaps }: MediaDescription): AudioEncoding | undefined {
  for (const format of formats) {
    const encoding = speechOf(format, rtpmaps);
    if (encoding !== undefined) return encoding;
  }
  return undefined;
}

/** All encodings of speech of a media description, in the order of its formats. */
export function audioEncodingsOf({ formats, rtpmaps }: MediaDescription): readonly AudioEncoding[] {
  return formats.map((format) => speechOf(format, rtpmaps)).filter((encoding) => encoding !== undefined);
}

function speechOf(format: string, rtpmaps: MediaDescription["rtpmaps"]): AudioEncoding | undefined {
  const rtpmap = rtpmaps.get(format);
  const encoding = rtpmap === undefined ? staticEncodings.get(format) : parseRtpmap(rtpmap);
  return encoding === undefined || beside.has(encoding.name.toUpperCase()) ? undefined : encoding;
}

/** `encoding/clock rate[/channels]`. */
function parseRtpmap(rtpmap: string): AudioEncoding | undefined {
  const slash = rtpmap.indexOf("/");
  if (slash < 1) return undefined;
  const channels = rtpmap.indexOf("/", slash + 1);
  const clockRate = parseDecimal(rtpmap, slash + 1, channels === -1 ? rtpmap.length : channels, 1_000_000);
  return clockRate < 1 ? undefined : { name: rtpmap.slice(0, slash), clockRate };
}
