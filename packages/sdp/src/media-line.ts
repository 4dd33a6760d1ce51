import { parseDecimal } from "./decimal.ts";
import { type SdpError, sdpError } from "./sdp-error.ts";

/** An m= line, RFC 8866 §5.14. */
export interface MediaLine {
  readonly media: string;
  readonly port: number;
  readonly portCount: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Where the port (with its count) stands in the value. */
  readonly portStart: number;
  readonly portEnd: number;
}

/** Reads the value of an m= line. Spaces may be doubled; media, port, protocol and one format are needed. */
export function parseMediaLine(value: string, line: number): MediaLine | SdpError {
  const mediaEnd = value.indexOf(" ");
  if (mediaEnd < 1) return sdpError("malformed-media", "m= holds no media and port", line);
  const portStart = skipSpaces(value, mediaEnd);
  const portEnd = value.indexOf(" ", portStart);
  if (portEnd === -1) return sdpError("malformed-media", "m= holds no protocol", line);
  const [protocol = "", ...formats] = wordsOf(value.slice(portEnd).trim());
  if (formats.length === 0) {
    return sdpError("malformed-media", "m= holds no protocol and format", line);
  }
  const slash = value.indexOf("/", portStart);
  const hasCount = slash !== -1 && slash < portEnd;
  const port = parseDecimal(value, portStart, hasCount ? slash : portEnd, 65_535);
  const portCount = hasCount ? parseDecimal(value, slash + 1, portEnd, 65_535) : 1;
  if (port === -1 || portCount < 1) {
    return sdpError("malformed-port", "the port of m= is not a number from 0 to 65535", line);
  }
  return { media: value.slice(0, mediaEnd), port, portCount, protocol, formats, portStart, portEnd };
}

/** What stands between runs of spaces. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < text.length; ) {
    const space = text.indexOf(" ", at);
    const end = space < 0 ? text.length : space;
    words.push(text.slice(at, end));
    at = skipSpaces(text, end);
  }
  return words;
}

function skipSpaces(value: string, from: number): number {
  let at = from;
  while (value.charCodeAt(at) === 32) at += 1;
  return at;
}
