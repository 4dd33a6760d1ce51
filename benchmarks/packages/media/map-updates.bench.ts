/**
 * Two ways to write an entry of the kernel engine's maps: bpf(2) through node:ffi, and commands to `bpftool batch` over a
 * pipe. CPU of both processes and the time until the entry is there. Then what it costs to change the terms of one by the
 * program that does so. Needs root, bpftool and clang.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { BpfMap } from "../../../packages/media/src/kernel/bpf-map.ts";
import { FlowEntries } from "../../../packages/media/src/kernel/flow-entries.ts";
import { type FlowTerms, shapes, writeFlowTerms } from "../../../packages/media/src/kernel/layout/index.ts";
import { mappedAddress } from "../../../packages/media/src/kernel/mapped-address.ts";
import { PinnedProgram } from "../../../packages/media/src/kernel/pinned-program.ts";
import { type SystemCalls, systemCalls } from "../../../packages/media/src/kernel/system-calls.ts";

const entries = 5000;
const ticksPerSecond = 100;
const { keyBytes, valueBytes } = { ...shapes.flows };
const shape = { keyBytes, valueBytes, hasLock: false };

const directory = mkdtempSync(join(tmpdir(), "tandem-map-updates-"));
execFileSync("mount", ["-t", "bpf", "bpf", directory]);
const path = join(directory, "flows");
const create = ["map", "create", path, "type", "hash", "key", `${keyBytes}`, "value", `${valueBytes}`];
execFileSync("bpftool", [...create, "entries", "32768", "name", "flows"]);
const calls = await systemCalls();
if (typeof calls === "string") throw new Error(calls);
const map = BpfMap.open(calls, path, shape);

function report(what: string, cpuMicroseconds: number, wallMs: number): void {
  const perEntry = (value: number): string => (value / entries).toFixed(2);
  console.log(
    `${what}: ${perEntry(cpuMicroseconds)} µs of CPU, ${perEntry(wallMs * 1000)} µs of time per entry`,
  );
}

function ffi(): void {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  for (let i = 0; i < entries; i += 1) {
    map.key.writeUInt32LE(i);
    map.put();
  }
  const used = process.cpuUsage(before);
  report("node:ffi, bpf(2)", used.user + used.system, performance.now() - startedMs);
}

/** User and system time so far. */
function childCpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

async function bpftool(): Promise<void> {
  const child = spawn("bpftool", ["batch", "file", "-"], { stdio: ["pipe", "ignore", "inherit"] });
  const value = Array.from({ length: valueBytes }, () => "0x01").join(" ");
  const before = process.cpuUsage();
  const startedMs = performance.now();
  for (let i = 0; i < entries; i += 1) {
    map.key.writeUInt32LE(100_000 + i);
    const key = Array.from(map.key, (byte) => `0x${byte.toString(16)}`).join(" ");
    child.stdin.write(`map update pinned ${path} key ${key} value ${value}\n`);
  }
  // It says nothing until its end: the last entry is asked for.
  while (!map.get()) await pause(5);
  const used = process.cpuUsage(before);
  const theirs = childCpuMicroseconds(child.pid as number);
  child.stdin.end();
  report("bpftool batch over a pipe", used.user + used.system + theirs, performance.now() - startedMs);
}

/** An entry of which only the terms change. */
function changes(): void {
  const place = { bpfDirectory: directory, name: "bench", cacheDirectory: tmpdir() };
  const program = new PinnedProgram(calls as SystemCalls, place);
  program.load();
  const flows = FlowEntries.open(calls as SystemCalls, program);
  const key = { ifindex: 1, port: 20_000, address: mappedAddress("192.0.2.1") as Buffer };
  writeFlowTerms(flows.terms, termsOfFlow(key));
  flows.create(key);
  writeFlowTerms(flows.changed, termsOfFlow(key));
  const before = process.cpuUsage();
  const startedMs = performance.now();
  for (let i = 0; i < entries; i += 1) if (!flows.change()) throw new Error("there is no such flow");
  const used = process.cpuUsage(before);
  report("node:ffi, terms by the program", used.user + used.system, performance.now() - startedMs);
  flows.close();
  program.remove();
}

function termsOfFlow(key: FlowTerms["key"]): FlowTerms {
  const numbers = {
    armed: 1,
    sending: 1,
    remotePort: 0,
    dscp: 0,
    linkHeaderBytes: 14,
    networks: 0,
    clockRate: 8000,
  };
  const flags = { isLeftToStack: false, isRtcpPort: false, mayUseRoutes: false };
  const none = { partner: undefined, remote: undefined, signaling: undefined, fixedWay: undefined };
  return {
    ...numbers,
    ...flags,
    ...none,
    kind: "rtp",
    source: "address",
    key,
    eventTypes: [],
    hops: [undefined, undefined],
  };
}

ffi();
ffi();
changes();
changes();
await bpftool();
map.close();
execFileSync("umount", [directory]);
rmSync(directory, { recursive: true });
