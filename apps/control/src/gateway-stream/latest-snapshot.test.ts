import assert from "node:assert/strict";
import { test } from "node:test";
import { LatestSnapshot } from "./latest-snapshot.ts";

function sender(heldVersion: number) {
  const sent: string[] = [];
  const pending: (() => void)[] = [];
  const latest = new LatestSnapshot(heldVersion, (frame, onSent) => {
    sent.push(frame);
    pending.push(onSent);
  });
  return {
    offer: (version: number) => latest.offer({ version, frame: `frame ${version}` }),
    finish: () => pending.shift()?.(),
    sent,
  };
}

test("only versions above the held one are sent", () => {
  const { offer, finish, sent } = sender(5);
  offer(4);
  offer(5);
  assert.deepEqual(sent, []);
  offer(6);
  finish();
  offer(6);
  assert.deepEqual(sent, ["frame 6"]);
});

test("while one is on its way only the newest waits", () => {
  const { offer, finish, sent } = sender(0);
  offer(1);
  offer(2);
  offer(3);
  assert.deepEqual(sent, ["frame 1"]);
  finish();
  assert.deepEqual(sent, ["frame 1", "frame 3"]);
  finish();
  assert.deepEqual(sent, ["frame 1", "frame 3"]);
  offer(4);
  assert.deepEqual(sent, ["frame 1", "frame 3", "frame 4"]);
});
