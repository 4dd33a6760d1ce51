import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Metrics } from "./metrics.ts";
import { maximumSeries } from "./series.ts";

describe("Metrics", () => {
  test("writes counters, gauges and histograms for Prometheus", () => {
    const metrics = new Metrics();
    const calls = metrics.counter("calls_total", "Calls by direction.", ["direction", "statusCode"]);
    let live = 3;
    metrics.gauge("live_calls", "Calls now.", () => live);
    const delay = metrics.histogram("delay_seconds", "Post-dial delay.", [0.1, 1]);
    metrics.counter("plain_total", "Without labels: there from the start.");
    calls.increment({ direction: "ingress", statusCode: "200" });
    calls.increment({ direction: "egress", statusCode: "200" }, 2);
    calls.with({ direction: "ingress", statusCode: "200" }).increment();
    for (const value of [0.05, 0.1, 0.5, 3]) delay.observe(value);
    live = 4;
    assert.equal(
      metrics.text(),
      `# HELP calls_total Calls by direction.
# TYPE calls_total counter
calls_total{direction="ingress",statusCode="200"} 2
calls_total{direction="egress",statusCode="200"} 2
# HELP live_calls Calls now.
# TYPE live_calls gauge
live_calls 4
# HELP delay_seconds Post-dial delay.
# TYPE delay_seconds histogram
delay_seconds_bucket{le="0.1"} 2
delay_seconds_bucket{le="1.0"} 3
delay_seconds_bucket{le="+Inf"} 4
delay_seconds_sum 3.65
delay_seconds_count 4
# HELP plain_total Without labels: there from the start.
# TYPE plain_total counter
plain_total 0
`,
    );
  });

  test("histograms take labels", () => {
    const metrics = new Metrics();
    const sizes = metrics.histogram("size", "Size.", [10], ["kind"]);
    sizes.observe(5, { kind: "a" });
    sizes.with({ kind: "a" }).observe(11);
    assert.match(
      metrics.text(),
      /size_bucket\{kind="a",le="10.0"\} 1\nsize_bucket\{kind="a",le="\+Inf"\} 2\nsize_sum\{kind="a"\} 16\nsize_count\{kind="a"\} 2\n$/,
    );
  });

  test("escapes help and label values; a label left out is empty", () => {
    const metrics = new Metrics();
    const counter = metrics.counter("c_total", "one\ntwo \\", ["a", "b"]);
    counter.increment({ a: 'x"\\\n' });
    assert.equal(
      metrics.text(),
      '# HELP c_total one\\ntwo \\\\\n# TYPE c_total counter\nc_total{a="x\\"\\\\\\n",b=""} 1\n',
    );
  });

  test("a counter only grows, a histogram takes numbers only", () => {
    const metrics = new Metrics();
    const cell = metrics.counter("c_total", "").with({});
    for (const amount of [-1, 0, Number.NaN]) cell.increment(amount);
    assert.equal(cell.value, 0);
    cell.increment(0.5);
    assert.equal(cell.value, 0.5);
    const histogram = metrics.histogram("h", "", [1]).with({});
    histogram.observe(Number.NaN);
    assert.deepEqual([histogram.count, histogram.counts], [0, [0, 0]]);
    histogram.observe(-1);
    assert.deepEqual([histogram.count, histogram.counts], [1, [1, 0]]);
  });

  test("beyond 1000 label combinations all others are one", () => {
    assert.equal(maximumSeries, 1000);
    const metrics = new Metrics();
    const counter = metrics.counter("c_total", "", ["a"]);
    for (let i = 0; i < 1000; i += 1) counter.increment({ a: `${i}` });
    assert.equal(metrics.text().split("\n").length, 1003);
    assert.doesNotMatch(metrics.text(), /other/);
    counter.increment({ a: "1000" });
    counter.increment({ a: "1001" });
    counter.increment({ a: "5" });
    assert.match(metrics.text(), /c_total\{a="5"\} 2\n/);
    assert.match(metrics.text(), /c_total\{a="999"\} 1\nc_total\{a="other"\} 2\n$/);
  });

  test("asks for gauges and counters that are kept elsewhere when it writes", () => {
    const metrics = new Metrics();
    const states = new Map([["up", 2]]);
    metrics.gauges("targets", "Targets.", ["state"], (sample) => {
      for (const [state, count] of states) sample(count, state);
    });
    metrics.counters("seen_total", "Seen.", [], (sample) => sample(7));
    let age: number | undefined;
    metrics.gauge("age_seconds", "Age.", () => age);
    assert.match(
      metrics.text(),
      /targets\{state="up"\} 2\n.*\n.*\nseen_total 7\n.*\n# TYPE age_seconds gauge\n$/,
    );
    states.set('d"own', 1);
    age = Number.POSITIVE_INFINITY;
    assert.match(metrics.text(), /targets\{state="d\\"own"\} 1\n/);
    assert.match(metrics.text(), /age_seconds \+Inf\n$/);
  });

  test("series that are given twice are summed, and beyond 1000 all others are one", () => {
    const metrics = new Metrics();
    let count = 1000;
    metrics.gauges("g", "", ["a"], (sample) => {
      for (let i = 0; i < count; i += 1) sample(1, `${i}`);
      sample(2, "0");
    });
    assert.match(metrics.text(), /g\{a="0"\} 3\n/);
    assert.doesNotMatch(metrics.text(), /other/);
    count = 1002;
    assert.match(metrics.text(), /g\{a="0"\} 3\n/);
    assert.match(metrics.text(), /g\{a="999"\} 1\ng\{a="other"\} 2\n$/);
  });

  test("OpenMetrics: a counter's family has no suffix, and the text an end", () => {
    const metrics = new Metrics();
    metrics.counter("calls_total", 'Said "so".').increment();
    metrics.histogram("delay_seconds", "", [0.5, 1]).observe(1);
    const text = metrics.text("openmetrics");
    assert.match(text, /^# HELP calls Said \\"so\\"\.\n# TYPE calls counter\ncalls_total 1\n/);
    assert.match(text, /delay_seconds_bucket\{le="1\.0"\} 1\n/);
    assert.match(text, /\n# EOF\n$/);
  });

  test("refuses malformed and known names, and bounds that do not rise", () => {
    const metrics = new Metrics();
    metrics.counter("a_total", "");
    assert.throws(() => metrics.counter("a_total", ""), RangeError);
    assert.throws(() => metrics.gauge("a_total", "", () => 0), RangeError);
    assert.throws(() => metrics.counter("a", ""), RangeError);
    metrics.gauge("a", "", () => 0);
    assert.throws(() => metrics.histogram("a", "", [1]), RangeError);
    assert.throws(() => metrics.gauges("g", "", ["a-b"], () => {}), RangeError);
    assert.throws(() => metrics.counter("1a_total", ""), RangeError);
    assert.throws(() => metrics.counter("a b_total", ""), RangeError);
    assert.throws(() => metrics.counter("b_total", "", ["a-b"]), RangeError);
    assert.throws(() => metrics.histogram("b", "", [1], ["a-b"]), RangeError);
    assert.throws(() => metrics.histogram("b", "", [1, 1]), RangeError);
    assert.throws(() => metrics.histogram("b", "", [2, 1]), RangeError);
    assert.doesNotThrow(() => metrics.histogram("b", "", [1, 2]));
  });
});
