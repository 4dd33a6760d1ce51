import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { RtpEndpoint, type RtpEndpointOptions } from "@tandem/media/testing";
import { parseSdp } from "@tandem/sdp";
import { eventually, loopback, openRelay, Peer, rtcpPacket } from "./wire.ts";

const phones: RtpEndpoint[] = [];

async function phone(options: Partial<RtpEndpointOptions> & { clock: HandClock }): Promise<RtpEndpoint> {
  const made = new RtpEndpoint({ localAddress: loopback, toneHz: 440, ...options });
  phones.push(made);
  await made.open();
  return made;
}

afterEach(async () => {
  for (const one of phones.splice(0)) await one.close();
});

describe("RtpEndpoint", () => {
  test("loses every so many packets on the way, and numbers and stamps go on", async () => {
    const clock = new HandClock();
    const peer = await Peer.open();
    const sender = await phone({ clock, firstSequenceNumber: 1, dropEvery: 3 });
    sender.setRemote(peer.address, peer.port);
    sender.start();
    clock.advance(100);
    assert.equal(sender.sentPackets, 4);
    await eventually("four came", () => peer.received.length === 4);
    const heads = peer.received.map(({ data }) => [data.readUInt16BE(2), data.readUInt32BE(4)]);
    assert.deepEqual(heads, [
      [1, 0],
      [2, 160],
      [4, 480],
      [5, 640],
    ]);
    await peer.close();
  });

  test("sends a packet of 160 bytes each 20 ms, numbered and stamped", async () => {
    const clock = new HandClock();
    const peer = await Peer.open();
    const sender = await phone({ clock, firstSequenceNumber: 65_535, ssrc: 0xfeedbeef });
    sender.setRemote(peer.address, peer.port);
    sender.start();
    sender.start();
    clock.advance(40);
    assert.equal(sender.sentPackets, 3);
    await eventually("three came", () => peer.received.length === 3);
    const heads = peer.received.map(({ data }) => [
      data.length,
      data[0],
      data[1],
      data.readUInt16BE(2),
      data.readUInt32BE(4),
      data.readUInt32BE(8),
    ]);
    assert.deepEqual(heads, [
      [172, 0x80, 0x80, 65_535, 0, 0xfeedbeef],
      [172, 0x80, 0x00, 0, 160, 0xfeedbeef],
      [172, 0x80, 0x00, 1, 320, 0xfeedbeef],
    ]);
    sender.stop();
    clock.advance(100);
    assert.deepEqual([sender.sentPackets, clock.pendingTimers], [3, 0]);
    await peer.close();
  });

  test("a late timer does not slow the stream down", async () => {
    const clock = new HandClock();
    const sender = await phone({ clock });
    const peer = await Peer.open();
    sender.start();
    clock.advance(30);
    assert.equal(sender.sentPackets, 0);
    sender.setRemote(peer.address, peer.port);
    clock.advance(70);
    assert.equal(sender.sentPackets, 4);
    await peer.close();
  });

  for (const encoding of ["PCMU", "PCMA"] as const) {
    test(`two hear each other's ${encoding} tone through the relay`, async () => {
      const { relay, clock } = await openRelay();
      const alice = await phone({ clock, toneHz: 440, encoding });
      const bob = await phone({ clock, toneHz: 1000, encoding });
      const a = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
      const b = relay.openEndpoint({ mediaInterface: "media", kind: "rtp" });
      assert.ok(a && b);
      for (const [endpoint, one] of [
        [a, alice],
        [b, bob],
      ] as const) {
        const parsed = parseSdp(one.describe());
        assert.ok(parsed.ok);
        const media = parsed.value.media[0];
        assert.deepEqual(
          [media?.port, media?.rtpmaps.size, media?.direction],
          [one.localPort, 1, "sendrecv"],
        );
        assert.equal(parsed.value.connection?.address, loopback);
        endpoint.setRemote({ address: loopback, port: one.localPort, rtcpAddress: loopback, rtcpPort: 0 });
        one.setRemote(endpoint.localAddress, endpoint.localPort);
      }
      relay.join(a, b);
      assert.equal(alice.heardToneHz, undefined);
      alice.start();
      bob.start();
      for (let sent = 1; sent < 8; sent += 1) {
        await eventually("both heard", () => alice.receivedPackets === sent && bob.receivedPackets === sent);
        clock.advance(20);
      }
      await eventually("the last came", () => alice.receivedPackets === 8 && bob.receivedPackets === 8);
      assert.deepEqual([alice.heardToneHz, bob.heardToneHz], [1000, 440]);
      assert.deepEqual([alice.lostPackets, alice.jitterMs, a.received.jitterMs], [0, 0, 0]);
      assert.deepEqual(alice.receivedFrom, { address: loopback, port: a.localPort });
      alice.forgetHeard();
      assert.equal(alice.heardToneHz, undefined);
      await relay.close();
    });
  }

  test("tells loss, and what is no RTP", async () => {
    const clock = new HandClock();
    const [sender, receiver] = [await phone({ clock }), await phone({ clock, toneHz: 600 })];
    sender.setRemote(loopback, receiver.localPort);
    sender.start();
    await eventually("first", () => receiver.receivedPackets === 1);
    sender.setRemote(loopback, sender.localPort);
    clock.advance(20);
    sender.setRemote(loopback, receiver.localPort);
    clock.advance(20);
    await eventually("third", () => receiver.receivedPackets === 2);
    assert.equal(receiver.lostPackets, 1);
    const peer = await Peer.open();
    peer.send(rtcpPacket(), receiver.localPort);
    await eventually("RTCP", () => receiver.otherPackets === 1);
    await peer.close();
  });

  test("close ends it, twice is fine", async () => {
    const clock = new HandClock();
    const one = await phone({ clock });
    one.start();
    await one.close();
    await one.close();
    one.start();
    assert.equal(clock.pendingTimers, 0);
  });
});
