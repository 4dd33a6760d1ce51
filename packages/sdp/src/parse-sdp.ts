import { readAttribute } from "./attribute.ts";
import { parseConnection } from "./connection-data.ts";
import { type AttributeValues, MediaDraft } from "./media-draft.ts";
import { parseMediaLine } from "./media-line.ts";
import { type Origin, parseOrigin } from "./origin.ts";
import { type SdpError, sdpError } from "./sdp-error.ts";
import { sdpLimits } from "./sdp-limits.ts";
import type { LineRole, SdpLine, SessionDescription } from "./session-description.ts";

export type ParsedSdp =
  | { readonly ok: true; readonly value: SessionDescription }
  | { readonly ok: false; readonly error: SdpError };

/**
 * Reads a session description (RFC 8866) from latin1 text. Tolerant of bare LF, empty lines, unknown line types and
 * attributes, missing s= and t=; strict about what a relay acts on: v=, o=, c=, m= and a=rtcp.
 */
export function parseSdp(text: string): ParsedSdp {
  if (text.length > sdpLimits.maximumBytes) {
    return { ok: false, error: sdpError("too-long", `more than ${sdpLimits.maximumBytes} bytes`, 0) };
  }
  const reader = new SdpReader(text);
  const error = reader.readLines() ?? reader.checkWhole();
  return error === undefined ? { ok: true, value: reader.result() } : { ok: false, error };
}

class SdpReader {
  readonly text: string;
  readonly lines: SdpLine[] = [];
  readonly media: MediaDraft[] = [];
  readonly session: AttributeValues = {
    connection: undefined,
    direction: "sendrecv",
    isSecure: false,
    hasIce: false,
  };
  origin: Origin | undefined = undefined;
  /** Offsets of the next CR and NUL, as far as looked up; the length of the text when there is none. */
  nextReturn = -1;
  nextNul = -1;
  /** The media description that lines belong to now; undefined at session level. */
  current: MediaDraft | undefined = undefined;

  constructor(text: string) {
    this.text = text;
  }

  readLines(): SdpError | undefined {
    const { text, lines } = this;
    let start = 0;
    while (start < text.length) {
      const lineFeed = text.indexOf("\n", start);
      const next = lineFeed === -1 ? text.length : lineFeed + 1;
      let end = lineFeed === -1 ? text.length : lineFeed;
      if (end > start && text.charCodeAt(end - 1) === 13) end -= 1;
      if (lines.length === sdpLimits.maximumLines) {
        return sdpError("too-many-lines", `more than ${sdpLimits.maximumLines} lines`, lines.length + 1);
      }
      const role = this.readLine(start, end);
      if (typeof role !== "string") return role;
      lines.push({ type: end === start ? "" : text.charAt(start), role, start, end, next });
      start = next;
    }
    return undefined;
  }

  /** Session-wide demands that no single line can fail. */
  checkWhole(): SdpError | undefined {
    if (this.lines.length === 0) return sdpError("no-version", "the description is empty", 0);
    if (this.origin === undefined) return sdpError("no-origin", "there is no o= line", 0);
    for (const media of this.media) {
      if (media.connection === undefined && !media.isRejected) {
        return sdpError("no-connection", `m=${media.media} has no c= line, nor has the session`, 0);
      }
    }
    return undefined;
  }

  result(): SessionDescription {
    const origin = this.origin as Origin;
    return {
      text: this.text,
      lines: this.lines,
      origin,
      connection: this.session.connection,
      media: this.media,
    };
  }

  private readLine(start: number, end: number): LineRole | SdpError {
    const number = this.lines.length + 1;
    const { text } = this;
    if (this.holdsControlCharacter(start, end)) {
      return sdpError("control-character", "a line holds CR or NUL", number);
    }
    if (number === 1 && text.slice(start, end).trimEnd() !== "v=0") {
      return sdpError("no-version", "the description does not begin with v=0", number);
    }
    if (start === end) return "kept";
    if (text.charCodeAt(start + 1) !== 61 || end - start < 2) {
      return sdpError("malformed-line", "a line is not `type=value`", number);
    }
    return this.readValue(text.charCodeAt(start), start + 2, end, number);
  }

  /** Looks up the next CR and NUL only when the last one found has been passed: two scans of the text in all. */
  private holdsControlCharacter(start: number, end: number): boolean {
    if (this.nextReturn < start) this.nextReturn = indexFrom(this.text, "\r", start);
    if (this.nextNul < start) this.nextNul = indexFrom(this.text, "\0", start);
    return this.nextReturn < end || this.nextNul < end;
  }

  private readValue(type: number, start: number, end: number, number: number): LineRole | SdpError {
    switch (type) {
      case 97: // a
        return readAttribute(this.text.slice(start, end), this.current ?? this.session, this.current, number);
      case 99: // c
        return this.readConnection(start, end, number);
      case 109: // m
        return this.readMedia(start, end, number);
      case 111: // o
        return this.readOrigin(start, end, number);
      default:
        return "kept";
    }
  }

  private readConnection(start: number, end: number, number: number): LineRole | SdpError {
    const connection = parseConnection(this.text.slice(start, end), number);
    if ("code" in connection) return connection;
    (this.current ?? this.session).connection = connection;
    // Hold in the manner of RFC 2543 reaches the other side as it was said.
    return connection.isUnspecified ? "kept" : "connection";
  }

  private readMedia(start: number, end: number, number: number): LineRole | SdpError {
    if (this.media.length === sdpLimits.maximumMediaDescriptions) {
      const text = `more than ${sdpLimits.maximumMediaDescriptions} media descriptions`;
      return sdpError("too-many-media-descriptions", text, number);
    }
    const line = parseMediaLine(this.text.slice(start, end), number);
    if ("code" in line) return line;
    this.current = new MediaDraft(line, start, this.session);
    this.media.push(this.current);
    return "media";
  }

  private readOrigin(start: number, end: number, number: number): LineRole | SdpError {
    const origin = parseOrigin(this.text.slice(start, end), number);
    if ("code" in origin) return origin;
    if (this.origin !== undefined || this.current !== undefined) {
      return sdpError("malformed-origin", "a second o= line, or one below m=", number);
    }
    this.origin = origin;
    return "origin";
  }
}

function indexFrom(text: string, char: string, start: number): number {
  const index = text.indexOf(char, start);
  return index === -1 ? text.length : index;
}
