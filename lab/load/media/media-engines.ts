import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import { delay, waitFor } from "../../harness/wait.ts";
import type { Network } from "../../network/builder/network.ts";
import { benchAddresses } from "./bench-addresses.ts";

export const engineNames = ["forward", "kernel", "userspace", "rtpengine"] as const;
export type BenchEngine = (typeof engineNames)[number];

/** An engine that relays calls, or, for comparison, a router. */
export interface RunningEngine {
  readonly address: string;
  readonly ports: readonly number[];
  /** Whose CPU time is counted; undefined: no process of its own. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly network: Network;
  readonly calls: number;
  readonly receiverPort: number;
}

const relayMain = join(import.meta.dirname, "..", "media-relay", "main.ts");
const rtpengineMain = join(import.meta.dirname, "..", "rtpengine-calls", "main.ts");
const ngPort = 2223;
const nodeOptions = ["--disable-warning=ExperimentalWarning"];

/** Undefined: it is not installed here. */
export async function startEngine(
  engine: BenchEngine,
  options: EngineOptions,
): Promise<RunningEngine | undefined> {
  if (engine === "forward") return router(options);
  if (engine === "rtpengine") return existsSync("/usr/bin/rtpengine") ? rtpengine(options) : undefined;
  return relay(engine, options);
}

function router({ calls, receiverPort }: EngineOptions): RunningEngine {
  const ports = Array.from({ length: calls }, () => receiverPort);
  return { address: benchAddresses.carrier, ports, pid: undefined, stop: async () => undefined };
}

async function relay(
  engine: string,
  { network, calls, receiverPort }: EngineOptions,
): Promise<RunningEngine> {
  const host = network.host("gateway");
  const args = [
    engine,
    calls,
    receiverPort,
    join(network.directory, "bpf"),
    join(network.directory, "cache"),
  ];
  const program = host.start({
    name: engine,
    command: process.execPath,
    args: [...nodeOptions, relayMain, ...args.map(String)],
  });
  const ports = await portsOf(program);
  return {
    address: benchAddresses.gatewayToCustomer,
    ports,
    pid: program.pid,
    stop: () => program.stop(5000),
  };
}

async function rtpengine({ network, calls, receiverPort }: EngineOptions): Promise<RunningEngine> {
  const host = network.host("gateway");
  const ng = benchAddresses.gatewayToCarrier;
  const daemon = host.start({
    name: "rtpengine",
    command: "/usr/bin/rtpengine",
    args: [
      "--foreground",
      "--log-stderr",
      "--log-level=3",
      "--table=-1",
      `--interface=customers/${benchAddresses.gatewayToCustomer}`,
      `--interface=carriers/${benchAddresses.gatewayToCarrier}`,
      `--listen-ng=${ng}:${ngPort}`,
      "--port-min=20000",
      "--port-max=29999",
      "--num-threads=2",
    ],
  });
  await host.untilBound(daemon, ng, ngPort);
  const caller = host.start({
    name: "rtpengine-calls",
    command: process.execPath,
    args: [...nodeOptions, rtpengineMain, ng, String(ngPort), String(calls), String(receiverPort)],
  });
  const ports = await portsOf(caller);
  return {
    address: benchAddresses.gatewayToCustomer,
    ports,
    pid: daemon.pid,
    stop: () => daemon.stop(5000),
  };
}

async function portsOf(program: Program): Promise<readonly number[]> {
  const line = (): string | undefined =>
    program.output.split("\n").find((each) => each.startsWith("{") && each.endsWith("}"));
  await waitFor(`${program.name} to open its ports`, () => {
    if (program.hasExited && line() === undefined) throw new Error(`${program.name}: ${program.output}`);
    return line() !== undefined;
  });
  await delay(200);
  return (JSON.parse(line() ?? "{}") as { ports: number[] }).ports;
}
