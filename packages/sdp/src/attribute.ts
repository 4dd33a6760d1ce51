import { parseDecimal } from "./decimal.ts";
import type { AttributeValues, MediaDraft } from "./media-draft.ts";
import { parseRtcpAttribute } from "./rtcp-attribute.ts";
import type { SdpError } from "./sdp-error.ts";
import type { LineRole, MediaDirection } from "./session-description.ts";

/**
 * Takes note of one attribute and says what anchoring does with its line. `media` is undefined at session level, where
 * `values` are the session's. Attributes that mean nothing to a relay are kept.
 */
export function readAttribute(
  value: string,
  values: AttributeValues,
  media: MediaDraft | undefined,
  line: number,
): LineRole | SdpError {
  const colon = value.indexOf(":");
  const name = colon === -1 ? value.trimEnd() : value.slice(0, colon);
  if (isDirection(name)) {
    values.direction = name;
    return "kept";
  }
  if (name === "rtcp") return readRtcp(value.slice(colon + 1), media, line);
  switch (name) {
    case "crypto":
    case "fingerprint":
      values.isSecure = true;
      return "kept";
    case "rtcp-mux":
    case "rtcp-mux-only":
      // Declined towards both sides by not being passed on (RFC 5761 §5.1.1).
      if (media !== undefined) media.isRtcpMux = true;
      return "removed";
    default:
      if (bundle.test(value)) return "removed";
      if (isIceAttribute(name)) {
        values.hasIce = true;
        return "removed";
      }
      if (media !== undefined) readFormat(name, value.slice(colon + 1), media);
      return "kept";
  }
}

/** Attributes that describe what is sent; never ours to change. */
function readFormat(name: string, value: string, media: MediaDraft): void {
  if (name === "rtpmap") media.rtpmapValues.push(value);
  else if (name === "ptime") media.ptimeMs = readPtime(value.trim());
}

function isDirection(name: string): name is MediaDirection {
  return name === "sendrecv" || name === "sendonly" || name === "recvonly" || name === "inactive";
}

function readRtcp(value: string, media: MediaDraft | undefined, line: number): LineRole | SdpError {
  // It means nothing at session level, but would tell an address.
  if (media === undefined) return "removed";
  const rtcp = parseRtcpAttribute(value, line);
  if ("code" in rtcp) return rtcp;
  media.rtcp = rtcp;
  return "rtcp";
}

/** RFC 9143: all media on the port of the first. Ours have a port each, and nobody is to send to one what belongs to another. */
const bundle = /^(?:group:BUNDLE(?:\s|$)|bundle-only\s*$)/i;

/** RFC 8839 §5. Candidates name addresses that we hide, and connectivity checks would end at our relay. */
function isIceAttribute(name: string): boolean {
  return (
    name === "candidate" ||
    name === "remote-candidates" ||
    name === "end-of-candidates" ||
    name.startsWith("ice-")
  );
}

function readPtime(value: string): number | undefined {
  const ptimeMs = parseDecimal(value, 0, value.length, 10_000);
  return ptimeMs < 1 ? undefined : ptimeMs;
}
