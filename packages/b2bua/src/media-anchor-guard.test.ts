import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { type Anchored, type LegMediaOptions, MediaAnchor } from "./media-anchor.ts";

const interfaces = [{ name: "public", localAddress: "10.0.0.5", advertisedAddress: "198.51.100.5" }];
const leg: LegMediaOptions = {
  mediaInterface: "public",
  source: "address",
  signalingAddress: undefined,
  trustedNetworks: [],
};

function sdp(address: string, port = 4000, more: readonly string[] = []): string {
  const lines = ["v=0", `o=- 1 1 IN IP4 ${address}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"];
  return [...lines, `m=audio ${port} RTP/AVP 0`, ...more, ""].join("\r\n");
}

function scene(): { relay: RelayDouble; anchor: MediaAnchor } {
  const relay = new RelayDouble({ interfaces, firstPort: 20_000 });
  const anchor = new MediaAnchor(relay, leg);
  anchor.useEgress(leg);
  return { relay, anchor };
}

function assertRefused(anchored: Anchored, text: RegExp): void {
  assert.ok(!anchored.ok);
  assert.equal(anchored.reason, reasons.mediaNotAcceptable);
  assert.match(anchored.text, text);
}

const own = "198.51.100.5";

test("an offer that wants its media at a port of ours is refused, and leaves no endpoint", () => {
  const { relay, anchor } = scene();
  const other = relay.openEndpoint({ mediaInterface: "public", kind: "rtp" });
  assertRefused(anchor.offer("ingress", sdp(own, other?.localPort)), /198\.51\.100\.5:20000 is a media port/);
  assert.equal(relay.counts().open, 1);
  assert.equal(anchor.isOffered, false);
});

test("an answer that wants it there is refused, and the offer waits for another", () => {
  const { relay, anchor } = scene();
  assert.ok(anchor.offer("ingress", sdp("192.0.2.10")).ok);
  const [ingress, egress] = relay.endpoints;
  assertRefused(anchor.answer("egress", sdp(own, ingress?.localPort), true), /media port of this gateway/);
  assert.deepEqual([egress?.remote, egress?.partner], [undefined, undefined]);
  assert.ok(anchor.answer("egress", sdp("192.0.2.20"), true).ok);
  assert.equal(egress?.remote?.address, "192.0.2.20");
});

test("the RTCP port counts as well", () => {
  const { relay, anchor } = scene();
  relay.openEndpoint({ mediaInterface: "public", kind: "rtp" });
  const rtcp = "a=rtcp:20001 IN IP4 198.51.100.5";
  assertRefused(anchor.offer("ingress", sdp("192.0.2.10", 4000, [rtcp])), /:20001 is a media port/);
});

test("media may not be sent to loopback", () => {
  const { anchor } = scene();
  assertRefused(anchor.offer("ingress", sdp("127.0.0.1")), /127\.0\.0\.1 is a loopback address/);
});

test("an unspecified address is an old way of hold, not a destination", () => {
  const { relay, anchor } = scene();
  assert.ok(anchor.offer("ingress", sdp("0.0.0.0")).ok);
  assert.equal(relay.endpoints[0]?.remote, undefined);
});

test("a media description that is rejected wants its media nowhere", () => {
  const { anchor } = scene();
  const rejected = "m=video 0 RTP/AVP 99\r\nc=IN IP4 127.0.0.1";
  assert.ok(anchor.offer("ingress", sdp("192.0.2.10", 4000, [rejected])).ok);
});

test("on loopback peers are on loopback", () => {
  const relay = new RelayDouble();
  const anchor = new MediaAnchor(relay, leg);
  anchor.useEgress(leg);
  assert.ok(anchor.offer("ingress", sdp("127.0.0.9")).ok);
});
