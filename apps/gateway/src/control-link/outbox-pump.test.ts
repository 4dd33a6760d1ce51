import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { LedgerDouble } from "../testing/ledger-double.ts";
import { entriesPerFrame, OutboxPump } from "./outbox-pump.ts";

interface Script {
  readonly clock: HandClock;
  readonly ledger: LedgerDouble;
  readonly pump: OutboxPump;
  readonly frames: string[];
  /** Entries come into the outbox. */
  readonly add: (...sequences: number[]) => void;
  /** Time passes, and what the ledger answered meanwhile is dealt with. */
  readonly pass: (ms: number) => Promise<void>;
}

function script(): Script {
  const clock = new HandClock();
  const ledger = new LedgerDouble();
  const frames: string[] = [];
  return {
    clock,
    ledger,
    frames,
    pump: new OutboxPump(clock, ledger, (text) => frames.push(text)),
    add: (...sequences) => {
      for (const sequence of sequences) ledger.entries.push({ sequence, text: String(sequence) });
      ledger.onEntries?.();
    },
    pass: async (ms) => {
      clock.advance(ms);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
  };
}

const frame = (...sequences: number[]): string => `{"kind":"entries","entries":[${sequences.join(",")}]}`;

test("entries that come within 50 ms go in one frame", async () => {
  const { pump, frames, add, pass } = script();
  pump.start();
  add(1);
  await pass(49.9);
  add(2);
  assert.deepEqual(frames, []);
  await pass(0.1);
  assert.deepEqual(frames, [frame(1, 2)]);
});

test("nothing is sent before the stream is up", async () => {
  const { frames, add, pass, clock } = script();
  add(1);
  await pass(60_000);
  assert.deepEqual(frames, []);
  assert.equal(clock.pendingTimers, 0);
});

test("one frame at a time: the next leaves when control has stored the last", async () => {
  const { pump, frames, add, pass, ledger } = script();
  pump.start();
  add(1, 2);
  await pass(50);
  add(3);
  await pass(1000);
  assert.equal(frames.length, 1);
  pump.onStored(1);
  await pass(1000);
  assert.equal(frames.length, 1, "the whole frame must be stored");
  pump.onStored(2);
  assert.deepEqual(ledger.storedUpTo, [1, 2]);
  await pass(50);
  assert.deepEqual(frames, [frame(1, 2), frame(3)]);
});

test("an alert goes past the outbox at once, and confirming it confirms nothing there", async () => {
  const { pump, frames, add, pass, ledger } = script();
  pump.sendAlert("{}");
  assert.deepEqual(frames, [], "nothing before the stream is up");
  pump.start();
  add(1);
  await pass(50);
  pump.sendAlert('{"sid":"NO1"}');
  const past = '{"kind":"entries","entries":[{"sequence":0,"kind":"alert","alert":{"sid":"NO1"}}]}';
  assert.deepEqual(frames, [frame(1), past]);
  pump.onStored(0);
  assert.deepEqual(ledger.storedUpTo, []);
  pump.onStored(1);
  assert.deepEqual(ledger.storedUpTo, [1]);
  pump.stop();
  pump.sendAlert("{}");
  assert.equal(frames.length, 2);
});

test("a frame holds 500 entries", async () => {
  const { pump, frames, add, pass } = script();
  pump.start();
  add(...Array.from({ length: entriesPerFrame + 1 }, (_, index) => index + 1));
  await pass(50);
  assert.equal(entriesPerFrame, 500);
  assert.equal((JSON.parse(frames[0] ?? "") as { entries: number[] }).entries.length, 500);
  pump.onStored(500);
  await pass(50);
  assert.equal(frames[1], frame(501));
});

/** Places of the entries between two numbers, both inclusive. */
const run = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

for (const [entries, waitMs] of [
  [9, 50],
  [10, 250],
  [499, 250],
  [500, 50],
] as const) {
  test(`after a frame of ${entries} entries the next gathers for ${waitMs} ms`, async () => {
    const { pump, frames, add, pass } = script();
    pump.start();
    add(...run(1, entries));
    await pass(50);
    assert.equal(frames.length, 1);
    pump.onStored(entries);
    add(entries + 1);
    await pass(waitMs - 0.1);
    assert.equal(frames.length, 1);
    await pass(0.1);
    assert.deepEqual(frames.slice(1), [frame(entries + 1)]);
    pump.onStored(entries + 1);
    add(entries + 2);
    await pass(50);
    assert.equal(frames.length, 3, "a frame of one entry is followed soon");
  });
}

test("without a word from control for 30 s the frame is sent again", async () => {
  const { pump, frames, add, pass } = script();
  pump.start();
  add(1);
  await pass(50);
  await pass(29_999.9);
  assert.equal(frames.length, 1);
  await pass(0.1);
  await pass(50);
  assert.deepEqual(frames, [frame(1), frame(1)]);
});

test("an answer within the 30 s stops the clock", async () => {
  const { pump, frames, add, pass, clock } = script();
  pump.start();
  add(1);
  await pass(50);
  pump.onStored(1);
  await pass(50);
  assert.equal(clock.pendingTimers, 0);
  await pass(60_000);
  assert.equal(frames.length, 1);
});

test("after a reconnect it begins with the oldest entry that control has not confirmed", async () => {
  const { pump, frames, add, pass, ledger } = script();
  pump.start();
  add(1, 2, 3);
  await pass(50);
  pump.onStored(1);
  pump.stop();
  await pass(60_000);
  assert.equal(frames.length, 1);
  pump.start();
  await pass(50);
  assert.deepEqual(frames, [frame(1, 2, 3), frame(2, 3)]);
  assert.equal(ledger.readsAfter.at(-1), 0);
});

test("what the ledger had answered for an earlier stream is not sent on the next one", async () => {
  const { pump, frames, add, clock, pass } = script();
  pump.start();
  add(1);
  clock.advance(50);
  pump.stop();
  pump.start();
  await pass(0);
  assert.deepEqual(frames, []);
  await pass(50);
  assert.deepEqual(frames, [frame(1)]);
});

test("control can't confirm more than it was sent, nor anything once stopped", async () => {
  const { pump, add, pass, ledger } = script();
  pump.start();
  add(1, 2);
  await pass(50);
  pump.onStored(3);
  assert.deepEqual(ledger.storedUpTo, []);
  pump.stop();
  pump.onStored(2);
  assert.deepEqual(ledger.storedUpTo, []);
});

test("an outbox that turns out to be empty is looked at again when something comes", async () => {
  const { pump, frames, add, pass, clock } = script();
  pump.start();
  await pass(50);
  assert.equal(clock.pendingTimers, 0);
  add(1);
  await pass(50);
  assert.deepEqual(frames, [frame(1)]);
});
