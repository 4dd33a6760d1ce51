import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { gatewayStreamLimits as limits } from "../src/gateway-stream/index.ts";
import { connectionHealth, gatewayState } from "./gateway-state-sample.ts";
import { type HubHarness, startHub } from "./hub-harness.ts";
import { publishedFrame } from "./published-frame.ts";
import { type StreamGateway, until } from "./stream-gateway.ts";

let h: HubHarness;

beforeEach(async () => {
  h = await startHub();
});
afterEach(() => h.close());

function snapshot(version: number) {
  return publishedFrame(version, JSON.stringify({ kind: "snapshot", snapshot: { version } }), {
    [version - 1]: [JSON.stringify({ kind: "snapshot-change", change: { toVersion: version } })],
  });
}

async function upgradeStatus(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return (await upgrade(port, path, headers)).statusCode ?? 0;
}

function upgrade(port: number, path: string, headers: Record<string, string>): Promise<IncomingMessage> {
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
    attempt.on("response", resolve);
    attempt.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response);
    });
    attempt.on("error", reject);
    attempt.end();
  });
}

describe("upgrade", () => {
  test("needs the path and a token that is known", async () => {
    const right = { authorization: "Bearer token-1" };
    assert.equal(await upgradeStatus(h.port, "/gateway-stream", right), 101);
    assert.equal(await upgradeStatus(h.port, "/gateway-stream", { authorization: "Bearer wrong" }), 401);
    assert.equal(await upgradeStatus(h.port, "/gateway-stream", {}), 401);
    assert.equal(await upgradeStatus(h.port, "/gateway-streams", right), 404);
    assert.equal(await upgradeStatus(h.port, "/", right), 404);
    h.isDatabaseAway = true;
    assert.equal(await upgradeStatus(h.port, "/gateway-stream", right), 503);
  });

  test("says how to authenticate only to who has not (RFC 9110 section 11.6.1)", async () => {
    const refused = await upgrade(h.port, "/gateway-stream", {});
    assert.equal(refused.headers["www-authenticate"], 'Bearer realm="gateway-stream"');
    const elsewhere = await upgrade(h.port, "/", {});
    assert.equal(elsewhere.headers["www-authenticate"], undefined);
  });
});

describe("greeting", () => {
  test("hello is welcomed and the gateway is known", async () => {
    const gateway = await h.connect();
    gateway.hello({ snapshotVersion: 3, edge: "london-ix", startedAtMs: 77 });
    assert.deepEqual(await gateway.next("welcome"), { kind: "welcome", streamVersion: 1 });
    const streamId = h.hub.gateways()[0]?.streamId ?? "";
    assert.match(streamId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(h.hub.gateways(), [
      gatewayState({ streamId, edge: "london-ix", snapshotVersion: 3, startedAtMs: 77 }),
    ]);
    assert.deepEqual(h.states, h.hub.gateways());
    assert.equal(h.hub.stale, 0);
    h.hub.publish(snapshot(3));
    assert.equal(h.hub.stale, 0);
    h.hub.publish(snapshot(4));
    assert.equal(h.hub.stale, 1);
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
      const gateway = await h.connect();
      say(gateway);
      assert.deepEqual(await gateway.ended(), { code: 1008, reason });
      assert.deepEqual(h.hub.gateways(), []);
    });
  }

  for (const streamVersion of [0, 1, 2]) {
    test(`stream version ${streamVersion} is readable`, async () => {
      const gateway = await h.connect();
      gateway.hello({ streamVersion });
      assert.equal((await gateway.next("welcome")).streamVersion, 1);
    });
  }

  test("hello must come in time", async () => {
    const gateway = await h.connect();
    await until(() => h.clock.pendingTimers === 1, "the server's end");
    h.clock.advance(limits.helloTimeoutMs - 1);
    assert.equal(gateway.closed, undefined);
    h.clock.advance(1);
    assert.deepEqual(await gateway.ended(), { code: 1008, reason: "hello did not come in time" });
  });

  test("a second hello and a bad frame later on close too", async () => {
    const first = await h.open();
    first.hello();
    assert.deepEqual(await first.ended(), { code: 1008, reason: "hello came twice" });
    const second = await h.open();
    second.socket.send(JSON.stringify({ kind: "applied", snapshotVersion: "9" }));
    assert.match((await second.ended()).reason, /^bad frame: /);
    const third = await h.open();
    third.socket.send(JSON.stringify({ kind: "entries", entries: [{ kind: "alert" }] }));
    assert.match((await third.ended()).reason, /^bad frame: \/entries\/0/);
  });

  test("what comes behind a refused frame is not heard", async () => {
    const gateway = await h.connect();
    gateway.socket.send("{");
    gateway.hello();
    assert.equal((await gateway.ended()).code, 1008);
    assert.deepEqual([h.hub.gateways(), h.states], [[], []]);
  });

  test("a new connection of a gateway replaces the old one", async () => {
    const old = await h.open();
    const fresh = await h.open();
    assert.deepEqual(await old.ended(), { code: 4000, reason: "replaced by a new connection" });
    assert.equal(h.hub.gateways().length, 1);
    h.hub.publish(snapshot(1));
    await fresh.next("snapshot");
  });
});

describe("connections", () => {
  test("a connection that ends before hello leaves the gateway's open one alone", async () => {
    await h.open();
    const second = await h.connect();
    await until(() => h.clock.pendingTimers === 2, "the server's end");
    second.close();
    await until(() => h.clock.pendingTimers === 1, "the server to notice");
    assert.equal(h.hub.gateways().length, 1);
    assert.deepEqual(await h.hub.command("gw-2", { name: "drain", exitWhenIdle: true }), {
      ok: false,
      error: "gateway gw-2 is not connected",
    });
  });

  test("a gateway that does not answer the close is cut off after a while", async () => {
    const gateway = await h.open();
    const connections = () =>
      new Promise<number>((resolve, reject) =>
        h.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      );
    gateway.socket.pause();
    h.hub.close();
    h.clock.advance(limits.closeTimeoutMs - 1);
    await wait(20);
    assert.equal(await connections(), 1);
    h.clock.advance(1);
    await until(async () => (await connections()) === 0, "the cut");
  });

  test("there are as many connections as the limit, and one more is sent away", () => {
    const closed: number[] = [];
    const connection = () =>
      h.hub.adopt(
        Object.assign(new EventEmitter(), {
          close: (code: number) => closed.push(code),
          terminate: () => undefined,
        }) as never,
        "gw-1",
      );
    for (let count = 0; count < limits.maximumConnections; count += 1) connection();
    assert.deepEqual(closed, []);
    connection();
    assert.deepEqual(closed, [1013]);
  });
});

describe("snapshots", () => {
  test("a gateway that holds an older one gets it after the welcome, another does not", async () => {
    h.hub.publish(snapshot(5));
    const older = await h.open("gw-1", { snapshotVersion: 4 });
    assert.equal((await older.next("snapshot")).snapshot.version, 5);
    const same = await h.open("gw-2", { snapshotVersion: 5 });
    h.hub.publish(snapshot(6));
    assert.equal((await same.next("snapshot")).snapshot.version, 6, "5 was not sent");
    assert.equal((await older.next("snapshot")).snapshot.version, 6);
  });

  test("a gateway that takes changes gets what changed, and the whole when it asks for it", async () => {
    const gateway = await h.open("gw-1", { snapshotVersion: 4, takesChanges: true });
    const older = await h.open("gw-2", { snapshotVersion: 4 });
    h.hub.publish(snapshot(5));
    assert.equal((await gateway.next("snapshot-change")).change.toVersion, 5);
    assert.equal((await older.next("snapshot")).snapshot.version, 5, "it does not say that it takes them");
    gateway.send({ kind: "snapshot-wanted", snapshotVersion: 4, why: "it did not fit" });
    assert.equal((await gateway.next("snapshot")).snapshot.version, 5);
    h.hub.publish(snapshot(7));
    assert.equal((await gateway.next("snapshot")).snapshot.version, 7, "nothing leads from 5 to 7");
  });

  test("a gateway from the future keeps what it has; the log says so", async () => {
    h.hub.publish(snapshot(5));
    const gateway = await h.open("gw-1", { snapshotVersion: 6 });
    assert.ok(h.logged.includes("gateway-holds-newer-snapshot"));
    h.hub.publish(snapshot(6));
    h.hub.publish(snapshot(7));
    assert.equal((await gateway.next("snapshot")).snapshot.version, 7);
  });

  test("what a gateway has applied is known", async () => {
    const gateway = await h.open();
    gateway.send({ kind: "applied", snapshotVersion: 9 });
    await until(() => h.hub.gateways()[0]?.snapshotVersion === 9, "the state");
    const targets = [{ sid: "OU1", interface: "i", connection: null, state: "down" as const, reason: "408" }];
    gateway.send({ kind: "state", liveCalls: 4, draining: true, targets });
    await until(() => h.hub.gateways()[0]?.liveCalls === 4, "the state");
    const said = {
      streamId: h.states[0]?.streamId ?? "",
      snapshotVersion: 9,
      startedAtMs: 1,
      liveCalls: 4,
      isDraining: true,
      targets,
      healthSnapshotVersion: 9,
    };
    assert.deepEqual(h.states.at(-1), gatewayState(said));
    const connections = [connectionHealth("TX1")];
    gateway.send({ kind: "applied", snapshotVersion: 10 });
    await until(() => h.hub.gateways()[0]?.snapshotVersion === 10, "the state");
    assert.equal(h.states.at(-1)?.healthSnapshotVersion, 9, "what it said of its lines is older");
    gateway.send({ kind: "state", liveCalls: 5, draining: true, targets, connections });
    await until(() => h.hub.gateways()[0]?.liveCalls === 5, "the state");
    assert.deepEqual(
      h.states.at(-1),
      gatewayState({ ...said, snapshotVersion: 10, liveCalls: 5, connections, healthSnapshotVersion: 10 }),
    );
  });

  test("where a gateway is reached, and that its stream has ended", async () => {
    const interfaces = [
      {
        name: "i",
        roles: ["private" as const],
        address: "192.0.2.1",
        udpPort: 5060,
        tcpPort: null,
        tlsPort: null,
      },
    ];
    const gateway = await h.connect();
    gateway.hello({ interfaces });
    await gateway.next("welcome");
    const [first] = h.hub.gateways();
    assert.deepEqual(first?.interfaces, interfaces);
    const second = await h.open();
    await until(() => h.gone.length === 1, "the end of the stream that was replaced");
    assert.equal(h.gone[0]?.streamId, first?.streamId);
    assert.notEqual(h.hub.gateways()[0]?.streamId, first?.streamId);
    second.close();
    await until(() => h.gone.length === 2, "the end of the other");
    const stranger = await h.connect();
    stranger.send({ kind: "applied", snapshotVersion: 1 });
    await stranger.ended();
    assert.equal(h.gone.length, 2, "one that never said hello was not there");
  });
});

describe("entries", () => {
  test("entries are stored under the authenticated name, then confirmed", async () => {
    const gateway = await h.open();
    gateway.send({ kind: "entries", entries: [{ sequence: 4, anything: 1 }, { sequence: 7 }] });
    assert.deepEqual(await gateway.next("stored"), { kind: "stored", sequence: 7 });
    assert.deepEqual(h.stored, [
      { gateway: "gw-1", entries: [{ sequence: 4, anything: 1 }, { sequence: 7 }] },
    ]);
  });

  test("nothing is confirmed while the database is away; it is tried again, in order", async () => {
    const gateway = await h.open();
    h.isDatabaseAway = true;
    gateway.send({ kind: "entries", entries: [{ sequence: 1 }] });
    gateway.send({ kind: "entries", entries: [{ sequence: 2 }] });
    await until(() => h.logged.includes("entries-not-stored"), "the first try");
    h.clock.advance(limits.storeRetryMs);
    await until(
      () => h.logged.filter((event) => event === "entries-not-stored").length === 2,
      "the second try",
    );
    assert.deepEqual(gateway.frames, []);
    h.isDatabaseAway = false;
    h.clock.advance(limits.storeRetryMs);
    assert.equal((await gateway.next("stored")).sequence, 1);
    assert.equal((await gateway.next("stored")).sequence, 2);
  });

  test("a gateway that sends faster than the database takes is no longer read, and loses nothing", async () => {
    const gateway = await h.open();
    const gate = Promise.withResolvers<void>();
    const seen: number[] = [];
    h.store = async (_gateway, entries) => {
      seen.push(entries[0]?.sequence ?? -1);
      await gate.promise;
    };
    // What is left behind the limit is more than the kernel's buffers of both ends hold.
    const frames = limits.maximumWaitingEntryFrames * 3;
    const text = "x".repeat(2_000_000);
    for (let sequence = 1; sequence <= frames; sequence += 1)
      gateway.send({ kind: "entries", entries: [{ sequence, text }] });
    let unsent = -1;
    await until(async () => {
      const before = unsent;
      unsent = gateway.socket.bufferedAmount;
      await wait(100);
      return seen.length === 1 && unsent === before;
    }, "the flow to stop");
    assert.notEqual(gateway.socket.bufferedAmount, 0);
    assert.deepEqual(seen, [1]);
    gate.resolve();
    for (let sequence = 1; sequence <= frames; sequence += 1) {
      assert.equal((await gateway.next("stored")).sequence, sequence);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: frames }, (_, place) => place + 1),
    );
  });

  test("a connection that ends takes its tries to store along", async () => {
    const gateway = await h.open();
    h.isDatabaseAway = true;
    gateway.send({ kind: "entries", entries: [{ sequence: 1 }] });
    await until(() => h.logged.includes("entries-not-stored"), "the first try");
    gateway.close();
    await until(() => h.hub.gateways().length === 0, "the hub to notice");
    assert.equal(h.clock.pendingTimers, 0);
    h.clock.advance(limits.storeRetryMs);
    assert.equal(h.logged.filter((event) => event === "entries-not-stored").length, 1);
  });

  test("a gateway that is not read for the database's sake is not taken for dead", async () => {
    const gateway = await h.open();
    const gate = Promise.withResolvers<void>();
    h.store = () => gate.promise;
    for (let sequence = 1; sequence <= limits.maximumWaitingEntryFrames; sequence += 1)
      gateway.send({ kind: "entries", entries: [{ sequence }] });
    // Unread: what comes next stays in the kernel.
    await until(async () => {
      gateway.send({ kind: "state", liveCalls: h.states.length, draining: false, targets: [] });
      const before = h.states.length;
      await wait(20);
      return h.states.length === before;
    }, "the reading to stop");
    for (let round = 0; round < limits.maximumMissedPings + 3; round += 1) {
      h.clock.advance(limits.pingIntervalMs);
    }
    assert.equal(h.hub.gateways().length, 1);
    gate.resolve();
    assert.equal((await gateway.next("stored")).sequence, 1);
  });

  test("a frame may have as many bytes as the limit, not one more", async () => {
    const gateway = await h.open();
    const frameOf = (bytes: number): string => {
      const empty = JSON.stringify({ kind: "entries", entries: [{ sequence: 1, text: "" }] });
      return empty.replace('""', `"${"x".repeat(bytes - empty.length)}"`);
    };
    gateway.socket.send(frameOf(limits.maximumFrameBytes));
    assert.equal((await gateway.next("stored")).sequence, 1);
    gateway.socket.send(frameOf(limits.maximumFrameBytes + 1));
    assert.equal((await gateway.ended()).code, 1009);
    await until(() => h.hub.gateways().length === 0, "the hub to notice");
  });

  test("a frame without entries is not confirmed", async () => {
    const gateway = await h.open();
    gateway.send({ kind: "entries", entries: [] });
    gateway.send({ kind: "entries", entries: [{ sequence: 0 }] });
    assert.equal((await gateway.next("stored")).sequence, 0);
    assert.deepEqual(gateway.frames, []);
  });
});

describe("signs of life", () => {
  test("pings go out in their interval; a gateway that answers stays", async () => {
    const gateway = await h.open();
    for (let round = 1; round <= limits.maximumMissedPings + 2; round += 1) {
      h.clock.advance(limits.pingIntervalMs);
      await until(() => gateway.pings === round, "a ping");
      // The answer is on its way to the server before this frame is.
      gateway.send({ kind: "state", liveCalls: round, draining: false, targets: [] });
      await until(() => h.hub.gateways()[0]?.liveCalls === round, "the state");
    }
    assert.equal(gateway.closed, undefined);
  });

  test("a gateway that gives no sign of life is cut off after the pings it may miss", async () => {
    const gateway = await h.connect("token-1", { autoPong: false });
    gateway.hello();
    await gateway.next("welcome");
    for (let round = 1; round <= limits.maximumMissedPings; round += 1) {
      h.clock.advance(limits.pingIntervalMs);
      await until(() => gateway.pings === round, "a ping");
    }
    assert.equal(h.hub.gateways().length, 1);
    h.clock.advance(limits.pingIntervalMs);
    assert.equal((await gateway.ended()).code, 1006);
    assert.deepEqual(h.hub.gateways(), []);
  });
});

test("closing the hub tells all gateways and takes no new ones", async () => {
  const gateway = await h.open();
  h.hub.close();
  assert.deepEqual(await gateway.ended(), { code: 1001, reason: "control is closing" });
  const late = await h.connect("token-2");
  assert.deepEqual(await late.ended(), { code: 1013, reason: "control is closing" });
});
