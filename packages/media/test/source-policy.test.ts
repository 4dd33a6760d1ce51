import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { bridge, closeAll, fixture, opened, peerAt, policyOf, remoteAt } from "./bridge.ts";
import { eventually, Peer, rtcpPacket, rtpPacket } from "./wire.ts";

afterEach(closeAll);

describe("source policies on the wire", () => {
  test("address: any port of the SDP address, RTCP too; no other address", async () => {
    const { a, alice, bob, bobRtcp } = await bridge();
    const sameHost = await peerAt();
    const stranger = await peerAt("127.0.0.1");
    sameHost.send(rtpPacket(1), a.localPort);
    sameHost.send(rtcpPacket(), a.rtcpPort);
    await eventually("both pass", () => bob.received.length === 1 && bobRtcp.received.length === 1);
    stranger.send(rtpPacket(2), a.localPort);
    stranger.send(rtcpPacket(), a.rtcpPort);
    await eventually("both are dropped", () => a.received.droppedByReason["source-address"] === 2);
    for (let i = 3; i < 8; i += 1) alice.send(rtpPacket(i), a.localPort);
    await eventually("locked", () => a.received.packets === 6);
    sameHost.send(rtpPacket(9), a.localPort);
    await eventually("the other port is out", () => a.received.droppedByReason["source-port"] === 1);
    sameHost.send(rtcpPacket(), a.rtcpPort);
    await eventually("RTCP has a lock of its own", () => bobRtcp.received.length === 2);
  });

  test("strict: address and port, each for its own", async () => {
    const { a, alice, bob, bobRtcp } = await bridge();
    const aliceRtcp = await peerAt();
    a.setPolicy(policyOf("strict"));
    a.setRemote(remoteAt(alice, aliceRtcp));
    aliceRtcp.send(rtpPacket(1), a.localPort);
    alice.send(rtcpPacket(), a.rtcpPort);
    await eventually("crossed ports are dropped", () => a.received.droppedByReason["source-port"] === 2);
    alice.send(rtpPacket(1), a.localPort);
    aliceRtcp.send(rtcpPacket(), a.rtcpPort);
    await eventually("right ports pass", () => bob.received.length === 1 && bobRtcp.received.length === 1);
  });

  test("without a remote nothing is taken, but by symmetric from the signaling address", async () => {
    const { a, alice, bob } = await bridge();
    a.setRemote(undefined);
    alice.send(rtpPacket(1), a.localPort);
    await eventually("dropped", () => a.received.droppedByReason["no-remote"] === 1);
    a.setPolicy(policyOf("symmetric", [], alice.address));
    alice.send(rtpPacket(2), a.localPort);
    await eventually("passes", () => bob.received.length === 1);
  });

  test("symmetric: media goes back to where it comes from, RTCP latches for itself", async () => {
    const { a, b, bob, bobRtcp } = await bridge();
    const behindNat = await peerAt("127.0.0.1");
    const behindNatRtcp = await peerAt("127.0.0.1");
    const sdp = await peerAt();
    const sdpRtcp = await peerAt();
    a.setPolicy(policyOf("symmetric", ["127.0.0.1/32"]));
    a.setRemote(remoteAt(sdp, sdpRtcp));
    bob.send(rtpPacket(1), b.localPort);
    bobRtcp.send(rtcpPacket(), b.rtcpPort);
    await eventually("to SDP at first", () => sdp.received.length === 1 && sdpRtcp.received.length === 1);
    behindNat.send(rtpPacket(1), a.localPort);
    await eventually("bob hears", () => bob.received.length === 1);
    bob.send(rtpPacket(2), b.localPort);
    bobRtcp.send(rtcpPacket(), b.rtcpPort);
    await eventually(
      "RTP follows, RTCP not yet",
      () => behindNat.received.length === 1 && sdpRtcp.received.length === 2,
    );
    behindNatRtcp.send(rtcpPacket(), a.rtcpPort);
    await eventually("bob hears RTCP", () => bobRtcp.received.length === 1);
    bobRtcp.send(rtcpPacket(), b.rtcpPort);
    await eventually("now RTCP follows", () => behindNatRtcp.received.length === 1);
    sdp.send(rtpPacket(2), a.localPort);
    await eventually("the SDP address is out now", () => a.received.dropped === 1);
  });

  test("symmetric: after 2 s of silence another may latch", async () => {
    const { a, b, clock, alice, bob } = await bridge();
    const other = await peerAt();
    a.setPolicy(policyOf("symmetric"));
    alice.send(rtpPacket(1), a.localPort);
    await eventually("latched", () => bob.received.length === 1);
    clock.advance(1999);
    other.send(rtpPacket(1), a.localPort);
    await eventually("dropped", () => a.received.droppedByReason["source-port"] === 1);
    clock.advance(1);
    other.send(rtpPacket(2), a.localPort);
    await eventually("latched anew", () => bob.received.length === 2);
    bob.send(rtpPacket(1), b.localPort);
    await eventually("media follows", () => other.received.length === 1);
  });

  test("symmetric: what is not RTP latches nothing, nor does RTCP on the RTP port", async () => {
    const { a, b, alice, bob } = await bridge();
    const other = await peerAt();
    a.setPolicy(policyOf("symmetric"));
    other.send(Buffer.alloc(20), a.localPort);
    other.send(rtcpPacket(), a.localPort);
    await eventually("both seen", () => a.received.dropped === 1 && a.received.rtcpPackets === 1);
    bob.send(rtpPacket(1), b.localPort);
    await eventually("media goes to SDP", () => alice.received.length === 1);
    assert.equal(other.received.length, 0);
  });

  test("IPv6 works, and SDP may write its address in any form", async (t) => {
    const probe = await Peer.open("::1").catch(() => undefined);
    if (probe === undefined) return t.skip("no IPv6 here");
    await probe.close();
    const { relay } = await fixture({ address: "::1" });
    const [alice, bob] = [await peerAt("::1"), await peerAt("::1")];
    const a = opened(relay);
    const b = opened(relay);
    a.setRemote({ ...remoteAt(alice), address: "0:0:0:0:0:0:0:1" });
    b.setRemote({ ...remoteAt(bob), address: "0::1" });
    relay.join(a, b);
    alice.send(rtpPacket(1), a.localPort, "::1");
    await eventually("bob hears", () => bob.received.length === 1);
    return undefined;
  });
});
