/** Telephone events of each side are known by the payload types of its own description (RFC 3264 §5.1). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayDouble } from "@tandem/media/testing";
import { type LegMediaOptions, MediaAnchor } from "./media-anchor.ts";
import { audio, sdp } from "./testing/call-script.ts";

const options: LegMediaOptions = {
  mediaInterface: "public",
  source: "address",
  signalingAddress: undefined,
  trustedNetworks: [],
};
const fax = "m=image 4000 udptl t38";

interface Script {
  readonly relay: RelayDouble;
  readonly anchor: MediaAnchor;
}

function script(): Script {
  const relay = new RelayDouble();
  const anchor = new MediaAnchor(relay, options);
  assert.equal(anchor.useEgress(options), undefined);
  return { relay, anchor };
}

/** Offer of the caller and answer of the callee with these media lines. */
function established(offer: readonly string[], answer: readonly string[]): Script {
  const all = script();
  assert.ok(all.anchor.offer("ingress", sdp("192.0.2.1", offer)).ok);
  assert.ok(all.anchor.answer("egress", sdp("192.0.2.7", answer), true).ok);
  return all;
}

function withEvents(port: number, payloadType: number): readonly string[] {
  const rtpmap = `a=rtpmap:${payloadType} telephone-event/8000`;
  return [`m=audio ${port} RTP/AVP 0 ${payloadType}`, rtpmap];
}

function eventTypes(relay: RelayDouble) {
  return relay.endpoints.map((endpoint) => endpoint.eventTypes);
}

test("each side's event types are those of its own description, with the first offer at once", () => {
  const { relay, anchor } = script();
  assert.ok(anchor.offer("ingress", sdp("192.0.2.1", withEvents(4000, 101))).ok);
  assert.deepEqual(eventTypes(relay), [[101], []]);
  assert.ok(anchor.answer("egress", sdp("192.0.2.7", withEvents(6000, 96)), false).ok);
  assert.deepEqual(eventTypes(relay), [[101], [96]]);
  assert.ok(anchor.answer("egress", sdp("192.0.2.7", withEvents(6000, 97)), true).ok);
  assert.deepEqual(eventTypes(relay), [[101], [97]]);
});

test("late offer: the event types of the callee's offer and of the caller's answer", () => {
  const { relay, anchor } = script();
  assert.ok(anchor.offer("egress", sdp("192.0.2.7", withEvents(6000, 96))).ok);
  assert.deepEqual(eventTypes(relay), [[], [96]]);
  assert.ok(anchor.answer("ingress", sdp("192.0.2.1", withEvents(4000, 101)), true).ok);
  assert.deepEqual(eventTypes(relay), [[101], [96]]);
});

test("event types change with a re-INVITE's answer, not when it is refused, and end with a description without any", () => {
  const { relay, anchor } = established(withEvents(4000, 101), withEvents(6000, 101));
  assert.ok(anchor.offer("ingress", sdp("192.0.2.1", withEvents(4000, 110))).ok);
  anchor.rollback();
  assert.deepEqual(eventTypes(relay), [[101], [101]]);
  assert.ok(anchor.offer("ingress", sdp("192.0.2.1", withEvents(4000, 110))).ok);
  assert.deepEqual(eventTypes(relay), [[101], [101]]);
  assert.ok(anchor.answer("egress", sdp("192.0.2.7", [audio]), true).ok);
  assert.deepEqual(eventTypes(relay), [[110], []]);
  anchor.refreshed("egress", sdp("192.0.2.7", withEvents(6000, 98)));
  assert.deepEqual(eventTypes(relay), [[110], [98]]);
  assert.ok(anchor.offer("ingress", sdp("192.0.2.1", [fax])).ok);
  assert.ok(anchor.answer("egress", sdp("192.0.2.7", [fax]), true).ok);
  assert.deepEqual(eventTypes(relay), [[], []]);
});

test("event types are those of each media description, and known after a restart", () => {
  const { relay, anchor } = established(
    [...withEvents(4000, 101), ...withEvents(4002, 102)],
    [...withEvents(6000, 103), ...withEvents(6002, 104)],
  );
  assert.deepEqual(eventTypes(relay), [[101], [103], [102], [104]]);
  const journal = anchor.toJournal();
  assert.ok(journal !== undefined);
  anchor.close();
  assert.ok(MediaAnchor.adopt(relay, structuredClone(journal)));
  assert.deepEqual(eventTypes(relay).slice(4), [[101], [102], [103], [104]]);
});
