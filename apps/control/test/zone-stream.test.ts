/** The stream to name servers on a real server, with a clock by hand. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { gatewayStreamPath } from "@tandem/contracts";
import { WebSocket } from "ws";
import {
  GatewayStreamHub,
  gatewayStreamLimits as limits,
  serveGatewayStream,
} from "../src/gateway-stream/index.ts";
import { nameServerAuthentication, ZoneStreamHub } from "../src/zone-stream/index.ts";
import { maximumNameServers } from "../src/zone-stream/zone-stream-hub.ts";
import { publishedFrame } from "./published-frame.ts";
import { until } from "./stream-gateway.ts";

const first = "a-token-of-ns1-0123";
const second = "a-token-of-ns2-0123";
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

class Listener {
  readonly socket: WebSocket;
  readonly frames: { kind: string; [field: string]: unknown }[] = [];
  pings = 0;
  closed: { code: number; reason: string } | undefined;

  constructor(port: number, token: string, options: { autoPong?: boolean } = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${gatewayStreamPath}`, {
      headers: { authorization: `Bearer ${token}` },
      ...options,
    });
    this.socket.on("message", (data) => this.frames.push(JSON.parse((data as Buffer).toString())));
    this.socket.on("ping", () => (this.pings += 1));
    this.socket.on("close", (code, reason) => (this.closed = { code, reason: String(reason) }));
    this.socket.on("error", () => undefined);
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  hello(fields: object = {}): void {
    this.send({ kind: "hello", streamVersion: 1, nameServer: "ns1", zoneVersion: 0, ...fields });
  }

  async ended() {
    await until(() => this.closed !== undefined, "the end of the connection");
    return this.closed;
  }

  get kinds(): string[] {
    return this.frames.map((frame) => frame.kind);
  }
}

let clock: HandClock;
let hub: GatewayStreamHub;
let zones: ZoneStreamHub;
let server: Server;
let listeners: Listener[];

beforeEach(async () => {
  clock = new HandClock();
  hub = new GatewayStreamHub({
    clock,
    logger: silent,
    store: async () => undefined,
    onState: () => undefined,
  });
  zones = new ZoneStreamHub({ clock, logger: silent });
  server = createServer();
  listeners = [];
  serveGatewayStream(server, {
    hub,
    logger: silent,
    authenticate: async (authorization) => (authorization === "Bearer gateway-token" ? "gw-1" : undefined),
    nameServers: {
      authenticate: nameServerAuthentication(
        new Map([
          ["ns1", first],
          ["ns2", second],
        ]),
      ),
      adopt: (socket, name) => zones.adopt(socket, name),
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  zones.close();
  hub.close();
  for (const listener of listeners) listener.socket.terminate();
  await new Promise((resolve) => server.close(resolve));
});

async function connect(token = first, options: { autoPong?: boolean } = {}): Promise<Listener> {
  const listener = new Listener((server.address() as AddressInfo).port, token, options);
  listeners.push(listener);
  await once(listener.socket, "open");
  return listener;
}

async function greeted(fields: object = {}, token = first): Promise<Listener> {
  const listener = await connect(token);
  listener.hello(fields);
  await until(() => listener.kinds.includes("welcome"), "welcome");
  return listener;
}

const zone = (version: number) => ({ version, frame: JSON.stringify({ kind: "zone", zone: { version } }) });

describe("who may listen", () => {
  test("a token says whether it is a name server or a gateway; any other is refused", async () => {
    await greeted();
    const gateway = await connect("gateway-token");
    gateway.send({
      kind: "hello",
      streamVersion: 1,
      gateway: "gw-1",
      edge: "ashburn",
      snapshotVersion: 0,
      startedAtMs: 1,
    });
    await until(() => gateway.kinds.includes("welcome"), "welcome");
    assert.deepEqual(
      hub.gateways().map(({ name }) => name),
      ["gw-1"],
    );
    await assert.rejects(connect("a-token-of-nobody-01"), /401/);
    await assert.rejects(connect(`${first}x`), /401/);
  });

  test("a name server gets zones and never a snapshot, a gateway never a zone", async () => {
    const nameServer = await greeted();
    const gateway = await connect("gateway-token");
    gateway.send({
      kind: "hello",
      streamVersion: 1,
      gateway: "gw-1",
      edge: "ashburn",
      snapshotVersion: 0,
      startedAtMs: 1,
    });
    await until(() => gateway.kinds.includes("welcome"), "welcome");
    hub.publish(publishedFrame(3, JSON.stringify({ kind: "snapshot" })));
    zones.publish(zone(3));
    await until(() => nameServer.frames.length === 2 && gateway.frames.length === 2, "a frame for each");
    assert.deepEqual(
      [nameServer.kinds, gateway.kinds],
      [
        ["welcome", "zone"],
        ["welcome", "snapshot"],
      ],
    );
  });

  test("authentication: the scheme in any case, nothing around the token", () => {
    const authenticate = nameServerAuthentication(new Map([["ns1", first]]));
    assert.equal(authenticate(`bearer ${first}`), "ns1");
    for (const wrong of [undefined, "", first, `Basic ${first}`, `Bearer ${first} x`, "Bearer "]) {
      assert.equal(authenticate(wrong), undefined);
    }
  });
});

describe("zones", () => {
  test("a name server gets the newest zone at once if it is newer than its own, and every later one", async () => {
    zones.publish(zone(5));
    const fresh = await greeted();
    const known = await greeted({ nameServer: "ns2", zoneVersion: 5 }, second);
    zones.publish(zone(6));
    await until(() => fresh.frames.length === 3 && known.frames.length === 2, "all zones");
    assert.deepEqual(fresh.frames.slice(1), [
      { kind: "zone", zone: { version: 5 } },
      { kind: "zone", zone: { version: 6 } },
    ]);
    assert.deepEqual(known.frames.slice(1), [{ kind: "zone", zone: { version: 6 } }]);
    fresh.send({ kind: "applied", zoneVersion: 6 });
    zones.publish(zone(7));
    await until(() => fresh.frames.length === 4, "the stream goes on after applied");
  });

  test("a new connection of the same name replaces the old one", async () => {
    const old = await greeted();
    const fresh = await greeted();
    assert.deepEqual(await old.ended(), { code: 4000, reason: "replaced by a new connection" });
    zones.publish(zone(1));
    await until(() => fresh.frames.length === 2, "a zone");
  });

  test("a control that closes says so, and takes nobody afterwards", async () => {
    const listener = await greeted();
    zones.close();
    assert.deepEqual(await listener.ended(), { code: 1001, reason: "control is closing" });
    const late = await connect();
    assert.equal((await late.ended())?.code, 1013);
  });

  test("so many name servers are taken, and no more", async () => {
    for (let count = 0; count < maximumNameServers; count++) await connect();
    const oneMore = await connect();
    assert.deepEqual(await oneMore.ended(), { code: 1013, reason: "too many connections" });
    assert.equal(listeners.filter((listener) => listener.closed !== undefined).length, 1);
  });
});

describe("what closes a stream", () => {
  const refusals: [what: string, say: (listener: Listener) => void, reason: RegExp][] = [
    [
      "another frame before hello",
      (l) => l.send({ kind: "applied", zoneVersion: 1 }),
      /^hello must come first$/,
    ],
    ["another's name", (l) => l.hello({ nameServer: "ns2" }), /^the token is not that of name server ns2$/],
    [
      "a stream version two ahead",
      (l) => l.hello({ streamVersion: 3 }),
      /^stream version 3 is not spoken here/,
    ],
    ["no JSON", (l) => l.socket.send("{"), /^bad frame/],
    ["a binary frame", (l) => l.socket.send(Buffer.from("{}")), /^bad frame/],
    ["a gateway's frame", (l) => l.send({ kind: "entries", entries: [] }), /^bad frame/],
  ];
  for (const [what, say, reason] of refusals) {
    test(what, async () => {
      const listener = await connect();
      say(listener);
      const ended = await listener.ended();
      assert.equal(ended?.code, 1008);
      assert.match(ended?.reason ?? "", reason);
    });
  }

  test("a second hello", async () => {
    const listener = await greeted();
    listener.hello();
    assert.deepEqual(await listener.ended(), { code: 1008, reason: "hello came twice" });
  });

  test("hello that does not come in time", async () => {
    const listener = await connect();
    await until(() => clock.pendingTimers === 1, "the server's end");
    clock.advance(limits.helloTimeoutMs - 1);
    await wait(20);
    assert.equal(listener.closed, undefined);
    clock.advance(1);
    assert.deepEqual(await listener.ended(), { code: 1008, reason: "hello did not come in time" });
  });

  test("no sign of life: pings that are answered keep it, pings that are not end it", async () => {
    const alive = await greeted();
    for (let count = 1; count <= 4; count++) {
      clock.advance(limits.pingIntervalMs);
      await until(() => alive.pings === count, "a ping");
      // The pong must have been heard before the next ping is due.
      alive.send({ kind: "applied", zoneVersion: 1 });
      await wait(30);
    }
    assert.equal(alive.closed, undefined);
    const deaf = await connect(second, { autoPong: false });
    deaf.hello({ nameServer: "ns2" });
    await until(() => deaf.kinds.includes("welcome"), "welcome");
    for (let count = 1; count <= limits.maximumMissedPings; count++) {
      clock.advance(limits.pingIntervalMs);
      await until(() => deaf.pings === count, "a ping");
    }
    assert.equal(deaf.closed, undefined);
    clock.advance(limits.pingIntervalMs);
    assert.equal((await deaf.ended())?.code, 1006);
  });
});
