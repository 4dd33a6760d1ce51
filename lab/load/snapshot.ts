import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type SnapshotChange, type SnapshotCounts, snapshotFormatVersion } from "@tandem/contracts";
import { gatewayCounts } from "../harness/gateway-counts.ts";
import { GatewayProcess } from "../harness/gateway-process.ts";
import { cpuMicroseconds, residentBytes } from "../harness/process-cost.ts";
import { hasSipp, Sipp } from "../harness/sipp.ts";
import { delay, waitFor } from "../harness/wait.ts";
import { percentile } from "./invite-capture.ts";
import {
  firstTrunkLabel,
  type LargeSnapshot,
  largeBaseDomain,
  largeNumber,
  largeTrunk,
  writeLargeSnapshot,
} from "./large-snapshot.ts";
import { noProbes } from "./load-network.ts";
import { ScriptedControl } from "./scripted-control.ts";

const addresses = {
  customers: "127.0.245.1",
  carriers: "127.0.245.2",
  customer: "127.0.245.11",
  carrier: "127.0.245.21",
} as const;
const scenarios = join(import.meta.dirname, "scenarios");
/** What `changes` come in: half of them another URL of a trunk, half a number that was moved. */
const betweenChangesMs = 200;
const budget = { loadSeconds: 10, residentMiB: 1024, changeMs: 5, pauseMs: 10 } as const;

interface Pauses {
  readonly longestMs: number;
  readonly longestOwnMs: number;
}

/** `tandem bench snapshot`: a gateway with a large snapshot, and changes to it while there are calls. */
export async function benchSnapshot(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trunks: { type: "string", default: "100000" },
      numbers: { type: "string", default: "1000000" },
      rate: { type: "string", default: "50" },
      changes: { type: "string", default: "50" },
      json: { type: "string" },
    },
  });
  if (!hasSipp()) {
    console.log("SIPp is not installed: apt-get install sip-tester");
    return 1;
  }
  const size: LargeSnapshot = {
    trunks: Number(values.trunks),
    numbers: Number(values.numbers),
    customerAddress: addresses.customer,
    carrierAddress: addresses.carrier,
  };
  const directory = mkdtempSync(join(tmpdir(), "tandem-snapshot-"));
  try {
    const result = await measure(directory, size, Number(values.rate), Number(values.changes));
    print(size, result);
    if (values.json !== undefined) {
      writeFileSync(values.json, `${JSON.stringify({ size, result }, undefined, 2)}\n`);
    }
    return result.failed === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Result = Awaited<ReturnType<typeof measure>>;

async function measure(directory: string, size: LargeSnapshot, rate: number, changes: number) {
  const stateDirectory = join(directory, "state");
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const file = join(stateDirectory, "snapshot.json");
  const counts = writeLargeSnapshot(file, size);
  const control = new ScriptedControl();
  const gateway = gatewayOf(directory, stateDirectory, await control.url());
  const carrier = sipp(directory, "carrier", {});
  try {
    const startedMs = performance.now();
    await gateway.start();
    const loadSeconds = (performance.now() - startedMs) / 1000;
    const { pid } = gateway.program;
    const loadCpuSeconds = cpuMicroseconds(pid) / 1e6;
    const loadedMiB = residentBytes(pid) / 2 ** 20;
    await control.connected();
    const seconds = (changes * betweenChangesMs) / 1000;
    // Without changes, with them, and as much again for a slow machine.
    const calls = Math.ceil(rate * (2 * seconds + 4));
    const customer = sipp(directory, "customer", { calls, rate });
    await delay(2000);
    await pausesOf(gateway);
    await delay(seconds * 1000);
    const without = await pausesOf(gateway);
    const tookMs: number[] = [];
    for (let index = 0; index < changes; index += 1) {
      tookMs.push(await control.change(changeOf(index, size, counts)));
      await delay(betweenChangesMs);
    }
    const withChanges = await pausesOf(gateway);
    tookMs.sort((a, b) => a - b);
    const changedMiB = residentBytes(pid) / 2 ** 20;
    const finished = await customer.finished();
    return {
      snapshotMiB: statSync(file).size / 2 ** 20,
      loadSeconds,
      loadCpuSeconds,
      loadedMiB,
      changedMiB,
      heapMiB: (await gatewayCounts(gateway.program)).heapUsed / 2 ** 20,
      changes,
      changeP50Ms: percentile(tookMs, 0.5) ?? 0,
      changeMaximumMs: tookMs.at(-1) ?? 0,
      without,
      withChanges,
      calls,
      failed: calls - finished.successful,
    };
  } finally {
    await carrier.stop();
    control.close();
    await gateway.program.kill();
  }
}

function changeOf(index: number, size: LargeSnapshot, counts: SnapshotCounts): SnapshotChange {
  const which = (index * 7919) % size.trunks;
  const put =
    index % 2 === 0
      ? { trunks: [largeTrunk(which, `sbc-${index}.example.com`)] }
      : { numbers: [largeNumber(which % size.numbers, size, 1)] };
  const fromVersion = index + 1;
  return {
    formatVersion: snapshotFormatVersion,
    fromVersion,
    toVersion: fromVersion + 1,
    settings: {},
    put,
    removed: {},
    counts,
  };
}

function gatewayOf(directory: string, stateDirectory: string, url: string): GatewayProcess {
  const ports = { udpPort: 5060, tcpPort: 5060 };
  return new GatewayProcess({
    directory,
    nodeArguments: ["--import", join(import.meta.dirname, "loop-pauses.ts")],
    configuration: {
      name: "gateway-1",
      edge: "ashburn",
      region: "us1",
      stateDirectory,
      control: { url, token: "none" },
      interfaces: [
        { name: "customers", roles: ["public"], localAddress: addresses.customers, ...ports },
        { name: "carriers", roles: ["carrier"], localAddress: addresses.carriers, ...ports },
      ],
      mediaPorts: { first: 20_000, last: 29_999 },
      preboundEndpoints: 200,
      health: noProbes,
    },
  });
}

function sipp(
  directory: string,
  name: "customer" | "carrier",
  load: { calls?: number; rate?: number },
): Sipp {
  return new Sipp({
    name,
    scenarioFile: join(scenarios, `${name}.xml`),
    localAddress: addresses[name],
    localPort: 5060,
    directory,
    ...(load.calls === undefined
      ? {}
      : {
          remote: { address: addresses.customers, port: 5060 },
          calls: load.calls,
          ratePerSecond: load.rate ?? 1,
          fields: [`${firstTrunkLabel}.pstn.${largeBaseDomain}`],
        }),
  });
}

/** Since it was asked last. */
async function pausesOf(gateway: GatewayProcess): Promise<Pauses> {
  const lines = (): string[] =>
    gateway.program.output.split("\n").filter((line) => line.includes('"loop-pauses"'));
  const seen = lines().length;
  gateway.program.signal("SIGUSR2");
  const line = await waitFor("the pauses", () => lines()[seen]);
  return JSON.parse(line) as Pauses;
}

function print(size: LargeSnapshot, result: Result): void {
  const { without, withChanges } = result;
  const pause = ({ longestMs, longestOwnMs }: Pauses): string =>
    `${longestMs.toFixed(1)}, of it busy ${longestOwnMs.toFixed(1)}`;
  const rows: readonly (readonly [what: string, value: string, budget?: number])[] = [
    ["snapshot on disk, MiB", result.snapshotMiB.toFixed(0)],
    ["start until calls are taken, s", result.loadSeconds.toFixed(1), budget.loadSeconds],
    ["CPU until then, all threads, s", result.loadCpuSeconds.toFixed(1)],
    ["resident memory then, MiB", result.loadedMiB.toFixed(0), budget.residentMiB],
    ["resident memory after the changes, MiB", result.changedMiB.toFixed(0), budget.residentMiB],
    ["heap, MiB", result.heapMiB.toFixed(0)],
    ["change in force after its frame, p50, ms", result.changeP50Ms.toFixed(2), budget.changeMs],
    ["the slowest, ms", result.changeMaximumMs.toFixed(2), budget.changeMs],
    ["longest pause with calls, no changes, ms", pause(without)],
    ["longest pause with calls and changes, ms", pause(withChanges), budget.pauseMs],
    ["calls", String(result.calls)],
    ["failed", String(result.failed), 0],
  ];
  console.log(`${size.trunks} trunks, ${size.numbers} numbers, ${result.changes} changes\n`);
  for (const [what, value, limit] of rows) {
    console.log(`${what.padEnd(44)}${value.padEnd(24)}${limit === undefined ? "" : `budget ${limit}`}`);
  }
}
