import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { chartText } from "./chart.ts";
import { pagePath, pageWithHistory } from "./page.ts";

const repository = join(import.meta.dirname, "..", "..");

test("benchmarks/README.md shows what is recorded: node tools/benchmark-history/write-page.ts", () => {
  assert.equal(readFileSync(pagePath(repository), "utf8"), pageWithHistory(repository));
});

test("a chart has one column for each run, and a table says what was not measured", () => {
  const text = chartText({
    title: "Cost",
    unit: "µs",
    runs: ["one", "two"],
    series: [
      { name: "ours", kind: "bar", values: [959, 12.34] },
      { name: "theirs", kind: "line", values: [undefined, 1038] },
    ],
  });
  assert.equal(
    text,
    [
      "```mermaid",
      "xychart-beta",
      '    title "Cost: ours (bars), theirs (lines)"',
      '    x-axis ["one", "two"]',
      '    y-axis "µs" 0 --> 1500',
      "    bar [959, 12.3]",
      "    line [0.0, 1038]",
      "```",
      "",
      "| Cost, µs | one | two |",
      "|---|---|---|",
      "| ours | 959 | 12.3 |",
      "| theirs | – | 1038 |",
    ].join("\n"),
  );
});

function repositoryWith(context: TestContext, page: string, files: Readonly<Record<string, object>>): string {
  const root = mkdtempSync(join(tmpdir(), "history-"));
  context.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "benchmarks", "results"), { recursive: true });
  writeFileSync(join(root, "benchmarks", "README.md"), page);
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(root, "benchmarks", "results", name), JSON.stringify(value));
  return root;
}

test("runs are in the order of their dates, several of a day by their names", (context) => {
  const calls = (tandem: number, kamailio?: number): object => ({
    tandem: { cpuMicrosecondsPerCall: tandem, addedDelayP99Ms: tandem / 100 },
    ...(kamailio === undefined ? {} : { kamailio: { cpuMicrosecondsPerCall: kamailio, addedDelayP99Ms: 1 } }),
  });
  const media = (rtpengineLoss: number): object => ({
    summary: [
      { engine: "kernel", addedCpuPerPacket: 3, lossShare: 0 },
      { engine: "rtpengine", addedCpuPerPacket: 20, lossShare: rtpengineLoss },
    ],
  });
  const root = repositoryWith(context, "before\n<!-- history:begin -->\nold\n<!-- history:end -->\nafter\n", {
    "2026-02-01-calls-late.json": calls(300, 200),
    "2026-02-01-calls.json": calls(200),
    "2025-12-31-calls.json": calls(100, 100),
    "2026-01-01-media.json": media(0.01),
    "2026-01-02-media.json": media(0.02),
    "2026-01-01-hold.json": { heapKiBPerCall: 9 },
  });
  const page = pageWithHistory(root);
  assert.match(page, /^before\n<!-- history:begin -->\n```mermaid\n/);
  assert.match(page, /\n<!-- history:end -->\nafter\n$/);
  assert.doesNotMatch(page, /old/);
  assert.match(page, /\| CPU per call, µs \| 2025-12-31 \| 2026-02-01 \| 2026-02-01 \(late\) \|/);
  assert.match(page, /\| Tandem \| 100 \| 200 \| 300 \|\n\| Kamailio \| 100 \| – \| 200 \|/);
  assert.match(page, /\| kernel engine \| 3\.0 \| 3\.0 \|\n\| rtpengine \| 20\.0 \| – \|/);
});

test("a page without marks is an error that names them", (context) => {
  const root = repositoryWith(context, "nothing\n", {});
  assert.throws(() => pageWithHistory(root), /history:begin/);
});
