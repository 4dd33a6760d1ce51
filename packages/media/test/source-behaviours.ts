/** From whom packets are taken, and where they go then, by every engine: part of the behaviours of all engines. */
import assert from "node:assert/strict";
import type { Behaviour } from "./engine-behaviours.ts";
import { addressOf, joinedCall, policyOf, quiet, remoteAt, type Stage } from "./kernel/stage.ts";
import { eventually, rtcpPacket, rtpPacket } from "./wire.ts";

export const sourceBehaviours: readonly Behaviour[] = [
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
      const itsNetwork = `${addressOf(stage, "stranger")}/${stage.family === "6" ? 128 : 32}`;
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
];
