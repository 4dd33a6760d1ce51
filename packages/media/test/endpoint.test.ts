/** What an endpoint passes on to its gates, its statistics and its journal. */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { UserspaceRelay } from "@tandem/media";
import { receiverReport, senderReport } from "@tandem/media/testing";
import { bridge, closeAll, fixture, opened, peerAt, policyOf, remoteAt } from "./bridge.ts";
import { eventually, loopback, Peer, portRange, rtcpPacket, rtpPacket } from "./wire.ts";

afterEach(closeAll);

test("RTCP goes to the address that a=rtcp gives, and is taken from there", async () => {
  const { a, b, alice, bob } = await bridge();
  const monitor = await peerAt("127.0.0.1");
  b.setRemote(remoteAt(bob, monitor));
  alice.send(rtcpPacket(), a.localPort);
  await eventually("the monitor hears", () => monitor.received.length === 1);
  bob.send(rtcpPacket(), b.rtcpPort);
  await eventually("RTP's address is another", () => b.received.droppedByReason["source-address"] === 1);
  monitor.send(rtcpPacket(), b.rtcpPort);
  await eventually("taken", () => b.received.rtcpPackets === 1);
});

describe("the lock of policy address", () => {
  test("counts packets of one SSRC, RTP", async () => {
    const { a, alice } = await bridge();
    const other = await peerAt();
    for (let i = 1; i <= 8; i += 1) alice.send(rtpPacket(i, i % 2), a.localPort);
    await eventually("eight of two sources", () => a.received.packets === 8);
    other.send(rtpPacket(1), a.localPort);
    await eventually("no lock yet", () => a.received.packets === 9);
  });

  test("counts packets of one SSRC, RTCP", async () => {
    const { a, alice } = await bridge();
    const other = await peerAt();
    for (let i = 1; i <= 8; i += 1) alice.send(rtcpPacket(i % 2), a.rtcpPort);
    await eventually("eight of two sources", () => a.received.rtcpPackets === 8);
    other.send(rtcpPacket(1), a.rtcpPort);
    await eventually("no lock yet", () => a.received.rtcpPackets === 9);
  });
});

describe("RTCP that passes", () => {
  test("tells the round trip to each side, and what it gets of the other", async () => {
    const { a, b, alice, bobRtcp, clock } = await bridge();
    const aliceRtcp = await peerAt();
    a.setRemote(remoteAt(alice, aliceRtcp));
    assert.equal(a.reported, undefined);
    aliceRtcp.send(senderReport(1, 4711), a.rtcpPort);
    await eventually("bob has it", () => bobRtcp.received.length === 1);
    clock.advance(1040);
    const block = { lastSenderReport: 4711, delayMs: 1000, lost: 12, fraction: 64, jitterUnits: 80 };
    bobRtcp.send(receiverReport(2, [block]), b.rtcpPort);
    await eventually("alice has that", () => aliceRtcp.received.length === 1);
    assert.deepEqual(b.reported, { roundTripMs: 40, lost: 12, lostRatio: 0.25, jitterMs: 10 });
    assert.equal(a.reported, undefined);
    b.setClockRate(16_000);
    assert.equal(b.reported?.jitterMs, 5);
  });

  test("is read on the RTP port too, and relayed whatever is in it", async () => {
    const { b, bob, alice, a } = await bridge();
    a.setRemote({ ...remoteAt(alice), rtcpPort: alice.port });
    bob.send(receiverReport(2, [{ lost: 3 }]), b.localPort);
    await eventually("alice has it", () => alice.received.length === 1);
    assert.equal(b.reported?.lost, 3);
    const broken = Buffer.from([0x9f, 201, 0, 1, 0, 0, 0, 2]);
    bob.send(broken, b.localPort);
    await eventually("that too", () => alice.received.length === 2);
    assert.deepEqual(alice.received[1]?.data, broken);
    assert.equal(b.reported?.lost, 3);
  });

  test("of a stranger is not read", async () => {
    const { b } = await bridge();
    const stranger = await peerAt("127.0.0.1");
    stranger.send(receiverReport(2, [{ lost: 3 }]), b.rtcpPort);
    await eventually("refused", () => b.received.droppedByReason["source-address"] === 1);
    assert.equal(b.reported, undefined);
  });
});

test("a new endpoint has policy address and trusts nobody", async () => {
  const { relay } = await fixture();
  assert.deepEqual(opened(relay).toJournal().policy, {
    source: "address",
    signalingAddress: null,
    trustedNetworks: [],
  });
});

test("the signaling address may be written in any form", async (context) => {
  const made = await fixture({ address: "::1" }).catch(() => undefined);
  if (made === undefined) return context.skip("there is no IPv6");
  const peer = await peerAt("::1");
  const endpoint = opened(made.relay);
  endpoint.setPolicy(policyOf("symmetric", [], "0:0:0:0:0:0:0:1"));
  peer.send(rtpPacket(1), endpoint.localPort, "::1");
  await eventually("taken", () => endpoint.received.packets === 1);
});

describe("numbers of an endpoint", () => {
  test("the sum of drops has every reason in it, and a copy does not change", async () => {
    const { a, alice } = await bridge();
    const stranger = await peerAt("127.0.0.1");
    a.setRemote(undefined);
    alice.send(rtpPacket(1), a.localPort);
    await eventually("no-remote", () => a.received.dropped === 1);
    const early = a.received;
    a.setPolicy(policyOf("strict"));
    a.setRemote({ ...remoteAt(alice), port: alice.port + 1 });
    alice.send(rtpPacket(1), a.localPort);
    await eventually("source-port", () => a.received.dropped === 2);
    stranger.send(rtpPacket(1), a.localPort);
    await eventually("source-address", () => a.received.dropped === 3);
    alice.send(Buffer.alloc(3), a.localPort);
    await eventually("not-rtp", () => a.received.dropped === 4);
    const one = { "no-remote": 1, "source-address": 1, "source-port": 1, "not-rtp": 1 };
    assert.deepEqual(a.received.droppedByReason, one);
    assert.deepEqual(early.droppedByReason, {
      "no-remote": 1,
      "source-address": 0,
      "source-port": 0,
      "not-rtp": 0,
    });
  });

  test("a flow that is not RTP has no loss, and no RTCP even where it looks like it", async () => {
    const { a, alice, bobRtcp } = await bridge("udptl");
    for (const sequence of [1, 9]) alice.send(rtpPacket(sequence), a.localPort);
    await eventually("taken", () => a.received.packets === 2);
    assert.deepEqual([a.received.lost, a.received.jitterMs], [0, 0]);
    alice.send(rtcpPacket(), a.rtcpPort);
    await eventually("dropped", () => a.received.droppedByReason["not-rtp"] === 1);
    assert.deepEqual([a.received.rtcpPackets, bobRtcp.received.length], [0, 0]);
  });
});

test("latches of RTP and RTCP come back each to its own after a restart", async () => {
  const { relay, ports, b, bob, bobRtcp } = await bridge();
  const endpoint = opened(relay);
  const latched = await peerAt("127.0.0.1");
  const latchedRtcp = await peerAt("127.0.0.1");
  const journal = {
    ...endpoint.toJournal(),
    localPort: ports.first + 6,
    remote: remoteAt(await peerAt(), await peerAt()),
    policy: { source: "symmetric" as const, signalingAddress: null, trustedNetworks: ["127.0.0.1"] },
    latched: { address: "127.0.0.1", port: latched.port },
    latchedRtcp: { address: "127.0.0.1", port: latchedRtcp.port },
    partner: null,
  };
  const adopted = relay.adopt(journal);
  assert.ok(adopted);
  assert.deepEqual(adopted.toJournal(), journal);
  relay.join(adopted, b);
  bob.send(rtpPacket(1), b.localPort);
  bobRtcp.send(rtcpPacket(), b.rtcpPort);
  await eventually(
    "each hears its own",
    () => latched.received.length === 1 && latchedRtcp.received.length === 1,
  );
});

test("an adopted endpoint that lost its partner expects it no more", async () => {
  for (const isFirst of [true, false]) {
    const { relay, ports } = await fixture();
    const journal = opened(relay).toJournal();
    const [p, q] = [ports.first + 4, ports.first + 6];
    const first = relay.adopt({ ...journal, localPort: p, partner: `media/${q}` });
    const second = relay.adopt({ ...journal, localPort: q, partner: `media/${p}` });
    assert.deepEqual([first?.toJournal().partner, second?.toJournal().partner], [second?.id, first?.id]);
    const [gone, left] = isFirst ? [first, second] : [second, first];
    gone?.close();
    assert.equal(left?.toJournal().partner, null);
  }
});

test("a closed endpoint is joined with nobody, on either side", async () => {
  const { relay, a, b } = await bridge();
  const closed = opened(relay);
  closed.close();
  relay.join(a, closed);
  relay.join(closed, a);
  assert.deepEqual([a.toJournal().partner, b.toJournal().partner], [b.id, a.id]);
});

test("busy ports of all media addresses are counted", async () => {
  const ports = portRange(3);
  const taken = await Peer.open(loopback, ports.first);
  const { relay } = await fixture({ ports, prebound: 2 });
  assert.deepEqual([relay.counts().busyPorts, relay.counts().free], [1, 2]);
  await taken.close();
});

test("an opening that fails leaves no port bound", async () => {
  const ports = portRange(1);
  const own = { name: "own", localAddress: loopback, advertisedAddress: loopback };
  const foreign = { name: "foreign", localAddress: "192.0.2.1", advertisedAddress: "192.0.2.1" };
  const relay = new UserspaceRelay({
    clock: new HandClock(),
    interfaces: [own, foreign],
    ports,
    preboundEndpoints: 1,
  });
  await assert.rejects(relay.open(), /media interface foreign/);
  assert.equal(relay.counts().sockets, 0);
});
