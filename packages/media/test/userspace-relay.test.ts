import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { bridge, closeAll, fixture, opened, peerAt, remoteAt } from "./bridge.ts";
import { eventually, loopback, openRelay, Peer, portRange, rtcpPacket, rtpPacket } from "./wire.ts";

afterEach(closeAll);

describe("endpoints", () => {
  test("tell their real ports and the address for SDP", async () => {
    const { relay, ports } = await fixture();
    const endpoint = opened(relay);
    assert.equal(endpoint.localPort, ports.first);
    assert.equal(endpoint.rtcpPort, ports.first + 1);
    assert.equal(endpoint.localAddress, loopback);
    assert.equal(endpoint.advertisedAddress, "203.0.113.5");
    assert.equal(endpoint.mediaInterface, "media");
    assert.equal(endpoint.id, `media/${ports.first}`);
    assert.equal(endpoint.isOpen, true);
  });

  test("are undefined when the range is used up, and an error on an unknown interface", async () => {
    const { relay } = await fixture({ pairs: 2 });
    opened(relay);
    opened(relay);
    assert.equal(relay.openEndpoint({ mediaInterface: "media", kind: "rtp" }), undefined);
    assert.throws(() => relay.openEndpoint({ mediaInterface: "other", kind: "rtp" }), RangeError);
  });

  test("close once, unjoin the partner and let the ports rest", async () => {
    const { relay, clock, a, b, ports } = await bridge();
    assert.equal(relay.counts().open, 2);
    a.close();
    a.close();
    assert.equal(a.isOpen, false);
    assert.equal(b.toJournal().partner, null);
    assert.deepEqual([relay.counts().open, relay.counts().quarantined, relay.counts().free], [1, 1, 2]);
    clock.advance(1999);
    assert.deepEqual([opened(relay).localPort, opened(relay).localPort], [ports.first + 4, ports.first + 6]);
    assert.equal(relay.openEndpoint({ mediaInterface: "media", kind: "rtp" }), undefined);
    clock.advance(1);
    assert.equal(opened(relay).localPort, ports.first);
  });

  test("all counts are zero after close", async () => {
    const { relay, a, b, ports, clock } = await bridge();
    b.close();
    await relay.close();
    const { open, free, quarantined, sockets } = relay.counts();
    assert.deepEqual([open, free, quarantined, sockets], [0, 0, 0, 0]);
    assert.equal(clock.pendingTimers, 0);
    assert.equal(a.isOpen, false);
    assert.equal(relay.openEndpoint({ mediaInterface: "media", kind: "rtp" }), undefined);
    relay.join(a, b);
    await relay.close();
    const peer = await Peer.open(loopback, ports.first);
    await peer.close();
  });

  test("a media address of another machine fails at opening, with its name", async () => {
    await assert.rejects(
      openRelay({ address: "192.0.2.1" }),
      /media interface media: no port of 192\.0\.2\.1.*EADDRNOTAVAIL/,
    );
  });

  test("a range of which no port can be had fails at opening", async () => {
    const { first } = portRange(1);
    await assert.rejects(openRelay({ ports: { first, last: first } }), /ERANGE/);
    const busy = await Peer.open(loopback, first);
    await assert.rejects(openRelay({ ports: { first, last: first + 1 } }), /ERANGE/);
    await busy.close();
  });

  test("a range shorter than what is to be bound beforehand is no failure", async () => {
    const { relay } = await fixture({ pairs: 2, prebound: 10 });
    assert.deepEqual([relay.counts().free, relay.counts().sockets], [2, 4]);
  });

  test("at least one endpoint is bound beforehand", async () => {
    const { relay } = await fixture({ pairs: 2, prebound: 0 });
    assert.equal(relay.counts().free, 1);
  });
});

describe("relaying", () => {
  test("packets go both ways unchanged, from our ports", async () => {
    const { a, b, alice, bob } = await bridge();
    alice.send(rtpPacket(1), a.localPort);
    await eventually("bob hears", () => bob.received.length === 1);
    assert.deepEqual(bob.received[0]?.data, rtpPacket(1));
    assert.equal(bob.received[0]?.from.port, b.localPort);
    bob.send(rtpPacket(9), b.localPort);
    await eventually("alice hears", () => alice.received.length === 1);
    assert.deepEqual(alice.received[0]?.data, rtpPacket(9));
    assert.equal(alice.received[0]?.from.port, a.localPort);
  });

  test("RTCP goes from RTCP port to RTCP port", async () => {
    const { a, b, alice, bob, bobRtcp } = await bridge();
    a.setRemote({ ...remoteAt(alice), rtcpPort: alice.port });
    alice.send(rtcpPacket(7), a.rtcpPort);
    await eventually("bob's RTCP port hears", () => bobRtcp.received.length === 1);
    assert.deepEqual(bobRtcp.received[0]?.data, rtcpPacket(7));
    assert.equal(bobRtcp.received[0]?.from.port, b.rtcpPort);
    assert.equal(bob.received.length, 0);
    assert.deepEqual([a.received.rtcpPackets, a.received.packets], [1, 0]);
  });

  test("RTCP on the RTP port is taken and leaves by the RTCP port", async () => {
    const { a, b, alice, bob, bobRtcp } = await bridge();
    alice.send(rtcpPacket(7), a.localPort);
    await eventually("bob's RTCP port hears", () => bobRtcp.received.length === 1);
    assert.equal(bobRtcp.received[0]?.from.port, b.rtcpPort);
    assert.equal(bob.received.length, 0);
    assert.deepEqual([a.received.rtcpPackets, a.received.packets], [1, 0]);
    const stranger = await peerAt("127.0.0.1");
    stranger.send(rtcpPacket(7), a.localPort);
    await eventually("the stranger is dropped", () => a.received.dropped === 1);
    assert.equal(a.received.rtcpPackets, 1);
  });

  test("RTCP stays here when the far side has no port for it", async () => {
    const { a, b, alice, bob } = await bridge();
    b.setRemote(remoteAt(bob));
    alice.send(rtcpPacket(7), a.localPort);
    await eventually("it is counted", () => a.received.unforwarded === 1);
    assert.equal(bob.received.length, 0);
  });

  test("what is not RTP is dropped from an RTP flow, on either port", async () => {
    const { a, alice, bob } = await bridge();
    a.setRemote({ ...remoteAt(alice), rtcpPort: alice.port });
    alice.send(Buffer.alloc(16), a.localPort);
    alice.send(rtpPacket(1).subarray(0, 11), a.localPort);
    alice.send(Buffer.alloc(0), a.localPort);
    alice.send(rtpPacket(1), a.rtcpPort);
    await eventually("all are dropped", () => a.received.droppedByReason["not-rtp"] === 4);
    assert.deepEqual([a.received.packets, a.received.dropped, a.received.rtcpPackets], [0, 4, 0]);
    assert.equal(bob.received.length, 0);
  });

  for (const kind of ["udptl", "opaque"] as const) {
    test(`${kind} passes any bytes, but has no RTCP`, async () => {
      const { a, alice, bob } = await bridge(kind);
      const fax = Buffer.from([0, 1, 2]);
      alice.send(fax, a.rtcpPort);
      alice.send(fax, a.localPort);
      await eventually("bob hears", () => bob.received.length === 1);
      await eventually("RTCP is dropped", () => a.received.droppedByReason["not-rtp"] === 1);
      assert.deepEqual(bob.received[0]?.data, fax);
      assert.deepEqual([a.received.packets, a.received.bytes, a.received.lost], [1, 3, 0]);
      alice.send(rtcpPacket(), a.localPort);
      await eventually("bob hears what looks like RTCP", () => bob.received.length === 2);
    });
  }

  test("a call may turn from audio to fax", async () => {
    const { a, b, alice, bob } = await bridge();
    a.setKind("udptl");
    b.setKind("udptl");
    alice.send(Buffer.from([0]), a.localPort);
    await eventually("bob hears", () => bob.received.length === 1);
  });

  test("nothing is forwarded before join, nor after the partner closed", async () => {
    const { relay } = await fixture();
    const [alice, bob] = [await peerAt(), await peerAt()];
    const a = opened(relay);
    const b = opened(relay);
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    alice.send(rtpPacket(1), a.localPort);
    await eventually("taken, not forwarded", () => a.received.unforwarded === 1);
    relay.join(a, b);
    alice.send(rtpPacket(2), a.localPort);
    await eventually("bob hears", () => bob.received.length === 1);
    b.close();
    alice.send(rtpPacket(3), a.localPort);
    await eventually("taken, not forwarded again", () => a.received.unforwarded === 2);
    assert.equal(a.received.packets, 3);
    assert.equal(bob.received.length, 1);
  });

  test("nothing is forwarded to a far side without address", async () => {
    const { a, b, alice, bob } = await bridge();
    b.setRemote(undefined);
    alice.send(rtpPacket(1), a.localPort);
    await eventually("taken, not forwarded", () => a.received.unforwarded === 1);
    b.setRemote({ ...remoteAt(bob), port: 0 });
    alice.send(rtpPacket(2), a.localPort);
    await eventually("taken, not forwarded again", () => a.received.unforwarded === 2);
    b.setRemote({ address: "::1", port: bob.port, rtcpAddress: "::1", rtcpPort: 0 });
    alice.send(rtpPacket(3), a.localPort);
    await eventually("an address of the other IP version is none", () => a.received.unforwarded === 3);
  });

  test("port 65535 can be sent to, what is no port cannot", async () => {
    const { a, b, alice, bob } = await bridge();
    b.setRemote({ ...remoteAt(bob), port: 65_535 });
    alice.send(rtpPacket(1), a.localPort);
    await eventually("taken", () => a.received.packets === 1);
    assert.equal(a.received.unforwarded, 0);
    for (const [i, port] of [65_536, -1, 1.5, Number.NaN].entries()) {
      b.setRemote({ ...remoteAt(bob), port });
      alice.send(rtpPacket(2 + i), a.localPort);
      await eventually("taken, not forwarded", () => a.received.unforwarded === i + 1);
    }
  });

  test("a packet that the system will not send is lost, and nothing more", async () => {
    const { a, b, alice, bob } = await bridge();
    b.setRemote({ ...remoteAt(bob), address: "255.255.255.255" });
    alice.send(rtpPacket(1), a.localPort);
    await eventually("taken", () => a.received.packets === 1);
    b.setRemote(remoteAt(bob));
    alice.send(rtpPacket(2), a.localPort);
    await eventually("bob hears the next", () => bob.received.length === 1);
  });

  test("join replaces earlier partners of both", async () => {
    const { relay, a, b, alice, bob } = await bridge();
    const carol = await peerAt();
    const c = opened(relay);
    c.setRemote(remoteAt(carol));
    relay.join(a, c);
    assert.equal(b.toJournal().partner, null);
    assert.deepEqual([a.toJournal().partner, c.toJournal().partner], [c.id, a.id]);
    alice.send(rtpPacket(1), a.localPort);
    await eventually("carol hears", () => carol.received.length === 1);
    bob.send(rtpPacket(1), b.localPort);
    await eventually("bob goes nowhere", () => b.received.unforwarded === 1);
    const d = opened(relay);
    relay.join(d, a);
    assert.equal(c.toJournal().partner, null);
    relay.join(a, a);
    assert.equal(a.toJournal().partner, d.id);
  });

  test("packets to ports that nobody has open are stray, before, between and after", async () => {
    const { relay, ports, a, alice, bob } = await bridge();
    alice.send(rtpPacket(1), ports.first + 4);
    alice.send(rtpPacket(1), ports.first + 5);
    await eventually("both are stray", () => relay.counts().strayPackets === 2);
    a.close();
    alice.send(rtpPacket(1), a.localPort);
    await eventually("a third", () => relay.counts().strayPackets === 3);
    assert.equal(bob.received.length, 0);
    assert.equal(a.received.packets, 0);
  });
});

describe("numbers of an endpoint", () => {
  test("count packets, bytes, loss and jitter of what was taken", async () => {
    const { a, alice, clock } = await bridge();
    assert.deepEqual(a.received, {
      packets: 0,
      bytes: 0,
      lost: 0,
      reordered: 0,
      duplicates: 0,
      jitterMs: 0,
      events: 0,
      dropped: 0,
      droppedByReason: { "no-remote": 0, "source-address": 0, "source-port": 0, "not-rtp": 0 },
      rtcpPackets: 0,
      unforwarded: 0,
    });
    alice.send(rtpPacket(1), a.localPort);
    await eventually("one", () => a.received.packets === 1);
    clock.advance(56);
    alice.send(rtpPacket(3), a.localPort);
    await eventually("two", () => a.received.packets === 2);
    assert.deepEqual([a.received.bytes, a.received.lost, a.received.jitterMs], [32, 1, 1]);
  });

  test("jitter goes by the clock rate that was set", async () => {
    const { a, alice, clock } = await bridge();
    a.setClockRate(16_000);
    a.setClockRate(0);
    alice.send(rtpPacket(1), a.localPort);
    await eventually("one", () => a.received.packets === 1);
    clock.advance(26);
    alice.send(rtpPacket(2), a.localPort);
    await eventually("two", () => a.received.packets === 2);
    assert.equal(a.received.jitterMs, 1);
    assert.equal(a.toJournal().clockRate, 16_000);
  });

  test("lastReceivedMs is the opening time, then the last packet's, RTP or RTCP; dropped ones are no life", async () => {
    const { a, alice, clock } = await bridge();
    a.setRemote({ ...remoteAt(alice), rtcpPort: alice.port });
    assert.equal(a.lastReceivedMs, 100_000);
    clock.advance(10);
    alice.send(Buffer.alloc(16), a.localPort);
    await eventually("dropped", () => a.received.dropped === 1);
    assert.equal(a.lastReceivedMs, 100_000);
    alice.send(rtpPacket(1), a.localPort);
    await eventually("RTP", () => a.received.packets === 1);
    assert.equal(a.lastReceivedMs, 100_010);
    clock.advance(10);
    alice.send(rtcpPacket(), a.rtcpPort);
    await eventually("RTCP", () => a.received.rtcpPackets === 1);
    assert.equal(a.lastReceivedMs, 100_020);
  });

  test("hold is no silence, and none is counted when it ends", async () => {
    const { a, clock } = await bridge();
    clock.advance(10);
    assert.equal(a.isHeld, false);
    a.setHeld(true);
    assert.equal(a.isHeld, true);
    clock.advance(500_000);
    assert.equal(a.lastReceivedMs, 600_010);
    a.setHeld(false);
    clock.advance(5);
    assert.equal(a.lastReceivedMs, 600_010);
    a.setHeld(false);
    assert.equal(a.lastReceivedMs, 600_010);
  });
});
