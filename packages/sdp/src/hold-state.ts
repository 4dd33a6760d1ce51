import type { MediaDescription, SessionDescription } from "./session-description.ts";

/**
 * `held` when no media description is live in both directions: by direction attribute (RFC 3264 §8.4) or by the
 * unspecified address (RFC 2543). Silence is then no sign of a dead call.
 */
export function holdState(description: SessionDescription): "active" | "held" {
  for (const media of description.media) {
    if (!media.isRejected && !isHeld(media)) return "active";
  }
  return "held";
}

/** Whether one media description is on hold, whichever way it says so. */
export function isHeld(media: MediaDescription): boolean {
  return media.direction !== "sendrecv" || media.connection?.isUnspecified === true;
}
