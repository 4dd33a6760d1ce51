/** The limits of TCP, with a clock by hand. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { serverLimits as limits } from "../src/server/limits.ts";
import { TcpServer } from "../src/server/tcp-server.ts";
import { until } from "./name-server-program.ts";

let clock: HandClock;
let server: TcpServer;
let port = 0;
let clients: Client[];

class Client {
  readonly socket: Socket;
  received = "";
  isClosed = false;

  constructor(localAddress: string) {
    this.socket = connect({ host: "127.0.155.9", port, localAddress });
    this.socket.on("data", (chunk: Buffer) => (this.received += chunk.toString("latin1")));
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => (this.isClosed = true));
  }

  /** One character is a question here. */
  ask(character: string): void {
    this.socket.write(`\0\x01${character}`);
  }
}

beforeEach(async () => {
  clock = new HandClock();
  clients = [];
  server = new TcpServer(
    clock,
    (bytes) => (bytes.toString() === "-" ? undefined : Buffer.from(bytes)),
    (error) => assert.fail(error),
  );
  port = await server.open("127.0.155.9", 0);
});
afterEach(() => {
  for (const client of clients) client.socket.destroy();
  server.close();
});

function client(localAddress = "127.0.155.10"): Client {
  const made = new Client(localAddress);
  clients.push(made);
  return made;
}

test("10 s without a whole question end a connection; a piece of one is no sign of life", async () => {
  const one = client();
  one.ask("a");
  await until("the answer", () => one.received === "\0\x01a");
  clock.advance(limits.connectionIdleMs - 1);
  one.socket.write("\0");
  await delay(30);
  assert.equal(one.isClosed, false);
  clock.advance(1);
  await until("the end", () => one.isClosed);
});

test("each whole question starts the time anew", async () => {
  const one = client();
  for (let count = 1; count <= 4; count++) {
    one.ask("a");
    await until("an answer", () => one.received.length === 3 * count);
    clock.advance(limits.connectionIdleMs - 1);
  }
  await delay(30);
  assert.equal(one.isClosed, false);
});

test("no answer closes the connection", async () => {
  const one = client();
  one.ask("-");
  await until("the end", () => one.isClosed);
  await until("the server's end", () => server.connections === 0);
  assert.equal(clock.pendingTimers, 0);
});

test("a network has so many connections and no more; another one still gets in, and a free place is taken", async () => {
  for (let count = 0; count < limits.maximumConnectionsPerNetwork; count++)
    client(`127.0.155.${100 + count}`);
  await until("all to be there", () => server.connections === limits.maximumConnectionsPerNetwork);
  const oneMore = client("127.0.155.99");
  await until("the end", () => oneMore.isClosed);
  const elsewhere = client("127.0.158.1");
  elsewhere.ask("a");
  await until("its answer", () => elsewhere.received.length === 3);
  clients[0]?.socket.destroy();
  await until("a free place", () => server.connections === limits.maximumConnectionsPerNetwork);
  const next = client("127.0.155.98");
  next.ask("a");
  await until("its answer", () => next.received.length === 3);
});

test("in all there are so many connections and no more", async () => {
  for (let count = 0; count < limits.maximumConnections; count++) {
    client(`127.0.${155 + Math.floor(count / limits.maximumConnectionsPerNetwork)}.1`);
  }
  await until("all to be there", () => server.connections === limits.maximumConnections);
  const oneMore = client("127.0.159.1");
  await until("the end", () => oneMore.isClosed);
  assert.equal(server.connections, limits.maximumConnections);
});

test("close ends what is there", async () => {
  const one = client();
  await until("it to be there", () => server.connections === 1);
  server.close();
  await until("the end", () => one.isClosed);
});
