/** Telephone events (RFC 4733) as every engine counts them: part of the behaviours of all engines. */
import assert from "node:assert/strict";
import { maximumEventTypes } from "@tandem/media";
import type { Behaviour } from "./engine-behaviours.ts";
import { endpointOf, joinedCall, remoteAt } from "./kernel/stage.ts";
import { eventPacket, eventually, rtpPacket } from "./wire.ts";

/** A key that is pressed for 60 ms: its beginning, two updates, and its end three times. All have one timestamp. */
function keyPress(sequence: number, timestamp: number, payloadType = 101): readonly Buffer[] {
  return Array.from({ length: 6 }, (_, index) =>
    eventPacket(sequence + index, timestamp, { payloadType, isFirst: index === 0, isEnd: index > 2 }),
  );
}

export const eventBehaviours: readonly Behaviour[] = [
  {
    name: "a telephone event counts once, whatever is repeated or late, for the side that sends it",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      b.setEventTypes([101]);
      const packets = [
        rtpPacket(1),
        ...keyPress(2, 160),
        ...keyPress(8, 1760),
        // Late, of the first: numbers 99 behind at most are no jump.
        eventPacket(7, 160, { isEnd: true }),
        ...keyPress(14, 1761),
        rtpPacket(20),
      ];
      for (const packet of packets) alice.send(packet, a, a.localPort);
      await eventually("bob hears", () => bob.received.length === packets.length);
      assert.deepEqual([a.received.events, b.received.events], [3, 0]);
      assert.equal(a.received.packets, packets.length);
      assert.deepEqual(bob.received[1]?.data, packets[1], "what is counted is passed on unchanged");
    },
  },
  {
    name: "telephone events are known by the payload types of the partner's description, not by its own",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      a.setEventTypes([96]);
      b.setEventTypes([101, 110]);
      for (const [index, payloadType] of [96, 101, 110, 97].entries()) {
        alice.send(eventPacket(index + 1, 800 * index, { payloadType }), a, a.localPort);
        bob.send(eventPacket(index + 1, 800 * index, { payloadType }), b, b.localPort);
      }
      await eventually("both hear", () => alice.received.length === 4 && bob.received.length === 4);
      assert.deepEqual([a.received.events, b.received.events], [2, 1]);
      b.setEventTypes([]);
      a.setEventTypes([97]);
      alice.send(eventPacket(5, 80_000), a, a.localPort);
      bob.send(eventPacket(5, 80_000, { payloadType: 97 }), b, b.localPort);
      await eventually("both hear", () => alice.received.length === 5 && bob.received.length === 5);
      assert.deepEqual([a.received.events, b.received.events], [2, 2], "a later description holds");
    },
  },
  {
    name: "telephone events of another partner's payload types, and none without a partner",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      b.setEventTypes([101]);
      const c = endpointOf(stage.relay, `carriers${stage.family}`);
      const carol = stage.at("carrier");
      c.setRemote(remoteAt(carol));
      c.setEventTypes([96]);
      alice.send(eventPacket(1, 0), a, a.localPort);
      await eventually("bob hears", () => bob.received.length === 1);
      stage.relay.join(a, c);
      alice.send(eventPacket(2, 800), a, a.localPort);
      alice.send(eventPacket(3, 1600, { payloadType: 96 }), a, a.localPort);
      await eventually("carol hears", () => carol.received.length === 2);
      assert.equal(a.received.events, 2);
      c.close();
      alice.send(eventPacket(4, 2400, { payloadType: 96 }), a, a.localPort);
      await eventually("nobody hears", () => a.received.unforwarded === 1);
      assert.equal(a.received.events, 2);
    },
  },
  {
    name: "telephone events of another SSRC begin anew; one of its own amid the speech counts each of them once",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      b.setEventTypes([101]);
      const packets = [
        eventPacket(1, 8000),
        eventPacket(1, 160, { ssrc: 2 }),
        eventPacket(2, 160, { ssrc: 2 }),
        rtpPacket(2),
        eventPacket(3, 160, { ssrc: 2, isEnd: true }),
        rtpPacket(3),
        eventPacket(4, 960, { ssrc: 2 }),
      ];
      for (const packet of packets) alice.send(packet, a, a.localPort);
      await eventually("bob hears", () => bob.received.length === packets.length);
      assert.equal(a.received.events, 3);
    },
  },
  {
    name: "telephone events across the wrap of the timestamp, and half a turn of it",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      b.setEventTypes([101]);
      const timestamps = [2 ** 32 - 1, 0, 2 ** 31 - 1, 2 ** 31 - 2, 2 ** 32 - 1, 2 ** 32 - 2];
      for (const [index, timestamp] of timestamps.entries()) {
        alice.send(eventPacket(index + 1, timestamp), a, a.localPort);
      }
      await eventually("bob hears", () => bob.received.length === timestamps.length);
      // The first, 0, 2^31 - 1; one less is late; half a turn later is older, one less than that is newer.
      assert.equal(a.received.events, 4);
    },
  },
  {
    name: `${maximumEventTypes} payload types of telephone events are counted, one more is not`,
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      const types = Array.from({ length: maximumEventTypes + 1 }, (_, index) => 96 + 7 * index);
      b.setEventTypes(types);
      for (const [index, payloadType] of types.entries()) {
        alice.send(eventPacket(index + 1, 800 * index, { payloadType }), a, a.localPort);
      }
      await eventually("bob hears", () => bob.received.length === types.length);
      assert.equal(a.received.events, maximumEventTypes);
      assert.deepEqual(b.toJournal().eventTypes, types.slice(0, maximumEventTypes));
    },
  },
  {
    name: "payload types 0 and 127 may be telephone events; what is refused or no RTP counts none",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      b.setEventTypes([0, 127]);
      stage.at("stranger").send(eventPacket(1, 0, { payloadType: 127 }), a, a.localPort);
      await eventually("refused", () => a.received.dropped === 1);
      alice.send(eventPacket(1, 0, { payloadType: 127 }), a, a.localPort);
      alice.send(eventPacket(2, 800, { payloadType: 0 }), a, a.localPort);
      alice.send(eventPacket(3, 1600, { payloadType: 127, isFirst: true }), a, a.localPort);
      await eventually("bob hears", () => bob.received.length === 3);
      assert.equal(a.received.events, 3);
      for (const endpoint of [a, b]) endpoint.setKind("opaque");
      alice.send(eventPacket(4, 2400, { payloadType: 127 }), a, a.localPort);
      await eventually("bob hears it as well", () => bob.received.length === 4);
      assert.equal(a.received.events, 3);
    },
  },
  {
    name: "after a restart telephone events are counted by the event types of the journal",
    show: async (stage) => {
      const { a, b, alice, bob } = joinedCall(stage);
      b.setEventTypes([101]);
      const journals = [a, b].map((endpoint) => JSON.parse(JSON.stringify(endpoint.toJournal())));
      const next = await stage.restart();
      const [adoptedA, adoptedB] = journals.map((journal) => next.relay.adopt(journal));
      assert.ok(adoptedA && adoptedB);
      assert.deepEqual(
        [adoptedA.toJournal().eventTypes, adoptedB.toJournal().eventTypes],
        [undefined, [101]],
      );
      alice.send(eventPacket(1, 0), adoptedA, adoptedA.localPort);
      await eventually("bob hears", () => bob.received.length === 1);
      assert.equal(adoptedA.received.events, 1);
      await next.close();
    },
  },
];
