import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { targetsPerSlice } from "./state-frame.ts";
import { pinged, until } from "./testing/control-double.ts";
import { connected, script } from "./testing/control-link-script.ts";

test("a change of state and an applied snapshot are told within 50 ms, once, and then every 5 s again", async (context) => {
  const { control, link, clock } = await connected(context);
  await control.next("state");
  clock.advance(1000);
  link.onStateChange();
  clock.advance(49);
  // A change that comes later than the first neither delays it nor makes a second frame.
  link.onStateChange();
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
  clock.advance(4999);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
  control.send({ kind: "snapshot", snapshot: exampleSnapshot({ version: 3 }) });
  await control.next("applied");
  clock.advance(50);
  await control.next("state");
});

test("thousands of targets are told in a frame that is written in slices, and a change meanwhile by the next", async (context) => {
  const { control, link, clock, targets } = await connected(context);
  await control.next("state");
  const one = { interface: "carriers", connection: null, state: "up", reason: null } as const;
  for (let index = 0; index < 2 * targetsPerSlice + 1; index++) targets.push({ sid: `CG${index}`, ...one });
  clock.advance(5000);
  link.onStateChange();
  await pinged(control);
  assert.deepEqual(control.frames, []);
  assert.equal(clock.nextDelayMs, 1);
  clock.advance(1);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  const state = await control.next("state");
  assert.equal(state.kind === "state" && state.targets.length, targets.length);
  targets.length = 0;
  clock.advance(49);
  await pinged(control);
  assert.deepEqual(control.frames, []);
  clock.advance(1);
  await control.next("state");
});

test("a state that is half written when the stream ends is forgotten: the next stream begins with a new one", async (context) => {
  const { control, clock, targets } = await connected(context);
  await control.next("state");
  const one = { interface: "carriers", connection: null, state: "up", reason: null } as const;
  for (let index = 0; index <= targetsPerSlice; index++) targets.push({ sid: `CG${index}`, ...one });
  clock.advance(5000);
  control.socket.terminate();
  await until("the link has noticed", () => clock.nextDelayMs === 187.5);
  targets.length = 1;
  clock.advance(10_000);
  const state = await control.next("state");
  assert.equal(state.kind === "state" && state.targets.length, 1);
});

test("without a stream a change is told by the state that a stream begins with", async (context) => {
  const { control, link, clock } = await script(context);
  link.onStateChange();
  assert.equal(clock.pendingTimers, 0);
  link.start();
  await control.next("state");
  control.socket.terminate();
  await until("the link has noticed", () => clock.nextDelayMs === 187.5);
  link.onStateChange();
  assert.equal(clock.nextDelayMs, 187.5);
});
