import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { maximumReadySockets } from "./packet-calls.ts";
import { maximumPacketBytes, PacketMemory } from "./packet-memory.ts";
import { openPacketSocket, type PacketReceiver, type PacketSocket } from "./packet-sockets.ts";

const loopback = "127.0.0.1";
let nextPort = 42_000 + (process.pid % 4000);

function opened(context: TestContext, onPacket: PacketReceiver["onPacket"] = () => {}) {
  for (;;) {
    const port = nextPort++;
    const socket = openPacketSocket(loopback, port, { onPacket });
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

describe("openPacketSocket", () => {
  it("finds every socket that has packets, more of them than one look finds", async (context) => {
    const heard = new Map<number, string[]>();
    const all = Array.from({ length: maximumReadySockets * 3 + 1 }, (_, index) =>
      opened(context, (data, address, port) => {
        heard.set(index, [...(heard.get(index) ?? []), `${data.toString()} ${address} ${port}`]);
      }),
    );
    const from = opened(context);
    for (const round of ["one", "two"]) {
      for (const { port } of all) assert.ok(from.socket.send(Buffer.from(round), loopback, port));
    }
    await until("all have come", () => [...heard.values()].flat().length === all.length * 2);
    for (const texts of heard.values()) {
      assert.deepEqual(texts, [`one ${loopback} ${from.port}`, `two ${loopback} ${from.port}`]);
    }
  });

  it("sends the longest datagram, and none that is longer", async (context) => {
    const lengths: number[] = [];
    const to = opened(context, (data) => lengths.push(data.length));
    const { socket } = opened(context);
    assert.equal(socket.send(Buffer.alloc(65_508), loopback, to.port), false);
    assert.equal(socket.send(Buffer.alloc(maximumPacketBytes + 1), loopback, to.port), false);
    assert.equal(socket.send(Buffer.alloc(65_507), loopback, to.port), true);
    await until("it has come", () => lengths.length > 0);
    assert.deepEqual(lengths, [65_507]);
  });

  it("sends to no name, and not when it is closed", (context) => {
    const { port } = opened(context);
    const socket = openPacketSocket(loopback, 0, { onPacket: () => {} }) as PacketSocket;
    assert.equal(socket.send(Buffer.from("x"), "localhost", port), false);
    assert.equal(socket.send(Buffer.from("x"), "::1", port), false);
    assert.equal(socket.send(Buffer.from("x"), loopback, port), true);
    socket.close();
    assert.equal(socket.send(Buffer.from("x"), loopback, port), false);
  });

  it("is not for IPv6, and tells the system's error", (context) => {
    const { port } = opened(context);
    assert.equal(openPacketSocket("::1", 0, { onPacket: () => {} }), undefined);
    assert.equal(openPacketSocket(loopback, port, { onPacket: () => {} }), "EADDRINUSE");
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

describe("PacketMemory", () => {
  it("has one view for each length that media have, and a new one for longer ones", () => {
    const memory = new PacketMemory(() => 0n);
    memory.bytes.write("abc");
    assert.equal(memory.view(3).toString(), "abc");
    assert.equal(memory.view(3), memory.view(3));
    assert.equal(memory.view(2048), memory.view(2048));
    assert.notEqual(memory.view(2049), memory.view(2049));
    assert.equal(memory.view(2049).length, 2049);
  });
});
