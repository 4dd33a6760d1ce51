import assert from "node:assert/strict";
import { test } from "node:test";
import { chartSize, heightOf, sampleChart } from "./sample-chart.ts";

test("each side is a line of levels over the time of the call", () => {
  const samples = [
    { from: "ingress", start_ms: 0, period_ms: 10_000, mos: 4.5 },
    { from: "egress", start_ms: 0, period_ms: 10_000, mos: null },
    { from: "ingress", start_ms: 10_000, period_ms: 10_000, mos: 1 },
  ];
  assert.deepEqual(sampleChart(samples), {
    lines: [{ from: "ingress", points: "0,0 300,0 300,120 600,120" }],
    seconds: 20,
  });
});

test("without scores there is no chart", () => {
  assert.equal(sampleChart([]), undefined);
  assert.equal(sampleChart([{ from: "ingress", start_ms: 0, period_ms: 1, mos: null }]), undefined);
});

test("a score outside of the scale stays in the picture", () => {
  assert.deepEqual([heightOf(9), heightOf(0), heightOf(2.75)], [0, chartSize.height, 60]);
});
