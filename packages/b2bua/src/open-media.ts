import type { Clock } from "@tandem/clock";
import { AnchoredMedia } from "./anchored-media.ts";
import type { CallMedia, MediaJournal } from "./call-media.ts";
import type { CallPlan, CallPorts } from "./call-plan.ts";
import { MediaAnchor } from "./media-anchor.ts";
import { NegotiatedMedia } from "./negotiated-media.ts";

/** The media of a new call, in the engine that its plan chose. @throws Error when there is no such engine */
export function openMedia(ports: CallPorts, plan: CallPlan): CallMedia {
  const { negotiation } = plan;
  if (negotiation === undefined) {
    return new AnchoredMedia(new MediaAnchor(ports.relay, plan.ingressMedia), plan.relayWhy);
  }
  const { relay, sdpRelay, clock } = ports;
  if (sdpRelay === undefined) throw new Error("a call needs rtpengine, and there is none");
  const { mediaInactivityMs } = plan;
  return new NegotiatedMedia(
    { relay, sdpRelay, clock, mediaInactivityMs, ...negotiation },
    plan.ingressMedia,
  );
}

/** The media of a call that survived a restart; undefined when they can't be had again. */
export function adoptMedia(
  ports: Pick<CallPorts, "relay" | "sdpRelay"> & { readonly clock: Clock },
  call: { readonly key: string; readonly mediaInactivityMs: number },
  journal: MediaJournal,
): CallMedia | undefined {
  if (!("engine" in journal)) {
    const anchor = MediaAnchor.adopt(ports.relay, journal);
    return anchor && new AnchoredMedia(anchor, journal.why);
  }
  const { relay, sdpRelay, clock } = ports;
  return sdpRelay && NegotiatedMedia.adopt({ relay, sdpRelay, clock, ...call }, journal);
}
