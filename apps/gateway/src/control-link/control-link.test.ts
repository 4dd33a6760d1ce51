import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { freePortUrl, pinged, until } from "./testing/control-double.ts";
import { connected, gatewayInterface, script } from "./testing/control-link-script.ts";

test("it says who it is, with its token, and then its state every 5 s", async (context) => {
  const { control, link, clock } = await script(context);
  assert.equal(link.isConnected, false);
  link.start();
  assert.deepEqual(await control.next("hello"), {
    kind: "hello",
    streamVersion: 1,
    gateway: "gateway 1",
    edge: "ashburn-ix",
    snapshotVersion: 0,
    takesChanges: true,
    startedAtMs: clock.wallMs(),
    interfaces: [gatewayInterface],
  });
  assert.equal(link.isConnected, true);
  assert.deepEqual(control.requests, [
    { url: "/gateway-stream?gateway=gateway+1", authorization: "Bearer secret-token" },
  ]);
  assert.deepEqual(await control.next("state"), {
    kind: "state",
    liveCalls: 3,
    draining: false,
    targets: [],
    connections: [],
    sisters: [],
  });
  clock.advance(4999);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
});

test("it comes back after a back-off with jitter that doubles up to 10 s, and begins anew once it was up", async (context) => {
  const parts = await script(context, await freePortUrl(context));
  const { link, clock, events } = parts;
  link.start();
  // 250 ms · (0.5 + 0.5 / 2), and so on.
  for (const expectedMs of [187.5, 375, 750, 1500, 3000, 6000, 7500, 7500]) {
    const failures = events.length;
    await until("the attempt has failed", () => clock.pendingTimers === 1);
    assert.equal(clock.nextDelayMs, expectedMs);
    clock.advance(expectedMs);
    await until("it tries again", () => events.length > failures);
  }
  assert.match(events[0] ?? "", /^disconnected: connect ECONNREFUSED/);
});

test("the back-off begins anew once it was up", async (context) => {
  const { control, clock, events } = await connected(context);
  for (let time = 0; time < 3; time += 1) {
    control.socket.close(1001);
    await until("the link has noticed", () => clock.nextDelayMs === 187.5);
    assert.equal(events.at(-1), "disconnected: closed with code 1001");
    clock.advance(187.5);
    await control.next("hello");
  }
});

test("45 s without a word or a ping is the end of a stream; a ping is a word", async (context) => {
  const { control, clock } = await connected(context);
  clock.advance(44_999);
  await pinged(control);
  clock.advance(44_999);
  await delay(20);
  assert.equal(control.closes, 0);
  clock.advance(1);
  await until("the stream is cut", () => control.closes === 1);
});

test("close is idempotent, quiet and final", async (context) => {
  const { control, link, clock, events, commands } = await connected(context);
  events.length = 0;
  link.close();
  link.close();
  assert.equal(link.isConnected, false);
  control.send({ kind: "command", id: 1, command: { name: "hang-up", callSid: "CA1" } });
  await until("the stream is closed", () => control.closes === 1);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(events, []);
  assert.deepEqual(commands, []);
  link.reconnect();
  await delay(20);
  assert.equal(control.sockets.length, 1);
});

test("close while connecting is quiet too", async (context) => {
  const { link, events, clock } = await script(context);
  link.start();
  link.close();
  await delay(50);
  assert.deepEqual(events, []);
  assert.equal(clock.pendingTimers, 0);
});
