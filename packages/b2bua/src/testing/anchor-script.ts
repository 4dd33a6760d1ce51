import assert from "node:assert/strict";
import { HandClock } from "@tandem/clock/testing";
import { RelayDouble } from "@tandem/media/testing";
import { type Anchored, type LegMediaOptions, MediaAnchor } from "../media-anchor.ts";
import { audio, mediaAddress, sdp, withoutSessionId } from "./call-script.ts";

export const anchorPolicy = {
  source: "symmetric",
  signalingAddress: "192.0.2.1",
  trustedNetworks: ["192.0.2.0/24"],
} as const;

export const anchorOptions: LegMediaOptions = { mediaInterface: "public", ...anchorPolicy };

export function anchorScript() {
  const clock = new HandClock();
  const relay = new RelayDouble({
    clock,
    interfaces: [{ name: "public", localAddress: "127.0.0.1", advertisedAddress: mediaAddress }],
  });
  const anchor = new MediaAnchor(relay, anchorOptions);
  assert.equal(anchor.useEgress({ ...anchorOptions, signalingAddress: undefined }), undefined);
  return { clock, relay, anchor };
}

export function textOf(anchored: Anchored): string {
  assert.ok(anchored.ok, anchored.ok ? "" : anchored.text);
  return withoutSessionId(anchored.text);
}

/** Offer of the caller and answer of the callee with these media lines. */
export function established(
  offer: readonly string[] = [audio],
  answer: readonly string[] = ["m=audio 6000 RTP/AVP 0"],
) {
  const all = anchorScript();
  textOf(all.anchor.offer("ingress", sdp("192.0.2.1", offer)));
  textOf(all.anchor.answer("egress", sdp("192.0.2.7", answer), true));
  return all;
}
