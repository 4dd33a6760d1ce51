import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayDouble } from "@tandem/media/testing";
import { reasons } from "@tandem/reasons";
import { type Anchored, type LegMediaOptions, MediaAnchor } from "./media-anchor.ts";
import {
  audio,
  type CallScript,
  calleeAnswer,
  callScript,
  ourSdp,
  withoutSessionId,
} from "./testing/call-script.ts";
import { MediaScript, sdp as negotiatedSdp, reasonOf, textOf } from "./testing/media-script.ts";

const interfaces = [
  { name: "four", localAddress: "198.51.100.4", advertisedAddress: "203.0.113.4" },
  { name: "six", localAddress: "2001:db8::6", advertisedAddress: "2001:db8::6" },
];

/** A session description all of whose media are at that address, unless they say otherwise. */
function at(address: string, media: readonly string[] = [audio]): string {
  const type = address.includes(":") ? "IP6" : "IP4";
  return [
    "v=0",
    `o=p 1 1 IN ${type} ${address}`,
    "s=-",
    `c=IN ${type} ${address}`,
    "t=0 0",
    ...media,
    "",
  ].join("\r\n");
}

const four = "192.0.2.1";
const six = "2001:db8::1";

function leg(mediaInterface: string): LegMediaOptions {
  return { mediaInterface, source: "address", signalingAddress: undefined, trustedNetworks: [] };
}

function scene(ingress: string, egress: string): { relay: RelayDouble; anchor: MediaAnchor } {
  const relay = new RelayDouble({ interfaces });
  const anchor = new MediaAnchor(relay, leg(ingress));
  anchor.useEgress(leg(egress));
  return { relay, anchor };
}

function assertForeign(anchored: Anchored, family: string): void {
  assert.ok(!anchored.ok);
  assert.equal(anchored.reason, reasons.mediaAddressFamily);
  assert.equal(anchored.text, `the media of this side are ${family} only`);
}

for (const [own, other, address, family] of [
  ["four", "six", six, "IPv4"],
  ["six", "four", four, "IPv6"],
] as const) {
  test(`an offer with media at ${address} is refused where they are ${family} only, and leaves no endpoint`, () => {
    const { relay, anchor } = scene(own, other);
    assertForeign(anchor.offer("ingress", at(address)), family);
    assert.equal(relay.counts().open, 0);
    assert.equal(anchor.isOffered, false);
  });

  test(`an answer with media at ${address} is refused there, and the offer waits for another`, () => {
    const { relay, anchor } = scene(other, own);
    assert.ok(anchor.offer("ingress", at(address)).ok);
    assertForeign(anchor.answer("egress", at(address), true), family);
    assert.equal(relay.endpoints[1]?.remote, undefined);
    assert.equal(anchor.isOffered, true);
  });
}

test("legs of two families are joined: each side's own interface counts", () => {
  const { relay, anchor } = scene("six", "four");
  assert.match(textOf(anchor.offer("ingress", at(six))), /^c=IN IP4 203\.0\.113\.4\r$/m);
  assert.match(textOf(anchor.answer("egress", at(four), true)), /^c=IN IP6 2001:db8::6\r$/m);
  assert.deepEqual(
    relay.endpoints.map(({ remote }) => remote?.address),
    [six, four],
  );
});

const video = "m=video 5000 RTP/AVP 99";
const atSix = `c=IN IP6 ${six}`;

test("of several media those out of reach are rejected, the others are carried", () => {
  const { relay, anchor } = scene("four", "four");
  const offered = textOf(anchor.offer("ingress", at(four, [audio, video, atSix])));
  assert.match(offered, /^m=audio 10002 /m);
  assert.match(offered, /^m=video 0 /m);
  assert.equal(relay.counts().open, 2);
  const answered = textOf(anchor.answer("egress", at(four, [audio, "m=video 0 RTP/AVP 99"]), true));
  assert.match(answered, /^m=audio 10000 /m);
  assert.match(answered, /^m=video 0 /m);
});

test("so they are in an answer", () => {
  const { relay, anchor } = scene("four", "four");
  assert.match(textOf(anchor.offer("ingress", at(four, [audio, video]))), /^m=video 10006 /m);
  const answered = textOf(anchor.answer("egress", at(four, [audio, video, atSix]), true));
  assert.match(answered, /^m=video 0 /m);
  assert.equal(relay.counts().open, 2);
});

test("hold by an unspecified address is hold in either family", () => {
  const { anchor } = scene("four", "four");
  assert.ok(anchor.offer("ingress", at("::")).ok);
  assert.ok(anchor.answer("egress", at(four), true).ok);
  assert.equal(anchor.isHeld, true);
});

test("the answer to a refresh that moves the media out of reach moves nothing", () => {
  const { relay, anchor } = scene("four", "four");
  assert.ok(anchor.offer("ingress", at(four)).ok);
  assert.ok(anchor.answer("egress", at(four), true).ok);
  anchor.refreshed("egress", at(six));
  assert.equal(relay.endpoints[1]?.remote?.address, four);
});

test("RTCP at an address of the other family is left out", () => {
  const { relay, anchor } = scene("four", "four");
  assert.ok(anchor.offer("ingress", at(four, [audio, `a=rtcp:5001 IN IP6 ${six}`])).ok);
  assert.deepEqual(relay.endpoints[0]?.remote, { address: four, port: 4000, rtcpAddress: four, rtcpPort: 0 });
});

function refusal(script: CallScript, body: string, statusCode: number): void {
  const refused = script.expectResponse(statusCode);
  assert.equal(refused.value("Warning"), '301 tandem "90111 media-address-family"', body);
}

test("the caller gets 488 with Warning 301 (RFC 3261 §20.43), and the record says why", () => {
  const body = at(six);
  const script = callScript({ invite: { body } }).start();
  refusal(script, body, 488);
  assert.equal(script.call.facts.reason, reasons.mediaAddressFamily);
  script.expectReleased();
});

test("so does a re-INVITE, and the call goes on", () => {
  const script = callScript().answered();
  script.fromCaller("INVITE", 2, { body: at(six) });
  refusal(script, at(six), 488);
  script.wire.expectNothing();
  script.hangUp();
});

test("an answer out of reach ends the call as any other that is of no use, early media are left out", () => {
  const script = callScript().start();
  const invite = script.expectInvite();
  script.callee(invite, 183, { body: at(six) });
  assert.equal(script.expectResponse(183).body, "");
  script.callee(invite, 200, { body: at(six) });
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  script.expectResponse(502);
  const { facts } = script.call;
  assert.equal(facts.reason, reasons.mediaAddressFamily);
  assert.deepEqual(
    [facts.attempts[0]?.result, facts.attempts[0]?.reason],
    ["failed", reasons.mediaAddressFamily],
  );
  script.expectReleased();
});

test("so does a late offer", () => {
  const script = callScript({ invite: { body: "" } }).start();
  script.callee(script.expectInvite(), 200, { body: at(six) });
  script.wire.expect("ACK");
  script.wire.expect("BYE");
  script.expectResponse(502);
  script.expectReleased();
});

test("the next candidate may answer in the right family", () => {
  const script = callScript().start();
  const invite = script.expectInvite(0);
  script.callee(invite, 183, { body: at(six) });
  script.expectResponse(183);
  script.callee(invite, 503);
  script.wire.expect("ACK");
  script.callee(script.expectInvite(1), 200, { body: calleeAnswer });
  script.wire.expect("ACK");
  assert.equal(withoutSessionId(script.expectResponse(200).body), ourSdp(1, ["m=audio 10000 RTP/AVP 0"]));
});

test("rtpengine gets no media that it can't send from that interface, but with ICE c= is one address of many", () => {
  const offer = negotiatedSdp("RTP/AVP", four).replaceAll(`IN IP4 ${four}`, `IN IP6 ${six}`);
  const run = new MediaScript();
  assert.equal(reasonOf(run.offer("egress", offer)), "media-address-family");
  assert.deepEqual(run.sdpRelay.asked, []);
  const ice = `${offer}a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n`;
  textOf(run.offer("egress", ice));
});
