import assert from "node:assert/strict";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { LiveCall } from "@tandem/contracts";
import { createSid } from "@tandem/database";
import {
  type GatewayState,
  GatewayStreamHub,
  gatewayStreamLimits as limits,
  serveGatewayStream,
} from "../src/gateway-stream/index.ts";
import type { ReceivedEntry } from "../src/records/store-entries.ts";
import { StreamGateway, until } from "./stream-gateway.ts";

const tokens: Record<string, string> = { "token-1": "gw-1", "token-2": "gw-2" };

let clock: HandClock;
let hub: GatewayStreamHub;
let server: Server;
let port: number;
let gateways: StreamGateway[];
let states: GatewayState[];
let logged: string[];
let stored: { gateway: string; entries: readonly ReceivedEntry[] }[];
let store: (gateway: string, entries: readonly ReceivedEntry[]) => Promise<unknown>;
let isDatabaseAway: boolean;

beforeEach(async () => {
  clock = new HandClock();
  gateways = [];
  states = [];
  logged = [];
  stored = [];
  isDatabaseAway = false;
  store = async (gateway, entries) => {
    if (isDatabaseAway) throw new Error("away");
    stored.push({ gateway, entries });
  };
  const log = (event: string) => void logged.push(event);
  const logger = { info: log, warn: log, error: log };
  hub = new GatewayStreamHub({
    clock,
    logger,
    store: (gateway, entries) => store(gateway, entries),
    onState: (state) => states.push(state),
  });
  server = createServer();
  serveGatewayStream(server, {
    hub,
    logger,
    authenticate: async (authorization) => {
      if (isDatabaseAway) throw new Error("away");
      return tokens[authorization?.replace("Bearer ", "") ?? ""];
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  hub.close();
  for (const gateway of gateways) gateway.close();
  await new Promise((resolve) => server.close(resolve));
});

async function connect(token = "token-1", options: { autoPong?: boolean } = {}): Promise<StreamGateway> {
  const gateway = await StreamGateway.connect(port, token, options);
  gateways.push(gateway);
  return gateway;
}

/** Past `hello`. */
async function open(
  name = "gw-1",
  fields: { snapshotVersion?: number; edge?: string } = {},
): Promise<StreamGateway> {
  const gateway = await connect(name.replace("gw", "token"));
  gateway.hello({ gateway: name, ...fields });
  await gateway.next("welcome");
  return gateway;
}

function snapshot(version: number) {
  return { version, frame: JSON.stringify({ kind: "snapshot", snapshot: { version } }) };
}

function liveCall(fields: Partial<LiveCall> = {}): LiveCall {
  return {
    sid: createSid("CA"),
    direction: "termination",
    accountSid: null,
    trunkSid: null,
    callingNumber: "+1",
    calledNumber: "+2",
    status: "ringing",
    setupAtMs: 1,
    answeredAtMs: null,
    ...fields,
  };
}

function upgradeStatus(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const attempt = request({
      port,
      path,
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": Buffer.alloc(16).toString("base64"),
        ...headers,
      },
    });
    attempt.on("response", (response) => resolve(response.statusCode ?? 0));
    attempt.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    attempt.on("error", reject);
    attempt.end();
  });
}

describe("upgrade", () => {
  test("needs the path and a token that is known", async () => {
    const right = { authorization: "Bearer token-1" };
    assert.equal(await upgradeStatus("/gateway-stream", right), 101);
    assert.equal(await upgradeStatus("/gateway-stream", { authorization: "Bearer wrong" }), 401);
    assert.equal(await upgradeStatus("/gateway-stream", {}), 401);
    assert.equal(await upgradeStatus("/gateway-streams", right), 404);
    assert.equal(await upgradeStatus("/", right), 404);
    isDatabaseAway = true;
    assert.equal(await upgradeStatus("/gateway-stream", right), 503);
  });
});

describe("greeting", () => {
  test("hello is welcomed and the gateway is known", async () => {
    const gateway = await connect();
    gateway.hello({ snapshotVersion: 3, edge: "london-ix", startedAtMs: 77 });
    assert.deepEqual(await gateway.next("welcome"), { kind: "welcome", streamVersion: 1 });
    assert.deepEqual(hub.gateways(), [
      {
        name: "gw-1",
        edge: "london-ix",
        snapshotVersion: 3,
        startedAtMs: 77,
        liveCalls: 0,
        isDraining: false,
        targets: [],
      },
    ]);
    assert.deepEqual(states, hub.gateways());
  });

  const refusals: [what: string, say: (gateway: StreamGateway) => void, reason: string][] = [
    [
      "another frame before hello",
      (g) => g.send({ kind: "applied", snapshotVersion: 1 }),
      "hello must come first",
    ],
    ["another gateway's name", (g) => g.hello({ gateway: "gw-2" }), "the token is not that of gateway gw-2"],
    [
      "a stream version two ahead",
      (g) => g.hello({ streamVersion: 3 }),
      "stream version 3 is not spoken here, 1 is",
    ],
    ["a frame that is no JSON", (g) => g.socket.send("{"), "bad frame: not JSON"],
    ["null", (g) => g.socket.send("null"), "bad frame: /: must be object"],
    ["a binary frame", (g) => g.socket.send(Buffer.from("{}")), "binary frame"],
  ];
  for (const [what, say, reason] of refusals) {
    test(`${what} closes with 1008`, async () => {
      const gateway = await connect();
      say(gateway);
      assert.deepEqual(await gateway.ended(), { code: 1008, reason });
      assert.deepEqual(hub.gateways(), []);
    });
  }

  for (const streamVersion of [0, 1, 2]) {
    test(`stream version ${streamVersion} is readable`, async () => {
      const gateway = await connect();
      gateway.hello({ streamVersion });
      assert.equal((await gateway.next("welcome")).streamVersion, 1);
    });
  }

  test("hello must come in time", async () => {
    const gateway = await connect();
    await until(() => clock.pendingTimers === 1, "the server's end");
    clock.advance(limits.helloTimeoutMs - 1);
    assert.equal(gateway.closed, undefined);
    clock.advance(1);
    assert.deepEqual(await gateway.ended(), { code: 1008, reason: "hello did not come in time" });
  });

  test("a second hello and a bad frame later on close too", async () => {
    const first = await open();
    first.hello();
    assert.deepEqual(await first.ended(), { code: 1008, reason: "hello came twice" });
    const second = await open();
    second.socket.send(JSON.stringify({ kind: "applied", snapshotVersion: "9" }));
    assert.match((await second.ended()).reason, /^bad frame: /);
    const third = await open();
    third.socket.send(JSON.stringify({ kind: "entries", entries: [{ kind: "alert" }] }));
    assert.match((await third.ended()).reason, /^bad frame: \/entries\/0/);
  });

  test("a new connection of a gateway replaces the old one", async () => {
    const old = await open();
    const fresh = await open();
    assert.deepEqual(await old.ended(), { code: 4000, reason: "replaced by a new connection" });
    assert.equal(hub.gateways().length, 1);
    hub.publish(snapshot(1));
    await fresh.next("snapshot");
  });
});

describe("snapshots", () => {
  test("a gateway that holds an older one gets it after the welcome, another does not", async () => {
    hub.publish(snapshot(5));
    const older = await open("gw-1", { snapshotVersion: 4 });
    assert.equal((await older.next("snapshot")).snapshot.version, 5);
    const same = await open("gw-2", { snapshotVersion: 5 });
    hub.publish(snapshot(6));
    assert.equal((await same.next("snapshot")).snapshot.version, 6, "5 was not sent");
    assert.equal((await older.next("snapshot")).snapshot.version, 6);
  });

  test("a gateway from the future keeps what it has; the log says so", async () => {
    hub.publish(snapshot(5));
    const gateway = await open("gw-1", { snapshotVersion: 6 });
    assert.ok(logged.includes("gateway-holds-newer-snapshot"));
    hub.publish(snapshot(6));
    hub.publish(snapshot(7));
    assert.equal((await gateway.next("snapshot")).snapshot.version, 7);
  });

  test("what a gateway has applied is known", async () => {
    const gateway = await open();
    gateway.send({ kind: "applied", snapshotVersion: 9 });
    await until(() => hub.gateways()[0]?.snapshotVersion === 9, "the state");
    const targets = [{ sid: "OU1", interface: "i", connection: null, state: "down" as const, reason: "408" }];
    gateway.send({ kind: "state", liveCalls: 4, draining: true, targets });
    await until(() => hub.gateways()[0]?.liveCalls === 4, "the state");
    assert.deepEqual(states.at(-1), {
      name: "gw-1",
      edge: "ashburn",
      snapshotVersion: 9,
      startedAtMs: 1,
      liveCalls: 4,
      isDraining: true,
      targets,
    });
  });
});

describe("entries", () => {
  test("entries are stored under the authenticated name, then confirmed", async () => {
    const gateway = await open();
    gateway.send({ kind: "entries", entries: [{ sequence: 4, anything: 1 }, { sequence: 7 }] });
    assert.deepEqual(await gateway.next("stored"), { kind: "stored", sequence: 7 });
    assert.deepEqual(stored, [{ gateway: "gw-1", entries: [{ sequence: 4, anything: 1 }, { sequence: 7 }] }]);
  });

  test("nothing is confirmed while the database is away; it is tried again, in order", async () => {
    const gateway = await open();
    isDatabaseAway = true;
    gateway.send({ kind: "entries", entries: [{ sequence: 1 }] });
    gateway.send({ kind: "entries", entries: [{ sequence: 2 }] });
    await until(() => logged.includes("entries-not-stored"), "the first try");
    clock.advance(limits.storeRetryMs);
    await until(
      () => logged.filter((event) => event === "entries-not-stored").length === 2,
      "the second try",
    );
    assert.deepEqual(gateway.frames, []);
    isDatabaseAway = false;
    clock.advance(limits.storeRetryMs);
    assert.equal((await gateway.next("stored")).sequence, 1);
    assert.equal((await gateway.next("stored")).sequence, 2);
  });

  test("a gateway that sends faster than the database takes is no longer read, and loses nothing", async () => {
    const gateway = await open();
    const gate = Promise.withResolvers<void>();
    const seen: number[] = [];
    store = async (_gateway, entries) => {
      seen.push(entries[0]?.sequence ?? -1);
      await gate.promise;
    };
    const frames = limits.maximumWaitingEntryFrames * 3;
    for (let sequence = 1; sequence <= frames; sequence += 1) {
      gateway.send({ kind: "entries", entries: [{ sequence, text: "x".repeat(100_000) }] });
      await until(() => seen.length === 1, "the first frame");
    }
    gate.resolve();
    for (let sequence = 1; sequence <= frames; sequence += 1) {
      assert.equal((await gateway.next("stored")).sequence, sequence);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: frames }, (_, place) => place + 1),
    );
  });

  test("a frame without entries is not confirmed", async () => {
    const gateway = await open();
    gateway.send({ kind: "entries", entries: [] });
    gateway.send({ kind: "entries", entries: [{ sequence: 0 }] });
    assert.equal((await gateway.next("stored")).sequence, 0);
    assert.deepEqual(gateway.frames, []);
  });
});

describe("commands", () => {
  test("a command has its id, and its result comes back", async () => {
    const gateway = await open();
    const result = hub.command("gw-1", { name: "drain", exitWhenIdle: true });
    const frame = await gateway.next("command");
    assert.deepEqual(frame, { kind: "command", id: 1, command: { name: "drain", exitWhenIdle: true } });
    gateway.send({ kind: "result", id: 99, result: { ok: false, error: "of nobody" } });
    gateway.send({ kind: "result", id: 1, result: { ok: true, name: "drain" } });
    assert.deepEqual(await result, { ok: true, name: "drain" });
  });

  test("a command fails when its time is over, not before", async () => {
    const gateway = await open();
    const result = hub.command("gw-1", { name: "drain", exitWhenIdle: false });
    let settled = false;
    void result.then(() => {
      settled = true;
    });
    await gateway.next("command");
    clock.advance(limits.commandTimeoutMs - 1);
    await new Promise(setImmediate);
    assert.equal(settled, false);
    clock.advance(1);
    assert.deepEqual(await result, { ok: false, error: "the gateway did not answer in time" });
  });

  test("a command fails with the connection, and to a gateway that is not there", async () => {
    const gateway = await open();
    const result = hub.command("gw-1", { name: "drain", exitWhenIdle: false });
    await gateway.next("command");
    gateway.close();
    assert.deepEqual(await result, { ok: false, error: "the connection to the gateway was lost" });
    assert.deepEqual(await hub.command("gw-1", { name: "drain", exitWhenIdle: false }), {
      ok: false,
      error: "gateway gw-1 is not connected",
    });
  });

  test("a result of another command is a failure", async () => {
    const gateway = await open();
    const result = hub.command("gw-1", { name: "drain", exitWhenIdle: false });
    await gateway.next("command");
    gateway.send({ kind: "result", id: 1, result: { ok: true, name: "hang-up", found: true } });
    assert.deepEqual(await result, { ok: false, error: "the gateway answered hang-up instead" });
  });

  test("as many commands as the limit may wait, one more is refused", async () => {
    await open();
    const command = { name: "drain", exitWhenIdle: false } as const;
    const waiting = Array.from({ length: limits.maximumPendingCommands }, () => hub.command("gw-1", command));
    assert.deepEqual(await hub.command("gw-1", command), {
      ok: false,
      error: "too many commands wait for the gateway",
    });
    clock.advance(limits.commandTimeoutMs);
    assert.equal((await Promise.all(waiting)).length, limits.maximumPendingCommands);
  });

  test("live calls of all gateways, oldest first; who gives no answer is named", async () => {
    const [first, second] = [await open("gw-1"), await open("gw-2")];
    const calls = [30, 10, 20].map((setupAtMs) => liveCall({ setupAtMs }));
    const answer = hub.liveCalls();
    for (const [gateway, own] of [
      [first, calls.slice(0, 2)],
      [second, calls.slice(2)],
    ] as const) {
      const frame = await gateway.next("command");
      assert.deepEqual(frame.command, { name: "live-calls", callSid: null });
      gateway.send({
        kind: "result",
        id: frame.id,
        result: { ok: true, name: "live-calls", calls: [...own] },
      });
    }
    const { calls: all, missing } = await answer;
    assert.deepEqual(
      all.map((call) => call.setupAtMs),
      [10, 20, 30],
    );
    assert.deepEqual(missing, []);
    const later = hub.liveCalls(calls[2]?.sid ?? null);
    const frame = await first.next("command");
    assert.deepEqual(frame.command, { name: "live-calls", callSid: calls[2]?.sid });
    first.send({ kind: "result", id: frame.id, result: { ok: true, name: "live-calls", calls: calls } });
    await second.next("command");
    first.send({ kind: "state", liveCalls: 9, draining: false, targets: [] });
    await until(() => hub.gateways()[0]?.liveCalls === 9, "what was sent before");
    clock.advance(limits.commandTimeoutMs);
    assert.deepEqual(await later, { calls: [calls[2]], missing: ["gw-2"] });
  });

  test("hang-up is asked of all gateways and true when one had the call", async () => {
    const [first, second] = [await open("gw-1"), await open("gw-2")];
    for (const [foundFirst, foundSecond] of [
      [false, true],
      [true, false],
      [false, false],
    ] as const) {
      const result = hub.hangUp("CA1");
      for (const [gateway, found] of [
        [first, foundFirst],
        [second, foundSecond],
      ] as const) {
        const frame = await gateway.next("command");
        assert.deepEqual(frame.command, { name: "hang-up", callSid: "CA1" });
        gateway.send({ kind: "result", id: frame.id, result: { ok: true, name: "hang-up", found } });
      }
      assert.equal(await result, foundFirst || foundSecond);
    }
  });

  test("explain goes to the named gateway, or to the first", async () => {
    const facts = {
      kind: "facts",
      direction: "termination",
      sourceAddress: "192.0.2.1",
      from: "+1",
      to: "+2",
    } as const;
    assert.deepEqual(await hub.explain(facts), {
      ok: false,
      kind: "unreachable",
      error: "no gateway is connected",
    });
    const [second, first] = [await open("gw-2"), await open("gw-1")];
    assert.deepEqual(await hub.explain(facts, "gw-3"), {
      ok: false,
      kind: "unreachable",
      error: "gateway gw-3 is not connected",
    });
    for (const [name, gateway] of [
      [undefined, first],
      ["gw-2", second],
    ] as const) {
      const explained = hub.explain(facts, name);
      const frame = await gateway.next("command");
      assert.deepEqual(frame.command, { name: "explain", request: facts });
      const result = {
        gateway: "g",
        snapshotVersion: 1,
        trunkSid: null,
        accountSid: null,
        stages: [],
        candidates: [],
      };
      gateway.send({ kind: "result", id: frame.id, result: { ok: true, name: "explain", result } });
      assert.deepEqual(await explained, { ok: true, result });
    }
    const failing = hub.explain(facts);
    const frame = await first.next("command");
    first.send({ kind: "result", id: frame.id, result: { ok: false, error: "no snapshot" } });
    assert.deepEqual(await failing, { ok: false, kind: "failed", error: "no snapshot" });
  });
});

describe("signs of life", () => {
  test("pings go out in their interval; a gateway that answers stays", async () => {
    const gateway = await open();
    for (let round = 1; round <= limits.maximumMissedPings + 2; round += 1) {
      clock.advance(limits.pingIntervalMs);
      await until(() => gateway.pings === round, "a ping");
      // The answer is on its way to the server before this frame is.
      gateway.send({ kind: "state", liveCalls: round, draining: false, targets: [] });
      await until(() => hub.gateways()[0]?.liveCalls === round, "the state");
    }
    assert.equal(gateway.closed, undefined);
  });

  test("a gateway that gives no sign of life is cut off after the pings it may miss", async () => {
    const gateway = await connect("token-1", { autoPong: false });
    gateway.hello();
    await gateway.next("welcome");
    for (let round = 1; round <= limits.maximumMissedPings; round += 1) {
      clock.advance(limits.pingIntervalMs);
      await until(() => gateway.pings === round, "a ping");
    }
    assert.equal(hub.gateways().length, 1);
    clock.advance(limits.pingIntervalMs);
    assert.equal((await gateway.ended()).code, 1006);
    assert.deepEqual(hub.gateways(), []);
  });
});

test("closing the hub tells all gateways and takes no new ones", async () => {
  const gateway = await open();
  hub.close();
  assert.deepEqual(await gateway.ended(), { code: 1001, reason: "control is closing" });
  const late = await connect("token-2");
  assert.deepEqual(await late.ended(), { code: 1013, reason: "control is closing" });
});
