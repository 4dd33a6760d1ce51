import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { maximumDatagramBytes } from "./messages.ts";
import { openPacketSocket, type PacketReceiver, type PacketSocket } from "./packet-sockets.ts";
import { maximumReadySockets } from "./ready-calls.ts";

const four = "127.0.0.1";
const six = "::1";
let nextPort = 42_000 + (process.pid % 4000);

function opened(
  context: TestContext,
  onPacket: PacketReceiver["onPacket"] = () => {},
  address = four,
): { port: number; socket: PacketSocket } {
  for (;;) {
    const port = nextPort++;
    const socket = openPacketSocket(address, port, { onPacket });
    if (socket === "EADDRINUSE") continue;
    assert.ok(typeof socket === "object");
    context.after(() => socket.close());
    return { port, socket };
  }
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    assert.ok(waitedMs < 10_000, `still waiting until ${what}`);
    await delay(2);
  }
}

for (const loopback of [four, six]) {
  describe(`openPacketSocket, ${loopback}`, () => {
    it("finds every socket that has packets, more of them than one look finds", async (context) => {
      const heard = new Map<number, string[]>();
      const all = Array.from({ length: maximumReadySockets * 3 + 1 }, (_, index) =>
        opened(
          context,
          (data, address, port) => {
            heard.set(index, [...(heard.get(index) ?? []), `${data.toString()} ${address} ${port}`]);
          },
          loopback,
        ),
      );
      const from = opened(context, undefined, loopback);
      for (const round of ["one", "two"]) {
        for (const { port } of all) assert.ok(from.socket.send(Buffer.from(round), loopback, port));
      }
      await until("all have come", () => [...heard.values()].flat().length === all.length * 2);
      for (const texts of heard.values()) {
        assert.deepEqual(texts, [`one ${loopback} ${from.port}`, `two ${loopback} ${from.port}`]);
      }
    });

    it("sends the longest datagram, and none that is longer", async (context) => {
      // A datagram has a header of 8 bytes and, over IPv4, one of 20 more.
      const longest = loopback === six ? 65_527 : 65_507;
      const lengths: number[] = [];
      const to = opened(context, (data) => lengths.push(data.length), loopback);
      const { socket } = opened(context, undefined, loopback);
      assert.equal(socket.send(Buffer.alloc(longest + 1), loopback, to.port), false);
      assert.equal(socket.send(Buffer.alloc(maximumDatagramBytes + 1), loopback, to.port), false);
      assert.equal(socket.send(Buffer.alloc(longest), loopback, to.port), true);
      await until("it has come", () => lengths.length > 0);
      assert.deepEqual(lengths, [longest]);
    });

    it("sends to no name, and not when it is closed", (context) => {
      const { port } = opened(context, undefined, loopback);
      const socket = openPacketSocket(loopback, 0, { onPacket: () => {} }) as PacketSocket;
      assert.equal(socket.send(Buffer.from("x"), "localhost", port), false);
      assert.equal(socket.send(Buffer.from("x"), loopback === six ? four : six, port), false);
      assert.equal(socket.send(Buffer.from("x"), loopback, port), true);
      socket.close();
      assert.equal(socket.send(Buffer.from("x"), loopback, port), false);
    });

    it("tells the system's error", (context) => {
      const { port } = opened(context, undefined, loopback);
      assert.equal(openPacketSocket(loopback, port, { onPacket: () => {} }), "EADDRINUSE");
    });

    it("goes on when nobody hears it: what a far host answers by ICMP is not the socket's", async (context) => {
      const heard: string[] = [];
      const to = opened(context, (data) => heard.push(data.toString()), loopback);
      const gone = opened(context, undefined, loopback);
      gone.socket.close();
      const { socket } = opened(context, undefined, loopback);
      for (const text of ["one", "two", "three"]) {
        assert.equal(socket.send(Buffer.from("x"), loopback, gone.port), true);
        assert.equal(socket.send(Buffer.from(text), loopback, to.port), true);
      }
      await until("all have come", () => heard.length === 3);
      assert.deepEqual(heard, ["one", "two", "three"]);
    });
  });
}

describe("openPacketSocket", () => {
  it("is for numeric addresses", () => {
    assert.equal(openPacketSocket("localhost", 0, { onPacket: () => {} }), undefined);
  });

  it("keeps one port apart for each family, and passes on what came by one by the other", async (context) => {
    const heard: string[] = [];
    const far = opened(context, (data, address) => heard.push(`${data.toString()} ${address}`), four);
    const leaving = opened(context, undefined, four);
    const coming = openPacketSocket(six, leaving.port, {
      onPacket: (data) => leaving.socket.send(data, four, far.port),
    });
    assert.ok(typeof coming === "object");
    context.after(() => coming.close());
    const from = opened(context, undefined, six);
    for (const text of ["first", "second and longer", "3rd"]) {
      assert.equal(from.socket.send(Buffer.from(text), six, leaving.port), true);
    }
    await until("all have come", () => heard.length === 3);
    assert.deepEqual(heard, [`first ${four}`, `second and longer ${four}`, `3rd ${four}`]);
  });

  it("does not reach IPv4 by an IPv6 socket", (context) => {
    const { port } = opened(context);
    const { socket } = opened(context, undefined, "::");
    assert.equal(socket.send(Buffer.from("x"), `::ffff:${four}`, port), false);
    assert.equal(socket.send(Buffer.from("x"), four, port), false);
  });

  it("keeps the process alive as long as one is open, and gives what a receiver throws to the process", async () => {
    const script = `
      import { openPacketSocket } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
      const bind = (onPacket) => openPacketSocket("127.0.0.1", 0, { onPacket });
      const socket = bind(() => {});
      bind(() => {}).close();
      process.on("uncaughtException", (error) => {
        console.log("caught", error.message);
        thrower.close();
        socket.close();
      });
      const port = ${40_000 + (process.pid % 2000)};
      const thrower = openPacketSocket("127.0.0.1", port, { onPacket: () => { throw new Error("mine"); } });
      setTimeout(() => socket.send(Buffer.from("x"), "127.0.0.1", port), 300).unref();
      console.log("begun");
    `;
    const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", script]);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const [code] = (await once(child, "close", { signal: AbortSignal.timeout(20_000) })) as [number];
    assert.deepEqual([output, code], ["begun\ncaught mine\n", 0]);
  });
});
