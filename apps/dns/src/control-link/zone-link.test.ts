import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { NameServerFrame, validator, type ZoneSnapshot } from "@tandem/contracts";
import { type WebSocket, WebSocketServer } from "ws";
import { exampleZone } from "../testing/example-zone.ts";
import { ZoneLink } from "./zone-link.ts";

const validFrame = validator(NameServerFrame);

/** Generous: only a failing test waits this long. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    assert.ok(waitedMs < 20_000, `still waiting until ${what}`);
    await delay(2);
  }
}

async function scene(context: TestContext) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  const sockets: WebSocket[] = [];
  const frames: NameServerFrame[] = [];
  const requests: string[] = [];
  server.on("connection", (socket, request) => {
    requests.push(`${request.url} ${request.headers.authorization}`);
    sockets.push(socket);
    socket.on("message", (data: Buffer) => {
      const frame = validFrame(JSON.parse(data.toString("utf8")));
      assert.ok(frame.ok, frame.ok ? "" : frame.error);
      frames.push(frame.value);
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const clock = new HandClock();
  const events: string[] = [];
  const applied: ZoneSnapshot[] = [];
  const failure = { text: "" };
  const link = new ZoneLink({
    clock,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: "a-token",
    nameServer: "ns1",
    random: () => 0.5,
    zoneVersion: () => applied.at(-1)?.version ?? 0,
    applyZone: (zone) => {
      if (failure.text !== "") throw new Error(failure.text);
      applied.push(zone);
    },
    onEvent: (event, text) => events.push(`${event}: ${text}`),
  });
  context.after(() => {
    link.close();
    for (const socket of sockets) socket.terminate();
    server.close();
  });
  link.start();
  const next = async (): Promise<NameServerFrame> => {
    await until("a frame comes", () => frames.length > 0);
    return frames.shift() as NameServerFrame;
  };
  const send = (frame: unknown) => sockets.at(-1)?.send(JSON.stringify(frame));
  const stop = () => server.close();
  return { clock, link, events, applied, failure, requests, sockets, next, send, stop };
}

test("it says who it is with its token, takes zones and says which it has", async (context) => {
  const { next, send, requests, applied } = await scene(context);
  assert.deepEqual(await next(), { kind: "hello", streamVersion: 1, nameServer: "ns1", zoneVersion: 0 });
  assert.deepEqual(requests, ["/gateway-stream Bearer a-token"]);
  send({ kind: "welcome", streamVersion: 1 });
  send({ kind: "zone", zone: exampleZone({ version: 12 }) });
  assert.deepEqual(await next(), { kind: "applied", zoneVersion: 12 });
  assert.deepEqual(applied, [exampleZone({ version: 12 })]);
});

test("a zone that cannot be used and frames of no contract are told, and the stream goes on", async (context) => {
  const { next, send, sockets, events, failure } = await scene(context);
  await next();
  sockets[0]?.send("{");
  send({ kind: "zone", zone: { ...exampleZone(), edges: 1 } });
  failure.text = "planted";
  send({ kind: "zone", zone: exampleZone() });
  await until("all are told", () => events.length === 4);
  assert.deepEqual(
    events.slice(1).map((event) => event.split(" ", 1)[0]),
    ["bad-frame:", "bad-frame:", "zone-refused:"],
  );
  failure.text = "";
  send({ kind: "zone", zone: exampleZone({ version: 13 }) });
  assert.deepEqual(await next(), { kind: "applied", zoneVersion: 13 });
});

test("it comes back after a back-off with jitter, and tells the version it holds", async (context) => {
  const { next, send, sockets, clock } = await scene(context);
  await next();
  send({ kind: "zone", zone: exampleZone({ version: 12 }) });
  await next();
  sockets[0]?.close(1001);
  await until("it has noticed", () => clock.nextDelayMs === 187.5);
  clock.advance(187.5);
  assert.deepEqual(await next(), { kind: "hello", streamVersion: 1, nameServer: "ns1", zoneVersion: 12 });
});

test("45 s of silence is the end of a stream; a ping is a word", async (context) => {
  const { next, sockets, clock, link, events } = await scene(context);
  await next();
  clock.advance(44_999);
  const pong = new Promise((resolve) => sockets[0]?.once("pong", resolve));
  sockets[0]?.ping();
  await pong;
  clock.advance(44_999);
  await delay(20);
  assert.equal(link.isConnected, true);
  clock.advance(1);
  await until("it is cut", () => !link.isConnected);
  assert.match(events.at(-1) ?? "", /^disconnected/);
});

test("the back-off doubles up to 10 s while nobody answers", async (context) => {
  const { next, sockets, clock, events, stop } = await scene(context);
  await next();
  stop();
  sockets[0]?.terminate();
  // 250 ms · (0.5 + 0.5 / 2), and so on.
  for (const expectedMs of [187.5, 375, 750, 1500, 3000, 6000, 7500, 7500]) {
    await until(`it waits for ${expectedMs} ms`, () => clock.nextDelayMs === expectedMs);
    const failures = events.length;
    clock.advance(expectedMs);
    await until("it has tried again", () => events.length > failures);
  }
  assert.match(events.at(-1) ?? "", /^disconnected: connect ECONNREFUSED/);
});

test("close is idempotent, quiet and final", async (context) => {
  const { next, link, clock, events, sockets } = await scene(context);
  await next();
  events.length = 0;
  link.close();
  link.close();
  await until("the stream is closed", () => sockets[0]?.readyState === 3);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(events, []);
  assert.equal(sockets.length, 1);
});
