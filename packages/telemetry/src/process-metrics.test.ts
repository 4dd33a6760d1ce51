import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { Metrics } from "./metrics.ts";
import { ProcessMetrics } from "./process-metrics.ts";

test("what the process costs, under the usual names", () => {
  const metrics = new Metrics();
  const own = new ProcessMetrics(metrics, "gateway", new HandClock());
  const text = metrics.text();
  assert.match(
    text,
    /^tandem_build_info\{program="gateway",version="\d+\.\d+\.\d+",node="v\d+\.[^"]*"\} 1$/m,
  );
  for (const name of [
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "nodejs_heap_size_used_bytes",
    "nodejs_heap_size_total_bytes",
  ]) {
    const value = Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1]);
    assert.ok(value > 0, `${name} ${value}`);
  }
  assert.match(text, /nodejs_gc_duration_seconds_count\{kind="minor"\} 0/);
  own.close();
});

test("every second the longest pause of the loop is one observation, until it is closed", () => {
  const metrics = new Metrics();
  const clock = new HandClock();
  const own = new ProcessMetrics(metrics, "gateway", clock);
  const count = () => Number(/tandem_event_loop_delay_seconds_count (\d+)/.exec(metrics.text())?.[1]);
  clock.advance(5_000);
  assert.equal(count(), 0);
  own.start();
  own.start();
  clock.advance(999);
  assert.equal(count(), 0);
  clock.advance(2_001);
  assert.equal(count(), 3);
  own.close();
  clock.advance(5_000);
  assert.equal(count(), 3);
  assert.equal(clock.pendingTimers, 0);
});
