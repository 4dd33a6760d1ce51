import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayDouble } from "@tandem/media/testing";
import { parseSdp, type SessionDescription } from "@tandem/sdp";
import { LegMedia } from "./leg-media.ts";
import { mediaAddress, sdp } from "./testing/call-script.ts";

const options = {
  mediaInterface: "public",
  source: "strict",
  signalingAddress: "192.0.2.1",
  trustedNetworks: [],
} as const;

function relay(): RelayDouble {
  return new RelayDouble({
    interfaces: [{ name: "public", localAddress: "127.0.0.1", advertisedAddress: mediaAddress }],
  });
}

function description(media: readonly string[]): SessionDescription {
  const parsed = parseSdp(sdp("192.0.2.1", media));
  assert.ok(parsed.ok);
  return parsed.value;
}

test("open is idempotent per media description, leaves gaps, and says when there is no port", () => {
  const double = relay();
  const leg = new LegMedia(options);
  assert.equal(leg.open(double, 2, "udptl"), true);
  assert.equal(leg.open(double, 2, "rtp"), true);
  assert.deepEqual(
    leg.endpoints.map((endpoint) => endpoint?.localPort),
    [undefined, undefined, 10_000],
  );
  assert.equal(double.endpoints[0]?.kind, "udptl");
  assert.equal(double.endpoints[0]?.mediaInterface, "public");
  assert.deepEqual(double.endpoints[0]?.policy, {
    source: "strict",
    signalingAddress: "192.0.2.1",
    trustedNetworks: [],
  });
  double.capacity = 1;
  assert.equal(leg.open(double, 0, "rtp"), false);
  assert.equal(leg.endpoints[0], undefined);
  leg.close();
  leg.close();
  assert.equal(double.counts().open, 0);
});

test("packets to the peer are marked as the options say", () => {
  const double = relay();
  new LegMedia({ ...options, dscp: 0 }).open(double, 0, "rtp");
  new LegMedia(options).open(double, 0, "rtp");
  assert.deepEqual(
    double.endpoints.map((endpoint) => endpoint.policy?.dscp),
    [0, undefined],
  );
});

test("without any endpoint the address is the unspecified one and all ports are 0", () => {
  const text = new LegMedia(options).render(description(["m=audio 4000 RTP/AVP 0"]));
  assert.match(text, /^c=IN IP4 0\.0\.0\.0\r$/m);
  assert.match(text, /^m=audio 0 RTP\/AVP 0\r$/m);
});

test("two legs have different session IDs, of at most 15 digits", () => {
  const ids = [new LegMedia(options), new LegMedia(options)].map((leg) => leg.toJournal(false).sessionId);
  assert.notEqual(ids[0], ids[1]);
  for (const id of ids) assert.match(id, /^\d{1,15}$/);
});

test("statistics add up over endpoints, the worst jitter counts", () => {
  const double = relay();
  const leg = new LegMedia(options);
  leg.open(double, 0, "rtp");
  leg.open(double, 1, "rtp");
  for (const [index, jitterMs] of [5, 3].entries()) {
    const endpoint = double.endpoints[index];
    assert.ok(endpoint !== undefined);
    endpoint.received = {
      ...endpoint.received,
      packets: 10,
      bytes: 100,
      lost: 1 + index,
      jitterMs,
      events: 4 + index,
      droppedByReason: { ...endpoint.received.droppedByReason, "source-port": 1 + index },
    };
  }
  const all = { packets: 20, bytes: 200, lost: 3, jitterMs: 5, events: 9, foreignPackets: 3 };
  assert.deepEqual(leg.received(), all);
  leg.closeAt(0);
  leg.closeAt(0);
  leg.closeAt(7);
  assert.deepEqual(leg.received(), all);
  leg.close();
  assert.deepEqual(leg.received(), all);
});

test("a leg that goes on elsewhere counts from then on, and what stays behind keeps the counts of before", () => {
  const double = relay();
  const leg = new LegMedia(options);
  leg.open(double, 0, "rtp");
  const [endpoint] = double.endpoints;
  assert.ok(endpoint);
  const count = (times: number): void => {
    const { received } = endpoint;
    endpoint.received = {
      ...received,
      packets: 10 * times,
      bytes: 100 * times,
      lost: 2 * times,
      events: 3 * times,
      droppedByReason: { ...received.droppedByReason, "source-address": 5 * times },
    };
  };
  count(1);
  const left = leg.split();
  count(3);
  const second = leg.split();
  count(4);
  const once = { packets: 10, bytes: 100, lost: 2, jitterMs: 0, events: 3, foreignPackets: 5 };
  assert.deepEqual(left.received(), once);
  assert.deepEqual(second.received(), {
    packets: 20,
    bytes: 200,
    lost: 4,
    jitterMs: 0,
    events: 6,
    foreignPackets: 10,
  });
  assert.deepEqual(leg.received(), once);
  leg.close();
  left.close();
  assert.deepEqual([left.received(), leg.received()], [once, once]);
});

test("the journal keeps gaps, and a leg with a missing port is not adopted", () => {
  const double = relay();
  const leg = new LegMedia(options);
  leg.open(double, 1, "rtp");
  leg.render(description(["m=audio 0 RTP/AVP 0", "m=audio 4000 RTP/AVP 0"]));
  const journal = leg.toJournal(false);
  assert.deepEqual([journal.endpoints[0], journal.endpoints[1]?.localPort], [null, 10_000]);
  assert.equal(journal.sessionVersion, 1);
  assert.equal(journal.options, options);
  assert.equal(new LegMedia(options).adopt(double, journal), false);
  leg.close();
  const adopted = new LegMedia(options);
  assert.equal(adopted.adopt(double, journal), true);
  assert.equal(adopted.endpoints[1]?.localPort, 10_000);
  assert.equal(adopted.toJournal(false).sessionId, journal.sessionId);
  adopted.close();
});
