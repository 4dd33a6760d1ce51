/** Both kinds of sockets, on the loopback device. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { until } from "../testing/test-node.ts";
import { batchSize } from "./datagram-batch.ts";
import type { DatagramPort } from "./datagram-port.ts";
import { type DatagramKind, openDatagramPort } from "./open-datagram-port.ts";

interface Heard {
  readonly text: string;
  readonly address: string;
  readonly port: number;
}

async function opened(
  context: TestContext,
  kind: DatagramKind,
  onText: (text: string) => void = () => {},
  localAddress = "127.0.0.1",
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

const refuse = (): never => assert.fail("refused");

for (const kind of ["native", "node"] as const) {
  describe(`${kind} sockets`, () => {
    test("the kind is the one asked for; IPv6 is Node's", async (context) => {
      assert.equal((await opened(context, kind)).port.kind, kind);
      assert.equal((await opened(context, kind, undefined, "::1")).port.kind, "node");
    });

    test("a burst of several batches comes whole and in order, from whom it came", async (context) => {
      const a = await opened(context, kind);
      const b = await opened(context, kind, undefined, "127.0.0.2");
      const texts = Array.from({ length: batchSize * 5 + 3 }, (_, index) => `${index}`.padEnd(index * 7 + 3));
      for (const text of texts) a.port.send(text, "127.0.0.2", b.port.localPort, refuse);
      await until("all have come", () => b.heard.length === texts.length);
      assert.deepEqual(
        b.heard.map(({ text }) => text),
        texts,
      );
      for (const { address, port } of b.heard) {
        assert.deepEqual([address, port], ["127.0.0.1", a.port.localPort]);
      }
    });

    test("the longest datagram, an empty one, and every byte", async (context) => {
      const a = await opened(context, kind);
      const b = await opened(context, kind);
      const every = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
      for (const text of ["x".repeat(65_507), "", every]) {
        a.port.send(text, "127.0.0.1", b.port.localPort, refuse);
        await until("it has come", () => b.heard.length > 0);
        assert.equal(b.heard.shift()?.text, text);
      }
      const failures: string[] = [];
      a.port.send("x".repeat(65_508), "127.0.0.1", b.port.localPort, ({ code }) => failures.push(code));
      await until("it is refused", () => failures.length > 0);
      assert.deepEqual(failures, ["message-too-large"]);
    });

    test("ticks and promises of a datagram run with nothing else to do", async (context) => {
      const done: string[] = [];
      const b = await opened(context, kind, () => {
        process.nextTick(() => done.push("tick"));
        void Promise.resolve().then(() => done.push("promise"));
      });
      const a = await opened(context, kind);
      a.port.send("x", "127.0.0.1", b.port.localPort, refuse);
      const before = performance.now();
      while (b.heard.length === 0 && performance.now() - before < 10_000) await immediate();
      await immediate();
      assert.deepEqual(done, ["tick", "promise"]);
    });

    test("a socket closes while others go on, and its port can be had again", async (context) => {
      const a = await opened(context, kind);
      const options = {
        localAddress: "127.0.0.1",
        bufferBytes: 65_536,
        codePoint: 0,
        receiver: { onDatagram: () => {} },
      };
      const first = await openDatagramPort(kind, { ...options, port: 0 });
      const port = first.localPort;
      await assert.rejects(openDatagramPort(kind, { ...options, port }), { code: "EADDRINUSE" });
      await first.close();
      const second = await openDatagramPort(kind, { ...options, port });
      await second.close();
      a.port.send("self", "127.0.0.1", a.port.localPort, refuse);
      await until("it comes", () => a.heard.length === 1);
    });
  });
}
