import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { until } from "./testing/control-double.ts";
import { connected } from "./testing/control-link-script.ts";

test("a snapshot is applied and confirmed; the next hello tells its version", async (context) => {
  const { control, applied, clock } = await connected(context);
  control.send({ kind: "snapshot", snapshot: exampleSnapshot({ version: 12 }) });
  assert.deepEqual(await control.next("applied"), { kind: "applied", snapshotVersion: 12, tookMs: 0 });
  assert.equal(applied.length, 1);
  control.socket.terminate();
  await until("the link has noticed", () => clock.pendingTimers === 1);
  clock.advance(10_000);
  const hello = await control.next("hello");
  assert.equal(hello.kind === "hello" && hello.snapshotVersion, 12);
});

test("a snapshot that can't be used is reported and not confirmed; the stream goes on", async (context) => {
  const parts = await connected(context);
  parts.failure = "no nonce key";
  parts.control.send({ kind: "snapshot", snapshot: exampleSnapshot() });
  await until("it is refused", () => parts.events.includes("snapshot-refused: no nonce key"));
  parts.failure = undefined;
  parts.control.send({ kind: "snapshot", snapshot: exampleSnapshot({ version: 8 }) });
  assert.deepEqual(await parts.control.next("applied"), { kind: "applied", snapshotVersion: 8, tookMs: 0 });
});

const counts = {
  accounts: 0,
  trunks: 0,
  ipAccessControlLists: 0,
  credentialLists: 0,
  numbers: 1,
  carriers: 0,
  connections: 0,
};
const number = { sid: "PN1", accountSid: "AC1", trunkSid: null, phoneNumber: "+15551230000" };
const change = (fromVersion: number) => ({
  kind: "snapshot-change",
  change: {
    formatVersion: 2,
    fromVersion,
    toVersion: fromVersion + 1,
    settings: {},
    put: { numbers: [number] },
    removed: {},
    counts,
  },
});

test("a snapshot in pieces is confirmed when it is complete, and given up when the stream ends", async (context) => {
  const { control, pieces } = await connected(context);
  control.send({ kind: "snapshot-begin", settings: exampleSnapshot({ version: 12 }), counts });
  control.send({ kind: "snapshot-objects", objects: { numbers: [number] } });
  control.send({ kind: "snapshot-end", version: 12 });
  assert.deepEqual(await control.next("applied"), { kind: "applied", snapshotVersion: 12, tookMs: 0 });
  assert.deepEqual(pieces.splice(0), ["begin 12 with 1 numbers", "objects 1 numbers", "end 12"]);
  control.socket.terminate();
  await until("the pieces are given up", () => pieces.length > 0);
  assert.deepEqual(pieces, ["abandon"]);
});

test("a change is confirmed; one that can't be applied makes the gateway ask for the whole", async (context) => {
  const parts = await connected(context);
  const { control, pieces } = parts;
  control.send(change(0));
  assert.deepEqual(await control.next("applied"), { kind: "applied", snapshotVersion: 1, tookMs: 0 });
  parts.failure = "the change is of another version";
  control.send(change(7));
  assert.deepEqual(await control.next("snapshot-wanted"), {
    kind: "snapshot-wanted",
    snapshotVersion: 1,
    why: "the change is of another version",
  });
  assert.deepEqual(pieces, ["change 0 to 1"]);
});
