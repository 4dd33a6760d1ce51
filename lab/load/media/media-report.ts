import type { BenchEngine } from "./media-engines.ts";
import type { Measurement } from "./media-measurement.ts";

/** One engine against the router of the same round: medians of the differences, since the machine drifts from round to round. */
export interface EngineSummary {
  readonly engine: BenchEngine;
  readonly lossShare: number;
  /** What it costs more than the router, microseconds of CPU per packet; of the router itself: all of it. */
  readonly addedCpuPerPacket: number;
  readonly addedSystemCpuPerPacket: number;
  readonly programNsPerRun: number | undefined;
  /** Microseconds, more than the router's. */
  readonly addedP50: number;
  readonly addedP99: number;
}

export function summaryOf(
  measured: ReadonlyMap<BenchEngine, readonly Measurement[]>,
): readonly EngineSummary[] {
  const router = measured.get("forward") ?? [];
  return [...measured].map(([engine, rounds]) => {
    const base = (round: number, read: (one: Measurement) => number): number => {
      const beside = router[round];
      return engine === "forward" || beside === undefined ? 0 : read(beside);
    };
    const added = (read: (one: Measurement) => number): number =>
      median(rounds.map((one, round) => read(one) - base(round, read)));
    const ofProgram = rounds.flatMap(({ programNsPerRun }) => programNsPerRun ?? []);
    return {
      engine,
      lossShare: median(rounds.map(({ sent, received }) => (sent - received) / sent)),
      addedCpuPerPacket: added(({ cpuPerPacket }) => cpuPerPacket),
      addedSystemCpuPerPacket: added(({ systemCpuPerPacket }) => systemCpuPerPacket),
      programNsPerRun: ofProgram.length === 0 ? undefined : median(ofProgram),
      addedP50: added(({ p50 }) => p50),
      addedP99: added(({ p99 }) => p99),
    };
  });
}

export function printMediaReport(summary: readonly EngineSummary[]): void {
  console.log(
    "\n| engine | loss | CPU µs/packet | whole machine | program ns | p50 µs | p99 µs |\n|---|---|---|---|---|---|---|",
  );
  for (const one of summary) {
    const cells = [
      one.engine === "forward" ? "router, itself" : one.engine,
      `${(one.lossShare * 100).toFixed(3)} %`,
      one.addedCpuPerPacket.toFixed(2),
      one.addedSystemCpuPerPacket.toFixed(2),
      one.programNsPerRun?.toFixed(0) ?? "–",
      one.addedP50.toFixed(1),
      one.addedP99.toFixed(1),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
