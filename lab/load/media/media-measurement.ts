import { readFileSync, writeFileSync } from "node:fs";
import { cpuMicroseconds } from "../../harness/process-cost.ts";
import { runCommand } from "../../network/builder/run-command.ts";
import type { RunningEngine } from "./media-engines.ts";
import { type LoadOptions, type LoadResult, runLoad } from "./rtp-load.ts";

const statsSwitch = "/proc/sys/kernel/bpf_stats_enabled";

export interface Measurement extends LoadResult {
  /** CPU of generator, receiver and engine, microseconds per packet sent. */
  readonly cpuPerPacket: number;
  /** Of the whole machine, whatever else runs on it. */
  readonly systemCpuPerPacket: number;
  /** Run time of the eBPF program alone, nanoseconds per run; undefined: there is none. */
  readonly programNsPerRun: number | undefined;
}

/** Loads an engine and takes what it cost. */
export async function measure(engine: RunningEngine, load: LoadOptions): Promise<Measurement> {
  const statsBefore = readFileSync(statsSwitch, "utf8");
  writeFileSync(statsSwitch, "1");
  try {
    const before = costs(engine);
    const result = await runLoad(load);
    const after = costs(engine);
    const own = after.engineMicroseconds - before.engineMicroseconds + result.cpuSeconds * 1e6;
    const runs = after.programRuns - before.programRuns;
    return {
      ...result,
      cpuPerPacket: own / result.sent,
      systemCpuPerPacket: (after.systemMicroseconds - before.systemMicroseconds) / result.sent,
      // A few runs are those of somebody else's gateway.
      programNsPerRun: runs < result.sent / 2 ? undefined : (after.programNs - before.programNs) / runs,
    };
  } finally {
    writeFileSync(statsSwitch, statsBefore);
  }
}

interface Costs {
  readonly engineMicroseconds: number;
  readonly systemMicroseconds: number;
  readonly programNs: number;
  readonly programRuns: number;
}

function costs({ pid }: RunningEngine): Costs {
  const programs = JSON.parse(runCommand("bpftool", ["-j", "prog", "show"])) as {
    name?: string;
    run_time_ns?: number;
    run_cnt?: number;
  }[];
  const ours = programs.filter(({ name }) => name === "tandem_relay");
  return {
    engineMicroseconds: pid === undefined ? 0 : cpuMicroseconds(pid),
    systemMicroseconds: systemMicroseconds(),
    programNs: ours.reduce((sum, { run_time_ns = 0 }) => sum + run_time_ns, 0),
    programRuns: ours.reduce((sum, { run_cnt = 0 }) => sum + run_cnt, 0),
  };
}

/** Time that all processors were not idle. */
function systemMicroseconds(): number {
  const fields = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return (user + nice + system + irq + softirq) * 10_000;
}
