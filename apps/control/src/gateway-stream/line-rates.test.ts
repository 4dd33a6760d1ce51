import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionHealth } from "@tandem/contracts";
import { LineRates } from "./line-rates.ts";

function line(sid: string, receivedBytes: number | null, sentBytes: number | null): ConnectionHealth {
  return {
    sid,
    state: "up",
    reason: null,
    sinceMs: 0,
    link: "up",
    route: "present",
    bgp: null,
    bfd: null,
    receivedBytes,
    sentBytes,
  };
}

function rates(lineRates: LineRates, lines: ConnectionHealth[], atMs: number) {
  return lineRates
    .report(lines, atMs)
    .map((reported) => [reported.receivedBitsPerSecond, reported.sentBitsPerSecond]);
}

test("a rate needs two reports", () => {
  const lineRates = new LineRates();
  assert.deepEqual(rates(lineRates, [line("a", 1000, 0)], 0), [[null, null]]);
  assert.deepEqual(rates(lineRates, [line("a", 6000, 2500)], 5000), [[8000, 4000]]);
  assert.deepEqual(rates(lineRates, [line("a", 6000, 2501)], 13_000), [[0, 1]]);
});

test("a report within a second of the last keeps its rates, and its bytes count in the next", () => {
  const lineRates = new LineRates();
  rates(lineRates, [line("a", 0, 0)], 0);
  assert.deepEqual(rates(lineRates, [line("a", 1000, 0)], 999), [[null, null]]);
  assert.deepEqual(rates(lineRates, [line("a", 1000, 0)], 1000), [[8000, 0]]);
  assert.deepEqual(rates(lineRates, [line("a", 3000, 0)], 1999), [[8000, 0]]);
  assert.deepEqual(rates(lineRates, [line("a", 3000, 0)], 2000), [[16_000, 0]]);
});

test("unknown counters and counters that began again have no rate", () => {
  const lineRates = new LineRates();
  rates(lineRates, [line("a", null, 5000)], 0);
  assert.deepEqual(rates(lineRates, [line("a", 1000, 100)], 1000), [[null, null]]);
  assert.deepEqual(rates(lineRates, [line("a", null, 200)], 2000), [[null, 800]]);
});

test("lines are apart, and one that was not reported is forgotten", () => {
  const lineRates = new LineRates();
  rates(lineRates, [line("a", 0, 0), line("b", 0, 0)], 0);
  assert.deepEqual(rates(lineRates, [line("b", 1000, 0)], 1000), [[8000, 0]]);
  assert.deepEqual(rates(lineRates, [line("a", 9000, 0), line("b", 1000, 0)], 2000), [
    [null, null],
    [0, 0],
  ]);
});

test("the same report once more is none: its time says nothing about its counters", () => {
  const lineRates = new LineRates();
  rates(lineRates, [line("a", 0, 0)], 0);
  const report = [line("a", 5000, 0)];
  assert.deepEqual(rates(lineRates, report, 5000), [[8000, 0]]);
  assert.deepEqual(rates(lineRates, report, 8000), [[8000, 0]]);
  assert.deepEqual(rates(lineRates, [line("a", 10_000, 0)], 10_000), [[8000, 0]]);
});
