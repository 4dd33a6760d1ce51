/** Sizes, streams, rates and nonsense, against the real program. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { connect, type Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { decode } from "dns-packet";
import { serverLimits as limits } from "../src/server/limits.ts";
import { exampleGateway, exampleZone } from "../src/testing/example-zone.ts";
import { queryBytes } from "../src/testing/query-bytes.ts";
import { dig, digIsMissing } from "./dig.ts";
import { NameServerProgram, until } from "./name-server-program.ts";

/** 40 gateways: 40 addresses do not fit into 512 bytes, their SRV records not into 1232. */
const zone = exampleZone({
  gateways: Array.from({ length: 40 }, (_, number) =>
    exampleGateway("ashburn-ix", number + 1, "private", `198.51.100.${number + 1}`),
  ),
});
const name = "office.pstn.ashburn-ix.tandem.test";

let server: NameServerProgram;
before(async () => {
  const responseRateLimit = { responsesPerSecond: 1000, burst: 100_000 };
  server = await NameServerProgram.start({ address: "127.0.156.1", zone, changes: { responseRateLimit } });
});
after(() => server.remove());

describe("sizes", { skip: digIsMissing }, () => {
  const ask = (...options: string[]) => dig(server.socket, name, "A", ...options);

  test("without EDNS 512 bytes, then TC, and everything over TCP", async () => {
    const cut = await ask("+noedns", "+ignore");
    assert.ok(cut.flags.includes("tc"));
    assert.deepEqual(cut.answers, []);
    const whole = await ask("+noedns");
    assert.match(whole.text, /Truncated, retrying in TCP/);
    assert.equal(whole.answers.length, 40);
  });

  test("with EDNS what the client takes", async () => {
    assert.equal((await ask("+bufsize=1232", "+ignore")).answers.length, 40);
    assert.ok((await ask("+bufsize=600", "+ignore")).flags.includes("tc"));
    assert.match((await ask("+bufsize=4096")).text, /EDNS: version: 0, flags:; udp: 1232/);
    assert.match((await ask("+dnssec")).text, /EDNS: version: 0, flags: do; udp: 1232/);
  });

  test("never more than 1232 bytes over UDP", async () => {
    const service = `_sip._udp.${name}`;
    const cut = await dig(server.socket, service, "SRV", "+bufsize=4096", "+ignore");
    assert.ok(cut.flags.includes("tc"));
    const whole = await dig(server.socket, service, "SRV", "+tcp");
    assert.deepEqual([whole.answers.length, whole.additionals.length], [40, 40]);
  });
});

/** A TCP client that keeps what it gets. */
class Stream {
  readonly socket: Socket;
  received: Buffer = Buffer.alloc(0);
  isClosed = false;

  constructor(port: number) {
    this.socket = connect({ host: "127.0.156.1", port });
    this.socket.on("data", (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => (this.isClosed = true));
  }

  get messages(): Buffer[] {
    const messages: Buffer[] = [];
    for (let at = 0; at + 2 <= this.received.length; ) {
      const end = at + 2 + this.received.readUInt16BE(at);
      if (end > this.received.length) break;
      messages.push(this.received.subarray(at + 2, end));
      at = end;
    }
    return messages;
  }
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

describe("TCP", () => {
  test("many questions behind each other, in any pieces, are answered in order", async () => {
    const stream = new Stream(server.socket.port);
    const questions = Buffer.concat(
      Array.from({ length: 500 }, (_, id) => framed(queryBytes(`_sip._udp.${name}`, { id, type: 33 }))),
    );
    stream.socket.write(questions.subarray(0, 1));
    stream.socket.write(questions.subarray(1, 100));
    stream.socket.write(questions.subarray(100));
    await until("500 answers", () => stream.messages.length === 500);
    assert.deepEqual(
      stream.messages.map((message) => message.readUInt16BE(0)),
      Array.from({ length: 500 }, (_, id) => id),
    );
    stream.socket.destroy();
  });

  test("a client that does not read is not served further, and others are", async () => {
    const deaf = new Stream(server.socket.port);
    deaf.socket.pause();
    // Far more answers than kernels keep for a socket.
    const question = framed(queryBytes(`_sip._udp.${name}`, { type: 33 }));
    deaf.socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => question)));
    const before = Number((await server.status())["tcpQueries"]);
    const other = new Stream(server.socket.port);
    other.socket.write(framed(queryBytes(name)));
    await until("another client's answer", () => other.messages.length === 1);
    await until("the deaf one to be given up", () => deaf.isClosed || deaf.socket.destroyed || isGone(deaf));
    assert.ok(Number((await server.status())["tcpQueries"]) - before < 20_000);
    deaf.socket.destroy();
    other.socket.destroy();
  });

  test("a question above the limit and a message that is none close the connection", async () => {
    const long = new Stream(server.socket.port);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(limits.maximumQuestionBytes + 1);
    long.socket.write(length);
    await until("the end", () => long.isClosed);
    const response = new Stream(server.socket.port);
    response.socket.write(framed(queryBytes(name, { flags: 0x8000 })));
    await until("the end", () => response.isClosed);
    assert.equal(response.messages.length, 0);
  });

  test("a malformed question gets FORMERR and the connection goes on", async () => {
    const stream = new Stream(server.socket.port);
    stream.socket.write(framed(queryBytes(name).subarray(0, -1)));
    stream.socket.write(framed(queryBytes(name)));
    await until("both answers", () => stream.messages.length === 2);
    assert.deepEqual(
      stream.messages.map((message) => message.readUInt16BE(2) & 0xf),
      [1, 0],
    );
    stream.socket.destroy();
  });
});

/** A paused socket does not see that its other end has gone: its next words tell. */
function isGone(stream: Stream): boolean {
  stream.socket.write(Buffer.from([0]));
  return stream.socket.destroyed;
}

describe("UDP", () => {
  test("nonsense gets FORMERR or silence, and the server goes on", async () => {
    const socket = createSocket("udp4");
    const answers: Buffer[] = [];
    socket.on("message", (bytes) => answers.push(bytes));
    const send = (bytes: Buffer) => socket.send(bytes, server.socket.port, "127.0.156.1");
    send(Buffer.alloc(0));
    send(Buffer.from([1, 2, 3]));
    send(queryBytes(name, { flags: 0x8000 }));
    for (let length = 12; length < 40; length++) send(queryBytes(name, { id: length }).subarray(0, length));
    send(queryBytes(name, { id: 9999 }));
    await until("the last answer", () => answers.some((answer) => answer.readUInt16BE(0) === 9999));
    const codes = answers.map(
      (answer) => `${answer.readUInt16BE(0) >= 9999} ${answer.readUInt16BE(2) & 0xf}`,
    );
    assert.deepEqual([...new Set(codes)].sort(), ["false 1", "true 0"]);
    assert.equal(answers.length, 29);
    socket.close();
  });
});

describe("rate", { skip: digIsMissing }, () => {
  test("above the rate one of two answers is a truncated one, the others are none; TCP works", async () => {
    const limited = await NameServerProgram.start({
      address: "127.0.156.2",
      zone,
      changes: { responseRateLimit: { responsesPerSecond: 0.001, burst: 5 } },
    });
    try {
      const { port } = limited.socket;
      const socket = createSocket("udp4");
      const answers: Buffer[] = [];
      socket.on("message", (bytes) => answers.push(bytes));
      for (let id = 0; id < 25; id++) {
        socket.send(queryBytes(name, { id, edns: { payloadBytes: 1232 } }), port, "127.0.156.2");
      }
      await until("all to be counted", async () => Number((await limited.status())["udpQueries"]) === 25);
      await until("15 answers", () => answers.length === 15);
      const status = await limited.status();
      assert.deepEqual([status["slipped"], status["dropped"]], [10, 10]);
      const truncated = answers.filter((answer) => decode(answer).flag_tc);
      assert.deepEqual([truncated.length, answers.length], [10, 15]);
      assert.ok(limited.lines.some((line) => line.event === "responses-limited"));
      assert.equal((await dig(limited.socket, name, "A", "+tcp")).answers.length, 40);
      socket.close();
    } finally {
      await limited.remove();
    }
  });
});
