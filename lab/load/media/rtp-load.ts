import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import { waitFor } from "../../harness/wait.ts";
import type { Host } from "../../network/builder/host.ts";
import { runCommand } from "../../network/builder/run-command.ts";
import { benchAddresses } from "./bench-addresses.ts";

export interface LoadOptions {
  readonly customer: Host;
  readonly carrier: Host;
  readonly binary: string;
  /** Where the customer sends. */
  readonly address: string;
  readonly ports: readonly number[];
  readonly receiverPort: number;
  readonly seconds: number;
  /** Packets per second of each stream. */
  readonly rate: number;
}

export interface LoadResult {
  readonly sent: number;
  readonly received: number;
  /** Of sender and receiver. What the kernel does in the sender's name, forwarding through veth, is in it. */
  readonly cpuSeconds: number;
  /** From the sender's clock to the arrival at the far device, microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Compiles the generator into a directory. */
export function compileLoad(directory: string): string {
  const binary = join(directory, "rtp-load");
  runCommand("clang", ["-O2", join(import.meta.dirname, "rtp-load.c"), "-o", binary]);
  return binary;
}

/** One stream per port, at a fixed rate. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { customer, carrier, binary, seconds, rate, ports, receiverPort } = options;
  const receiverSeconds = String(seconds + 3);
  const receiver = programOf(carrier, "receiver", binary, [
    "receive",
    benchAddresses.carrier,
    String(receiverPort),
    receiverSeconds,
  ]);
  await waitFor("the receiver", () => receiver.output.includes("ready"));
  const sender = programOf(customer, "sender", binary, [
    "send",
    benchAddresses.customer,
    options.address,
    String(seconds),
    String(rate),
    ...ports.map(String),
  ]);
  const limitMs = (seconds + 60) * 1000;
  await waitFor("the sender's end", () => sender.hasExited, limitMs);
  await waitFor("the receiver's end", () => receiver.hasExited, limitMs);
  const sent = lastLine(sender);
  const received = lastLine(receiver);
  return {
    sent: Number(sent["sent"]),
    received: Number(received["received"]),
    cpuSeconds: Number(sent["cpuSeconds"]) + Number(received["cpuSeconds"]),
    p50: Number(received["p50"]),
    p99: Number(received["p99"]),
    p999: Number(received["p999"]),
  };
}

function programOf(host: Host, name: string, command: string, args: readonly string[]): Program {
  return host.start({ name, command, args });
}

function lastLine(program: Program): Record<string, unknown> {
  const line = program.output.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`${program.name}: ${program.output}`);
  return JSON.parse(line);
}
