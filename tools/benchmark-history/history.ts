import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Chart, chartText } from "./chart.ts";

const results = join("benchmarks", "results");

interface MediaRow {
  readonly engine: string;
  readonly addedCpuPerPacket: number;
  readonly lossShare: number;
}

/** What a lost packet costs says nothing of the others. */
const maximumLossShare = 0.01;

/** What is read of a file in benchmarks/results, whichever bench wrote it. */
interface Result {
  readonly tandem?: { readonly cpuMicrosecondsPerCall: number; readonly addedDelayP99Ms?: number };
  readonly kamailio?: { readonly cpuMicrosecondsPerCall: number; readonly addedDelayP99Ms?: number };
  readonly summary?: readonly MediaRow[];
}

interface Run {
  /** Date of the file, and what follows the name of the bench: "2026-11-25 (2)". */
  readonly label: string;
  readonly result: Result;
}

/** The section of benchmarks/README.md between its marks. `root`: the repository. */
export function historySection(root: string): string {
  const calls = runsOf(root, "calls");
  const media = runsOf(root, "media");
  return [
    besideKamailio(calls, "CPU per call", "µs", (side) => side?.cpuMicrosecondsPerCall),
    besideKamailio(calls, "p99 of the added delay", "ms", (side) => side?.addedDelayP99Ms),
    {
      title: "CPU per forwarded packet, added to the router's",
      unit: "µs",
      runs: media.map(({ label }) => label),
      series: [
        {
          name: "kernel engine",
          kind: "bar" as const,
          values: media.map((run) => packetCost(run, "kernel")),
        },
        {
          name: "rtpengine",
          kind: "line" as const,
          values: media.map((run) => packetCost(run, "rtpengine")),
        },
      ],
    },
  ]
    .map(chartText)
    .join("\n\n");
}

function besideKamailio(
  runs: readonly Run[],
  title: string,
  unit: string,
  valueOf: (side: Result["tandem"]) => number | undefined,
): Chart {
  return {
    title,
    unit,
    runs: runs.map(({ label }) => label),
    series: [
      { name: "Tandem", kind: "bar", values: runs.map(({ result }) => valueOf(result.tandem)) },
      { name: "Kamailio", kind: "line", values: runs.map(({ result }) => valueOf(result.kamailio)) },
    ],
  };
}

function packetCost({ result }: Run, engine: string): number | undefined {
  const row = result.summary?.find((one) => one.engine === engine);
  return row === undefined || row.lossShare > maximumLossShare ? undefined : row.addedCpuPerPacket;
}

/** All recorded runs of a bench, the oldest first. */
function runsOf(root: string, bench: string): readonly Run[] {
  const runs: Run[] = [];
  for (const file of readdirSync(join(root, results))) {
    const [, date = "", which] =
      new RegExp(`^(\\d{4}-\\d{2}-\\d{2})-${bench}(?:-(.+))?\\.json$`).exec(file) ?? [];
    if (date === "") continue;
    const result = JSON.parse(readFileSync(join(root, results, file), "utf8")) as Result;
    runs.push({ label: which === undefined ? date : `${date} (${which})`, result });
  }
  return runs.toSorted((a, b) => (a.label < b.label ? -1 : 1));
}
