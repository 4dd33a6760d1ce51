/** Both kinds of sockets, of both families, on the loopback device. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { until } from "../testing/test-node.ts";
import { batchSize } from "./datagram-memory.ts";
import type { DatagramPort } from "./datagram-port.ts";
import { type DatagramKind, openDatagramPort } from "./open-datagram-port.ts";

interface Heard {
  readonly text: string;
  readonly address: string;
  readonly port: number;
}

interface Variant {
  readonly kind: DatagramKind;
  readonly localAddress: string;
}

const variants: readonly Variant[] = [
  { kind: "native", localAddress: "127.0.0.1" },
  { kind: "native", localAddress: "::1" },
  { kind: "node", localAddress: "127.0.0.1" },
  { kind: "node", localAddress: "::1" },
];

async function opened(
  context: TestContext,
  { kind, localAddress }: Variant,
  onText: (text: string) => void = () => {},
): Promise<{ port: DatagramPort; heard: Heard[] }> {
  const heard: Heard[] = [];
  const port = await openDatagramPort(kind, {
    localAddress,
    port: 0,
    bufferBytes: 8 * 1024 * 1024,
    codePoint: 0,
    receiver: {
      onDatagram: (bytes, start, end, address, from) => {
        const text = bytes.toString("latin1", start, end);
        heard.push({ text, address, port: from });
        onText(text);
      },
    },
  });
  context.after(() => port.close());
  return { port, heard };
}

/** A socket that nobody minds. */
const quiet = { port: 0, bufferBytes: 65_536, codePoint: 0, receiver: { onDatagram: () => {} } };

const refuse = (): never => assert.fail("refused");

for (const variant of variants) {
  const { kind, localAddress } = variant;
  describe(`${kind} sockets, ${localAddress}`, () => {
    test("the kind is the one asked for", async (context) => {
      assert.equal((await opened(context, variant)).port.kind, kind);
    });

    test("a burst of several batches comes whole and in order, from whom it came", async (context) => {
      const a = await opened(context, variant);
      const b = await opened(context, variant);
      const texts = Array.from({ length: batchSize * 5 + 3 }, (_, index) => `${index}`.padEnd(index * 7 + 3));
      for (const text of texts) a.port.send(text, localAddress, b.port.localPort, refuse);
      await until("all have come", () => b.heard.length === texts.length);
      assert.deepEqual(
        b.heard.map(({ text }) => text),
        texts,
      );
      for (const { address, port } of b.heard) {
        assert.deepEqual([address, port], [localAddress, a.port.localPort]);
      }
    });

    test("the longest datagram, an empty one, and every byte", async (context) => {
      const a = await opened(context, variant);
      const b = await opened(context, variant);
      const every = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
      // A datagram has a header of 8 bytes and, over IPv4, one of 20 more.
      const longest = localAddress === "::1" ? 65_527 : 65_507;
      for (const text of ["x".repeat(longest), "", every]) {
        a.port.send(text, localAddress, b.port.localPort, refuse);
        await until("it has come", () => b.heard.length > 0);
        assert.equal(b.heard.shift()?.text, text);
      }
      const failures: string[] = [];
      a.port.send("x".repeat(longest + 1), localAddress, b.port.localPort, ({ code }) => failures.push(code));
      await until("it is refused", () => failures.length > 0);
      assert.deepEqual(failures, ["message-too-large"]);
    });

    test("ticks and promises of a datagram run with nothing else to do", async (context) => {
      const done: string[] = [];
      const b = await opened(context, variant, () => {
        process.nextTick(() => done.push("tick"));
        void Promise.resolve().then(() => done.push("promise"));
      });
      const a = await opened(context, variant);
      a.port.send("x", localAddress, b.port.localPort, refuse);
      const before = performance.now();
      while (b.heard.length === 0 && performance.now() - before < 10_000) await immediate();
      await immediate();
      assert.deepEqual(done, ["tick", "promise"]);
    });

    test("a socket closes while others go on, and its port can be had again", async (context) => {
      const a = await opened(context, variant);
      const options = { ...quiet, localAddress };
      const first = await openDatagramPort(kind, options);
      const port = first.localPort;
      await assert.rejects(openDatagramPort(kind, { ...options, port }), { code: "EADDRINUSE" });
      await first.close();
      const second = await openDatagramPort(kind, { ...options, port });
      await second.close();
      a.port.send("self", localAddress, a.port.localPort, refuse);
      await until("it comes", () => a.heard.length === 1);
    });

    test("what cannot be reached is told by its code, in the same words", async (context) => {
      const a = await opened(context, variant);
      const failures: string[] = [];
      const [unreachable, code] =
        localAddress === "::1"
          ? ["::ffff:127.0.0.1", "network-unreachable"]
          : ["255.255.255.255", "send-failed"];
      a.port.send("x", unreachable, 5060, (failure) => failures.push(failure.code));
      await until("it is told", () => failures.length > 0);
      assert.deepEqual(failures, [code]);
    });

    test("a port where nobody listens any more is no failure of the socket", async (context) => {
      const gone = await openDatagramPort(kind, { ...quiet, localAddress });
      const a = await opened(context, variant);
      const b = await opened(context, variant);
      await gone.close();
      for (const text of ["one", "two"]) {
        a.port.send("x", localAddress, gone.localPort, refuse);
        a.port.send(text, localAddress, b.port.localPort, refuse);
      }
      await until("both have come", () => b.heard.length === 2);
      assert.deepEqual(
        b.heard.map(({ text }) => text),
        ["one", "two"],
      );
    });
  });
}
