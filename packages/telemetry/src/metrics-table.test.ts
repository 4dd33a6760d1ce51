import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { Metrics } from "./metrics.ts";
import { metricsTable } from "./metrics-table.ts";
import { ProcessMetrics } from "./process-metrics.ts";

test("a row for each metric, with the unit of its name", () => {
  const metrics = new Metrics();
  metrics.counter("cpu_seconds_total", "CPU.");
  metrics.gauges("calls", "a | b.", ["direction", "state"], () => {});
  assert.equal(
    metricsTable(metrics.families),
    `| metric | kind | unit | labels | what it says |
|---|---|---|---|---|
| \`cpu_seconds_total\` | counter | seconds |  | CPU. |
| \`calls\` | gauge |  | \`direction\`, \`state\` | a \\| b. |
`,
  );
});

test("docs/metrics.md has what every program says of its process", () => {
  const metrics = new Metrics();
  new ProcessMetrics(metrics, "any", new HandClock()).close();
  const page = readFileSync(new URL("../../../docs/metrics.md", import.meta.url), "utf8");
  const table = /<!-- process:begin -->\n([\s\S]*?)<!-- process:end -->/.exec(page)?.[1];
  assert.equal(
    table,
    metricsTable(metrics.families),
    `put this between the marks:\n${metricsTable(metrics.families)}`,
  );
});
