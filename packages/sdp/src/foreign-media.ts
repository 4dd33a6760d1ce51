import { parseSdp } from "./parse-sdp.ts";
import type { MediaDescription, SessionDescription } from "./session-description.ts";

/**
 * Whether a media description wants its media at an address of another family than that of `localAddress`, from where nothing
 * can be sent to it. The unspecified address wants none.
 */
export function isForeign({ isRejected, connection }: MediaDescription, localAddress: string): boolean {
  if (isRejected || connection === undefined || connection.isUnspecified) return false;
  return (connection.addressType === "IP6") !== localAddress.includes(":");
}

/** The same description with other media descriptions rejected, too: their ports are 0. */
export function withRejected(
  description: SessionDescription,
  isToReject: (media: MediaDescription) => boolean,
): SessionDescription {
  const { text, media } = description;
  if (!media.some(isToReject)) return description;
  let written = "";
  let at = 0;
  for (const one of media) {
    if (!isToReject(one)) continue;
    written += `${text.slice(at, one.portStart)}0`;
    at = one.portEnd;
  }
  const parsed = parseSdp(written + text.slice(at));
  return parsed.ok ? parsed.value : description;
}
