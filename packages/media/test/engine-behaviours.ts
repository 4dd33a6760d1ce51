/**
 * What every engine gives a call. Each behaviour is shown on the wire, between hosts, and is run for every engine: an
 * engine that differs is wrong. Add a behaviour here, not to the tests of one engine.
 */
import assert from "node:assert/strict";
import type { EndpointJournal, RelayEndpoint } from "@tandem/media";
import { receiverReport, senderReport } from "@tandem/media/testing";
import { eventBehaviours } from "./event-behaviours.ts";
import { addressOf, endpointOf, joinedCall, policyOf, remoteAt, type Stage } from "./kernel/stage.ts";
import { sourceBehaviours } from "./source-behaviours.ts";
import { eventually, rtcpPacket, rtpPacket } from "./wire.ts";

export interface Behaviour {
  readonly name: string;
  show(stage: Stage): Promise<void>;
}

export const behaviours: readonly Behaviour[] = [
  {
    name: "packets go both ways unchanged, from our addresses and ports",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("bob hears", () => bob.received.length === 1);
      assert.deepEqual(bob.received[0]?.data, rtpPacket(1));
      assert.equal(bob.received[0]?.from.address, b.localAddress);
      assert.equal(bob.received[0]?.from.port, b.localPort);
      bob.send(rtpPacket(9), b, b.localPort);
      await eventually("alice hears", () => alice.received.length === 1);
      assert.deepEqual(alice.received[0]?.data, rtpPacket(9));
      assert.equal(alice.received[0]?.from.address, a.localAddress);
      assert.equal(alice.received[0]?.from.port, a.localPort);
    },
  },
  {
    name: "what one side alone sends, with losses, is told of that side alone",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      for (let sequence = 1; sequence <= 60; sequence += 1) {
        if (sequence % 10 !== 5) alice.send(rtpPacket(sequence), a, a.localPort);
      }
      await eventually("bob hears", () => bob.received.length === 54);
      assert.deepEqual([a.received.packets, a.received.lost], [54, 6]);
      assert.deepEqual([b.received.packets, b.received.lost], [0, 0]);
      assert.equal(alice.received.length, 0);
    },
  },
  {
    name: "IPv6 both ways",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage, "rtp", "6");
      alice.send(rtpPacket(1), a, a.localPort);
      bob.send(rtpPacket(2), b, b.localPort);
      await eventually("both hear", () => bob.received.length === 1 && alice.received.length === 1);
      assert.equal(bob.received[0]?.from.address, b.localAddress);
      const outsider = stage.at("stranger6");
      outsider.send(rtpPacket(3), a, a.localPort);
      await eventually("a third party is refused", () => a.received.droppedByReason["source-address"] === 1);
    },
  },
  {
    name: "RTCP goes from RTCP port to RTCP port, and from the RTP port to the RTCP port",
    show: async (stage) => {
      const { a, b, alice, bob, bobRtcp } = joinedCall(stage);
      const aliceRtcp = stage.at("customer");
      a.setRemote(remoteAt(alice, aliceRtcp));
      aliceRtcp.send(rtcpPacket(7), a, a.rtcpPort);
      await eventually("bob's RTCP port hears", () => bobRtcp.received.length === 1);
      assert.deepEqual(bobRtcp.received[0]?.data, rtcpPacket(7));
      assert.equal(bobRtcp.received[0]?.from.port, b.rtcpPort);
      alice.send(rtcpPacket(8), a, a.localPort);
      await eventually("that of the RTP port too", () => bobRtcp.received.length === 2);
      assert.equal(bobRtcp.received[1]?.from.port, b.rtcpPort);
      assert.equal(bob.received.length, 0);
      assert.deepEqual([a.received.rtcpPackets, a.received.packets], [2, 0]);
      bobRtcp.send(rtcpPacket(9), b, b.rtcpPort);
      await eventually("alice's RTCP port hears", () => aliceRtcp.received.length === 1);
    },
  },
  {
    name: "RTCP that passes tells how far a side is, and what it gets of the other",
    show: async (stage) => {
      const { a, b, alice, bobRtcp } = joinedCall(stage);
      const aliceRtcp = stage.at("customer");
      a.setRemote(remoteAt(alice, aliceRtcp));
      assert.equal(a.reported, undefined);
      aliceRtcp.send(senderReport(1, 4711), a, a.rtcpPort);
      await eventually("bob has the sender report", () => bobRtcp.received.length === 1);
      await stage.pass(60);
      const block = { lastSenderReport: 4711, delayMs: 10, lost: 12, fraction: 64, jitterUnits: 80 };
      const many = Array.from({ length: 7 }, () => ({ ssrc: 9 }));
      bobRtcp.send(Buffer.concat([receiverReport(2, [block]), receiverReport(3, many)]), b, b.rtcpPort);
      await eventually("alice has the answer", () => aliceRtcp.received.length === 1);
      await stage.pass(100);
      const { roundTripMs = 0, ...told } = b.reported ?? {};
      assert.deepEqual(told, { lost: 12, lostRatio: 0.25, jitterMs: 10 });
      assert.ok(roundTripMs >= 45 && roundTripMs < 10_000, `${roundTripMs}`);
      assert.equal(a.reported, undefined);
    },
  },
  {
    name: "RTCP goes to the address of a=rtcp, and is taken from there only",
    show: async (stage) => {
      const { a, b, alice, bob, bobRtcp } = joinedCall(stage);
      const monitor = stage.at("stranger");
      a.setRemote(remoteAt(alice, monitor));
      bobRtcp.send(rtcpPacket(), b, b.rtcpPort);
      await eventually("the monitor hears", () => monitor.received.length === 1);
      alice.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("RTP's address is refused", () => a.received.droppedByReason["source-address"] === 1);
      monitor.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("the monitor is taken", () => bobRtcp.received.length === 1);
      assert.equal(bob.received.length, 0);
    },
  },
  {
    name: "hold and resume: a remote that takes nothing gets nothing, its silence counts for nothing",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      a.setRemote({ ...remoteAt(alice), port: 0 });
      a.setHeld(true);
      bob.send(rtpPacket(1), b, b.localPort);
      await eventually("held back", () => b.received.unforwarded === 1);
      await stage.pass(30);
      assert.equal(a.lastReceivedMs, stage.clock.monotonicMs());
      a.setHeld(false);
      a.setRemote(remoteAt(alice));
      bob.send(rtpPacket(2), b, b.localPort);
      await eventually("resumed", () => alice.received.length === 1);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("both ways", () => bob.received.length === 1);
    },
  },
  ...(["udptl", "opaque"] as const).map((kind) => ({
    name: `${kind}: any datagram passes, nothing is measured, the odd port takes nothing`,
    show: async (stage: Stage) => {
      const { a, alice, bob } = joinedCall(stage, kind);
      for (const bytes of [1, 3, 9, 400]) alice.send(Buffer.alloc(bytes, 7), a, a.localPort);
      alice.send(rtpPacket(1), a, a.localPort);
      alice.send(rtpPacket(9), a, a.localPort);
      await eventually("all come", () => bob.received.length === 6);
      assert.deepEqual(
        bob.received.map(({ data }) => data.length).toSorted((x, y) => x - y),
        [1, 3, 9, 16, 16, 400],
      );
      alice.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("refused", () => a.received.droppedByReason["not-rtp"] === 1);
      assert.deepEqual([a.received.packets, a.received.lost, a.received.jitterMs], [6, 0, 0]);
    },
  })),
  {
    name: "rtp: what is neither RTP nor RTCP is refused, and a change of kind is followed",
    show: async (stage) => {
      const { a, alice, bob } = joinedCall(stage);
      alice.send(Buffer.alloc(20), a, a.localPort);
      alice.send(Buffer.alloc(11, 0x80), a, a.localPort);
      alice.send(rtpPacket(1), a, a.rtcpPort);
      await eventually("refused", () => a.received.droppedByReason["not-rtp"] === 3);
      a.setKind("udptl");
      alice.send(Buffer.alloc(20), a, a.localPort);
      await eventually("fax passes", () => bob.received.length === 1);
    },
  },
  {
    name: "an empty datagram harms nobody",
    show: async (stage) => {
      const { a, alice, bob } = joinedCall(stage);
      alice.send(Buffer.alloc(0), a, a.localPort);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("life goes on", () => bob.received.length === 1);
      assert.equal(a.received.droppedByReason["not-rtp"], 1);
    },
  },
  {
    name: "numbers are exact for a stream with loss, reordering and duplicates",
    show: async (stage) => {
      const { a, alice, bob } = joinedCall(stage);
      // 3 and 6 to 9 lost, 5 before 4, 10 twice, 12 late behind 13.
      const sequences = [1, 2, 5, 4, 10, 10, 11, 13, 12];
      for (const sequence of sequences) alice.send(rtpPacket(sequence), a, a.localPort);
      await eventually("all come", () => bob.received.length === sequences.length);
      const { packets, bytes, lost, reordered, duplicates, dropped, unforwarded } = a.received;
      // RFC 3550 A.3: a duplicate hides one loss.
      assert.deepEqual(
        { packets, bytes, lost, reordered, duplicates, dropped, unforwarded },
        { packets: 9, bytes: 144, lost: 4, reordered: 2, duplicates: 1, dropped: 0, unforwarded: 0 },
      );
    },
  },
  {
    name: "without a partner packets are counted and go nowhere; join replaces partners",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      const c = endpointOf(stage.relay, `carriers${stage.family}`);
      const carol = stage.at("carrier");
      c.setRemote(remoteAt(carol));
      stage.relay.join(a, c);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("carol hears", () => carol.received.length === 1);
      bob.send(rtpPacket(1), b, b.localPort);
      await eventually("bob is alone", () => b.received.unforwarded === 1);
      c.close();
      alice.send(rtpPacket(2), a, a.localPort);
      await eventually("so is alice", () => a.received.unforwarded === 1);
      assert.equal(a.toJournal().partner, null);
      assert.deepEqual([bob.received.length, alice.received.length], [0, 0]);
    },
  },
  {
    name: "a closed port rests for two seconds, what comes to it is stray, then it is handed out again",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("bob hears", () => bob.received.length === 1);
      const before = stage.relay.counts();
      a.close();
      a.close();
      assert.equal(a.isOpen, false);
      assert.equal(b.toJournal().partner, null);
      const strayBefore = stage.relay.counts().strayPackets;
      alice.send(rtpPacket(2), a, a.localPort);
      await eventually("stray", () => stage.relay.counts().strayPackets === strayBefore + 1);
      assert.deepEqual([a.received.packets, bob.received.length], [1, 1]);
      assert.deepEqual(
        [stage.relay.counts().open, stage.relay.counts().quarantined],
        [before.open - 1, before.quarantined + 1],
      );
      const customers = `customers${stage.family}`;
      const handedOut = everyPortOf(stage, customers);
      assert.ok(!handedOut.some(({ localPort }) => localPort === a.localPort));
      await stage.pass(2000);
      assert.equal(endpointOf(stage.relay, customers).localPort, a.localPort);
      assert.equal(stage.relay.openEndpoint({ mediaInterface: customers, kind: "rtp" }), undefined);
    },
  },
  {
    name: "after a restart: same ports, remotes, policy and latch; joined when both are back",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      a.setPolicy(policyOf("symmetric", [addressOf(stage, "stranger")], "192.0.2.1"));
      a.setRemote(remoteAt(stage.at("customer")));
      a.setClockRate(16_000);
      a.setEventTypes([101, 96]);
      a.setHeld(true);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("latched", () => bob.received.length === 1);
      const journals = [kept(a), kept(b)] as const;
      assert.deepEqual([journals[0].eventTypes, journals[1].eventTypes], [[101, 96], undefined]);
      assert.deepEqual(journals[0].latched, { address: alice.address, port: alice.port });
      const next = await stage.restart();
      const { relay } = next;
      const adoptedB = relay.adopt(journals[1]);
      assert.equal(adoptedB?.toJournal().partner, a.id);
      const adoptedA = relay.adopt(journals[0]);
      assert.ok(adoptedA && adoptedB);
      assert.equal(relay.adopt(journals[0]), undefined);
      assert.equal(relay.adopt({ ...journals[0], mediaInterface: "other" }), undefined);
      assert.equal(relay.adopt({ ...journals[0], localPort: 30_000 }), undefined);
      assert.deepEqual([kept(adoptedA), kept(adoptedB)], journals);
      assert.deepEqual([adoptedA.id, adoptedA.isHeld], [a.id, true]);
      bob.send(rtpPacket(2), b, b.localPort);
      await eventually("alice hears by her latch", () => alice.received.length === 1);
      alice.send(rtpPacket(2), a, a.localPort);
      await eventually("bob hears", () => bob.received.length === 2);
      await next.close();
    },
  },
  {
    name: "lastReceivedMs is the opening time, then that of the last packet taken, RTP or RTCP",
    show: async (stage) => {
      const { a, alice, bobRtcp } = joinedCall(stage);
      const opened = stage.clock.monotonicMs();
      assert.equal(a.lastReceivedMs, opened);
      await stage.pass(50);
      stage.at("stranger").send(rtpPacket(1), a, a.localPort);
      await eventually("refused", () => a.received.dropped === 1);
      assert.equal(a.lastReceivedMs, opened, "what is refused is no life");
      alice.send(rtcpPacket(), a, a.localPort);
      await eventually("RTCP", () => bobRtcp.received.length === 1);
      assert.ok(a.lastReceivedMs > opened && a.lastReceivedMs <= stage.clock.monotonicMs());
    },
  },
  ...sourceBehaviours,
  ...eventBehaviours,
];

/** The journal as it comes back from disk. */
function kept(endpoint: RelayEndpoint): EndpointJournal {
  return JSON.parse(JSON.stringify(endpoint.toJournal()));
}

function everyPortOf(stage: Stage, mediaInterface: string): RelayEndpoint[] {
  const endpoints: RelayEndpoint[] = [];
  for (;;) {
    const endpoint = stage.relay.openEndpoint({ mediaInterface, kind: "rtp" });
    if (endpoint === undefined) return endpoints;
    endpoints.push(endpoint);
  }
}
