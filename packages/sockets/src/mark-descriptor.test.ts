import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { bindDatagramSocket } from "./bind-datagram-socket.ts";
import { descriptorCalls } from "./descriptor-calls.ts";
import { markDescriptor } from "./mark-descriptor.ts";
import { markStream } from "./mark-stream.ts";

/** What the kernel puts into the second byte of an IPv4 header, and where IPv6 has its traffic class. */
const typeOfService = { level: 0, option: 1 };
const trafficClass = { level: 41, option: 67 };

function calls() {
  const found = descriptorCalls();
  assert.ok(typeof found !== "string");
  return found;
}

function valueOf(descriptor: number, { level, option }: typeof typeOfService): number | undefined {
  return calls().number(descriptor, level, option);
}

function descriptorOf(stream: Server | Socket): number {
  return (stream as unknown as { _handle: { fd: number } })._handle.fd;
}

describe("markDescriptor", () => {
  for (const [address, option] of [
    ["127.0.0.1", typeOfService],
    ["::1", trafficClass],
  ] as const) {
    it(`marks what leaves from ${address}, with every code point`, (context) => {
      const descriptor = bindDatagramSocket(address, 0);
      assert.ok(typeof descriptor === "number");
      context.after(() => calls().close(descriptor));
      for (const codePoint of [46, 63, 1, 0]) {
        assert.equal(markDescriptor(descriptor, codePoint), undefined);
        assert.equal(valueOf(descriptor, option), codePoint * 4);
      }
    });
  }

  it("knows the first and the last code point, and none beside them", (context) => {
    const descriptor = bindDatagramSocket("127.0.0.1", 0) as number;
    context.after(() => calls().close(descriptor));
    assert.throws(() => markDescriptor(descriptor, -1), RangeError);
    assert.throws(() => markDescriptor(descriptor, 64), RangeError);
    assert.throws(() => markDescriptor(descriptor, Number.NaN), RangeError);
    assert.equal(valueOf(descriptor, typeOfService), 0);
  });

  it("tells the system's error", () => {
    assert.equal(markDescriptor(1_000_000, 46), "EBADF");
  });
});

async function listening(context: TestContext): Promise<Server> {
  const server = createServer().listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  return server;
}

describe("markStream", () => {
  it("marks a listening socket, and what it accepts inherits it", async (context) => {
    const server = await listening(context);
    assert.equal(markStream(server, 24), undefined);
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const { port } = server.address() as { port: number };
    const client = connect(port, "127.0.0.1");
    context.after(() => client.destroy());
    const [socket] = await accepted;
    context.after(() => socket.destroy());
    assert.equal(valueOf(descriptorOf(socket), typeOfService), 24 * 4);
  });

  it("marks a connection, and none that is gone", async (context) => {
    const server = await listening(context);
    const client = connect((server.address() as { port: number }).port, "127.0.0.1");
    await once(client, "connect");
    assert.equal(markStream(client, 26), undefined);
    assert.equal(valueOf(descriptorOf(client), typeOfService), 26 * 4);
    client.destroy();
    await once(client, "close");
    assert.equal(markStream(client, 26), "the socket is not open");
  });
});
