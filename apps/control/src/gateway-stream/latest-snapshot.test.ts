import assert from "node:assert/strict";
import { test } from "node:test";
import { LatestSnapshot } from "./latest-snapshot.ts";

/** Changes are known from version 5 on. */
function sender(heldVersion: number, takesChanges = false) {
  const sent: string[] = [];
  const pending: (() => void)[] = [];
  const latest = new LatestSnapshot({
    heldVersion,
    takesChanges,
    send: (frame, onSent) => {
      sent.push(frame);
      pending.push(onSent);
    },
  });
  const changes = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `change ${from + index + 1}`);
  return {
    offer: (version: number) =>
      latest.offer({
        version,
        frame: `frame ${version}`,
        pieces: () => [`begin ${version}`, `end ${version}`],
        changesSince: (from) => (from < 5 ? undefined : changes(from, version)),
      }),
    finish: () => pending.shift()?.(),
    finishAll: () => {
      while (pending.length > 0) pending.shift()?.();
    },
    wholeWanted: () => latest.wholeWanted(),
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

test("a gateway that takes changes gets the whole in pieces, one after the other, and then what changed", () => {
  const { offer, finish, finishAll, sent } = sender(4, true);
  offer(6);
  assert.deepEqual(sent, ["begin 6"]);
  offer(7);
  finish();
  assert.deepEqual(sent, ["begin 6", "end 6"]);
  offer(8);
  finishAll();
  assert.deepEqual(sent.splice(0), ["begin 6", "end 6", "change 7", "change 8"]);
  offer(9);
  assert.deepEqual(sent, ["change 9"]);
});

test("one that is not too far behind gets the changes alone", () => {
  const { offer, finishAll, sent } = sender(5, true);
  offer(7);
  finishAll();
  assert.deepEqual(sent, ["change 6", "change 7"]);
});

test("one that could not apply a change gets the whole, once, however often it asks", () => {
  const { offer, finishAll, wholeWanted, sent } = sender(5, true);
  wholeWanted();
  offer(6);
  finishAll();
  sent.length = 0;
  wholeWanted();
  wholeWanted();
  finishAll();
  wholeWanted();
  finishAll();
  assert.deepEqual(sent.splice(0), ["begin 6", "end 6"]);
  offer(7);
  finishAll();
  wholeWanted();
  finishAll();
  assert.deepEqual(sent, ["change 7", "begin 7", "end 7"]);
});

test("asked for while changes are on their way, the whole follows them", () => {
  const { offer, finishAll, wholeWanted, sent } = sender(5, true);
  offer(7);
  wholeWanted();
  finishAll();
  assert.deepEqual(sent, ["change 6", "change 7", "begin 7", "end 7"]);
});
