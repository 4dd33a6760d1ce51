import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import type { GatewayCounts } from "../../harness/gateway-counts.ts";
import { residentBytes } from "../../harness/process-cost.ts";
import type { HoldStage } from "./hold-stage.ts";

/** What a gateway holds at a moment. */
export interface GatewayState {
  readonly counts: GatewayCounts;
  readonly residentMiB: number;
  readonly descriptors: number;
  readonly sockets: number;
  /** Entries of the program's map: RTP and RTCP of each side of a call; 0 in user space. */
  readonly kernelFlows: number;
}

/** With what it has just said of itself: the map of ten thousand calls takes a while to count. */
export async function gatewayState(
  { gateway, flowsPin }: HoldStage,
  counts: GatewayCounts,
): Promise<GatewayState> {
  const kernelFlows = flowsPin === undefined ? 0 : await entriesOf(flowsPin);
  const directory = `/proc/${gateway.pid}/fd`;
  const descriptors = readdirSync(directory);
  const sockets = descriptors.filter((descriptor) => isSocket(`${directory}/${descriptor}`));
  return {
    counts,
    residentMiB: residentBytes(gateway.pid) / 2 ** 20,
    descriptors: descriptors.length,
    sockets: sockets.length,
    kernelFlows,
  };
}

function isSocket(descriptor: string): boolean {
  try {
    return readlinkSync(descriptor).startsWith("socket:");
  } catch {
    // Closed since the directory was read.
    return false;
  }
}

/** Counted as it is printed: forty thousand entries make tens of megabytes. */
async function entriesOf(pin: string): Promise<number> {
  const dump = spawn("bpftool", ["map", "dump", "pinned", pin], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(dump, "close");
  let entries = 0;
  // The member of an entry, not those of its value, which are indented further.
  for await (const line of createInterface({ input: dump.stdout }))
    if (line.startsWith(`        "key":`)) entries += 1;
  const [exitCode] = (await ended) as [number | null];
  if (exitCode !== 0) throw new Error(`bpftool can't read ${pin}`);
  return entries;
}
