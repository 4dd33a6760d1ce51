/**
 * What every engine gives a call. Each behaviour is shown on the wire, between hosts, and is run for every engine: an
 * engine that differs is wrong. Add a behaviour here, not to the tests of one engine.
 */
import assert from "node:assert/strict";
import type { EndpointJournal, RelayEndpoint } from "@tandem/media";
import { receiverReport, senderReport } from "@tandem/media/testing";
import { eventBehaviours } from "./event-behaviours.ts";
import { endpointOf, joinedCall, policyOf, quiet, remoteAt, type Stage } from "./kernel/stage.ts";
import { addresses, addresses6 } from "./kernel/three-hosts.ts";
import { eventually, rtcpPacket, rtpPacket } from "./wire.ts";

export interface Behaviour {
  readonly name: string;
  show(stage: Stage): Promise<void>;
}

function strangerOf({ family }: Stage): string {
  return family === "6" ? addresses6.stranger : addresses.stranger;
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
  ...(["address", "strict", "symmetric"] as const).map((source) => ({
    name: `${source}: a third address reaches nobody, before the first packet, after it, and after two silent seconds`,
    show: async (stage: Stage) => {
      const { a, alice, bob, bobRtcp } = joinedCall(stage);
      a.setPolicy(policyOf(source, [], alice.address));
      const outsider = stage.at("stranger");
      const inject = (): void => {
        outsider.send(rtpPacket(77), a, a.localPort);
        outsider.send(rtcpPacket(), a, a.localPort);
        outsider.send(rtcpPacket(), a, a.rtcpPort);
      };
      inject();
      await eventually("refused", () => a.received.droppedByReason["source-address"] === 3);
      for (let i = 0; i < 6; i += 1) alice.send(rtpPacket(i), a, a.localPort);
      await eventually("alice is heard", () => bob.received.length === 6);
      inject();
      await eventually("still refused", () => a.received.droppedByReason["source-address"] === 6);
      await stage.pass(2100);
      inject();
      await eventually("refused for ever", () => a.received.droppedByReason["source-address"] === 9);
      assert.deepEqual([bob.received.length, bobRtcp.received.length, outsider.received.length], [6, 0, 0]);
    },
  })),
  {
    name: "address: any port of the SDP address, locked after 5 packets of one SSRC; RTCP has a lock of its own",
    show: async (stage) => {
      const { a, alice, bob, bobRtcp } = joinedCall(stage);
      const sameHost = stage.at("customer");
      sameHost.send(rtpPacket(1), a, a.localPort);
      sameHost.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("both pass", () => bob.received.length === 1 && bobRtcp.received.length === 1);
      for (let i = 0; i < 8; i += 1) alice.send(rtpPacket(i, i % 2), a, a.localPort);
      await eventually("two SSRCs lock nothing", () => a.received.packets === 9);
      sameHost.send(rtpPacket(2), a, a.localPort);
      await eventually("not locked", () => a.received.packets === 10);
      for (let i = 0; i < 5; i += 1) alice.send(rtpPacket(i, 5), a, a.localPort);
      await eventually("five", () => a.received.packets === 15);
      sameHost.send(rtpPacket(9), a, a.localPort);
      await eventually("the other port is out", () => a.received.droppedByReason["source-port"] === 1);
      sameHost.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("RTCP is not", () => bobRtcp.received.length === 2);
      assert.equal(bob.received.length, 15);
    },
  },
  {
    name: "address: four packets do not lock, and a new answer frees the lock",
    show: async (stage) => {
      const { a, alice, bob } = joinedCall(stage);
      const other = stage.at("customer");
      for (let i = 0; i < 4; i += 1) alice.send(rtpPacket(i), a, a.localPort);
      await eventually("four", () => bob.received.length === 4);
      other.send(rtpPacket(1), a, a.localPort);
      await eventually("no lock yet", () => bob.received.length === 5);
      for (let i = 0; i < 5; i += 1) alice.send(rtpPacket(i), a, a.localPort);
      await eventually("locked", () => bob.received.length === 10);
      other.send(rtpPacket(2), a, a.localPort);
      await eventually("out", () => a.received.droppedByReason["source-port"] === 1);
      a.setRemote(remoteAt(alice));
      other.send(rtpPacket(3), a, a.localPort);
      await eventually("freed", () => bob.received.length === 11);
    },
  },
  {
    name: "strict: address and port, RTP and RTCP each for its own",
    show: async (stage) => {
      const { a, alice, bob, bobRtcp } = joinedCall(stage);
      const aliceRtcp = stage.at("customer");
      a.setPolicy(policyOf("strict"));
      a.setRemote(remoteAt(alice, aliceRtcp));
      aliceRtcp.send(rtpPacket(1), a, a.localPort);
      alice.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("crossed ports are refused", () => a.received.droppedByReason["source-port"] === 2);
      alice.send(rtpPacket(1), a, a.localPort);
      aliceRtcp.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("right ones pass", () => bob.received.length === 1 && bobRtcp.received.length === 1);
    },
  },
  {
    name: "without a remote nothing is taken, but by symmetric from the signaling address",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      a.setRemote(undefined);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("refused", () => a.received.droppedByReason["no-remote"] === 1);
      bob.send(rtpPacket(1), b, b.localPort);
      await eventually("and nothing is sent", () => b.received.unforwarded === 1);
      a.setPolicy(policyOf("symmetric", [], alice.address));
      alice.send(rtpPacket(2), a, a.localPort);
      await eventually("passes", () => bob.received.length === 1);
      bob.send(rtpPacket(2), b, b.localPort);
      await eventually("and is answered", () => alice.received.length === 1);
    },
  },
  {
    name: "symmetric: a NATed c= is of no matter, media goes back to where it comes from, RTCP latches for itself",
    show: async (stage) => {
      const { a, b, alice, bob, bobRtcp } = joinedCall(stage);
      const behindNatRtcp = stage.at("customer");
      a.setPolicy(policyOf("symmetric", [], alice.address));
      a.setRemote({ address: "192.168.7.7", port: 9000, rtcpAddress: "192.168.7.7", rtcpPort: 9001 });
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("bob hears", () => bob.received.length === 1);
      bob.send(rtpPacket(2), b, b.localPort);
      await eventually("RTP goes back", () => alice.received.length === 1);
      behindNatRtcp.send(rtcpPacket(), a, a.rtcpPort);
      await eventually("bob hears RTCP", () => bobRtcp.received.length === 1);
      bobRtcp.send(rtcpPacket(), b, b.rtcpPort);
      await eventually("RTCP goes back", () => behindNatRtcp.received.length === 1);
      assert.deepEqual(a.toJournal().latched, { address: alice.address, port: alice.port });
      assert.deepEqual(a.toJournal().latchedRtcp, { address: alice.address, port: behindNatRtcp.port });
    },
  },
  {
    name: "symmetric: trusted networks may send, and get media back; the latched source is the only one then",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      const gatewayOfCustomer = stage.at("stranger");
      const itsNetwork = `${strangerOf(stage)}/${stage.family === "6" ? 128 : 32}`;
      a.setPolicy(policyOf("symmetric", ["10.99.0.0/16", itsNetwork]));
      gatewayOfCustomer.send(rtpPacket(1), a, a.localPort);
      await eventually("bob hears", () => bob.received.length === 1);
      bob.send(rtpPacket(2), b, b.localPort);
      await eventually("goes back", () => gatewayOfCustomer.received.length === 1);
      alice.send(rtpPacket(3), a, a.localPort);
      await eventually("the SDP address is out", () => a.received.droppedByReason["source-address"] === 1);
      assert.deepEqual([alice.received.length, bob.received.length], [0, 1]);
    },
  },
  {
    name: "symmetric: another port latches after two silent seconds, not before",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      const other = stage.at("customer");
      a.setPolicy(policyOf("symmetric"));
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("latched", () => bob.received.length === 1);
      await stage.pass(1500);
      other.send(rtpPacket(1), a, a.localPort);
      await eventually("refused", () => a.received.droppedByReason["source-port"] === 1);
      await stage.pass(600);
      other.send(rtpPacket(2), a, a.localPort);
      await eventually("latched anew", () => bob.received.length === 2);
      bob.send(rtpPacket(1), b, b.localPort);
      await eventually("media follows", () => other.received.length === 1);
    },
  },
  {
    name: "symmetric: a new answer arms the latch at once; media goes to the old source until another sends",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      const sdp = stage.at("customer");
      const other = stage.at("customer");
      a.setPolicy(policyOf("symmetric"));
      a.setRemote(remoteAt(sdp));
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("latched", () => bob.received.length === 1);
      a.setRemote(remoteAt(sdp));
      bob.send(rtpPacket(1), b, b.localPort);
      await eventually("the old source still gets it", () => alice.received.length === 1);
      other.send(rtpPacket(2), a, a.localPort);
      await eventually("another may latch", () => bob.received.length === 2);
      bob.send(rtpPacket(2), b, b.localPort);
      await eventually("and gets it", () => other.received.length === 1);
      a.setRemote(remoteAt(stage.at("customer", 9998)));
      bob.send(rtpPacket(3), b, b.localPort);
      await eventually("a new address is sent to at once", () => b.received.packets === 3);
      await quiet();
      assert.deepEqual([other.received.length, alice.received.length], [1, 1]);
    },
  },
  {
    name: "symmetric: what is not RTP latches nothing, nor does RTCP on the RTP port",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      const other = stage.at("customer");
      a.setPolicy(policyOf("symmetric"));
      other.send(Buffer.alloc(20), a, a.localPort);
      other.send(rtcpPacket(), a, a.localPort);
      await eventually("both seen", () => a.received.dropped === 1 && a.received.rtcpPackets === 1);
      bob.send(rtpPacket(1), b, b.localPort);
      await eventually("media goes to SDP", () => alice.received.length === 1);
      assert.equal(other.received.length, 0);
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
      a.setPolicy(policyOf("symmetric", [strangerOf(stage)], "192.0.2.1"));
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
