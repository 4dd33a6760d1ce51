/** Both kinds of sockets, of both families, on the loopback device. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { MediaSocketKind } from "../src/userspace/media-socket.ts";
import { SocketPair } from "../src/userspace/socket-pair.ts";
import { loopback as loopbackIPv4, portRange } from "./wire.ts";

interface Heard {
  readonly on: "rtp" | "rtcp";
  readonly text: string;
  readonly from: string;
}

class Listener {
  readonly heard: Heard[] = [];
  onEach = (_data: Buffer): void => {};

  onRtp(data: Buffer, address: string, port: number): void {
    this.#take("rtp", data, `${address}:${port}`);
  }
  onRtcp(data: Buffer, address: string, port: number): void {
    this.#take("rtcp", data, `${address}:${port}`);
  }
  #take(on: Heard["on"], data: Buffer, from: string): void {
    this.heard.push({ on, text: data.toString("latin1"), from });
    this.onEach(data);
  }
}

function bound(context: TestContext, kind: MediaSocketKind, address: string) {
  const counters = { strayPackets: 0, socketErrors: 0 };
  const pair = SocketPair.bind({ kind, address, counters }, portRange(1).first);
  assert.ok(typeof pair !== "string");
  context.after(() => pair.close());
  const user = new Listener();
  pair.user = user;
  return { pair, user, counters };
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    assert.ok(waitedMs < 10_000, `still waiting until ${what}`);
    await delay(2);
  }
}

const variants = (["native", "node"] as const).flatMap((kind) => [
  { kind, loopback: loopbackIPv4 },
  { kind, loopback: "::1" },
]);

for (const { kind, loopback } of variants) {
  describe(`a pair of ${kind} sockets, ${loopback}`, () => {
    test("the kind is the one asked for", (context) => {
      assert.equal(bound(context, kind, loopback).pair.rtp.kind, kind);
    });

    test("what comes on either port is told with whom it came from, to the last byte", async (context) => {
      const a = bound(context, kind, loopback);
      const b = bound(context, kind, loopback);
      const every = Buffer.from(Array.from({ length: 256 }, (_, code) => code));
      const long = Buffer.alloc(9000, "x");
      for (const data of [every, Buffer.alloc(0), long]) {
        a.pair.rtp.send(data, b.pair.rtpPort, loopback);
        await until("RTP has come", () => b.user.heard.length === 1);
        assert.deepEqual(b.user.heard.pop(), {
          on: "rtp",
          text: data.toString("latin1"),
          from: `${loopback}:${a.pair.rtpPort}`,
        });
      }
      a.pair.rtcp.send(every, b.pair.rtpPort + 1, loopback);
      await until("RTCP has come", () => b.user.heard.length === 1);
      assert.deepEqual(
        [b.user.heard[0]?.on, b.user.heard[0]?.from],
        ["rtcp", `${loopback}:${a.pair.rtpPort + 1}`],
      );
    });

    test("a burst is passed on whole, in order, from where it lies", async (context) => {
      const from = bound(context, kind, loopback);
      const by = bound(context, kind, loopback);
      const to = bound(context, kind, loopback);
      by.user.onEach = (data) => by.pair.rtp.send(data, to.pair.rtpPort, loopback);
      const texts = Array.from({ length: 60 }, (_, index) => `${index}`.padEnd(60 + (index % 7) * 200, "."));
      for (const text of texts) from.pair.rtp.send(Buffer.from(text), by.pair.rtpPort, loopback);
      await until("all have come", () => to.user.heard.length === texts.length);
      assert.deepEqual(
        to.user.heard.map(({ text }) => text),
        texts,
      );
    });

    test("without a user packets are stray", async (context) => {
      const { pair, user, counters } = bound(context, kind, loopback);
      pair.user = undefined;
      pair.rtp.send(Buffer.from("x"), pair.rtpPort, loopback);
      pair.rtp.send(Buffer.from("x"), pair.rtpPort + 1, loopback);
      await until("both are counted", () => counters.strayPackets === 2);
      assert.deepEqual(user.heard, []);
    });

    test("a port that is taken is told, the even one or the odd one, and nothing stays bound", async () => {
      const { first } = portRange(1);
      const counters = { strayPackets: 0, socketErrors: 0 };
      for (const port of [first, first + 1]) {
        const other = createSocket(isIPv6(loopback) ? "udp6" : "udp4").bind(port, loopback);
        await once(other, "listening");
        assert.equal(SocketPair.bind({ kind, address: loopback, counters }, first), "EADDRINUSE");
        await new Promise<void>((resolve) => other.close(resolve));
      }
      const pair = SocketPair.bind({ kind, address: loopback, counters }, first);
      assert.ok(typeof pair !== "string");
      await pair.close();
      const again = SocketPair.bind({ kind, address: loopback, counters }, first);
      assert.ok(typeof again !== "string");
      await again.close();
    });

    test("what is marked leaves as it did, and so does what is sent to nobody", async (context) => {
      const a = bound(context, kind, loopback);
      const b = bound(context, kind, loopback);
      const { first } = portRange(1);
      a.pair.mark(46);
      for (const text of ["one", "two"]) {
        a.pair.rtp.send(Buffer.from("x"), first, loopback);
        a.pair.rtp.send(Buffer.from(text), b.pair.rtpPort, loopback);
      }
      await until("both have come", () => b.user.heard.length === 2);
      assert.deepEqual(
        b.user.heard.map(({ text }) => text),
        ["one", "two"],
      );
      assert.equal(a.counters.socketErrors, 0);
    });

    test("a pair that closes in the middle of a burst hears no more, and others go on", async (context) => {
      const from = bound(context, kind, loopback);
      const stays = bound(context, kind, loopback);
      const counters = { strayPackets: 0, socketErrors: 0 };
      const goes = SocketPair.bind({ kind, address: loopback, counters }, portRange(1).first);
      assert.ok(typeof goes !== "string");
      const gone = new Listener();
      goes.user = gone;
      let closed: Promise<void> | undefined;
      stays.user.onEach = () => {
        closed ??= goes.close();
      };
      for (let index = 0; index < 20; index++) {
        from.pair.rtp.send(Buffer.from("x"), stays.pair.rtpPort, loopback);
        from.pair.rtp.send(Buffer.from("x"), goes.rtpPort, loopback);
      }
      await until("all have come", () => stays.user.heard.length === 20);
      await closed;
      assert.ok(gone.heard.length < 20);
      goes.rtp.send(Buffer.from("x"), stays.pair.rtpPort, loopback);
      await delay(20);
      assert.equal(stays.user.heard.length, 20);
    });
  });
}

for (const { loopback, nowhere } of [
  // Broadcast, without the option for it.
  { loopback: loopbackIPv4, nowhere: "255.255.255.255" },
  // IPv4 in an IPv6 address, to which these sockets have no way.
  { loopback: "::1", nowhere: "::ffff:127.0.0.1" },
]) {
  test(`what the kernel does not take is counted and harms nobody, ${loopback}`, async (context) => {
    const { pair, user, counters } = bound(context, "native", loopback);
    pair.rtp.send(Buffer.from("x"), 5004, nowhere);
    await until("it is counted", () => counters.socketErrors === 1);
    pair.rtcp.send(Buffer.from("x"), 5005, nowhere);
    await until("it is counted", () => counters.socketErrors === 2);
    pair.rtp.send(Buffer.from("to myself"), pair.rtpPort, loopback);
    await until("it has come", () => user.heard.length === 1);
  });
}
