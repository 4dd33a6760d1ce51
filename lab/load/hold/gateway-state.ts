import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { GatewayCounts } from "../../harness/gateway-counts.ts";
import { residentBytes } from "../../harness/process-cost.ts";
import type { HoldStage } from "./hold-stage.ts";

/** What a gateway holds at a moment. */
export interface GatewayState {
  readonly counts: GatewayCounts;
  readonly residentMiB: number;
  readonly descriptors: number;
  readonly sockets: number;
  /** In the program's maps: RTP and RTCP of each side of a call; 0 in user space. */
  readonly kernelFlows: number;
}

/** With what it has just said of itself: the flows of ten thousand calls take a while to count. */
export async function gatewayState(
  { gateway, portsPin }: HoldStage,
  counts: GatewayCounts,
): Promise<GatewayState> {
  const kernelFlows = portsPin === undefined ? 0 : await flowsIn(portsPin);
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

interface PortBlock {
  readonly formatted: { readonly value: { readonly flows: readonly number[] } };
}

/** A block of ports has the numbers of their flows, and 0 where there is none. */
async function flowsIn(pin: string): Promise<number> {
  const dump = spawn("bpftool", ["-j", "map", "dump", "pinned", pin], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [blocks, [exitCode]] = await Promise.all([text(dump.stdout), once(dump, "close")]);
  if (exitCode !== 0) throw new Error(`bpftool can't read ${pin}`);
  const numbers = (JSON.parse(blocks) as readonly PortBlock[]).flatMap(
    ({ formatted }) => formatted.value.flows,
  );
  return numbers.filter((number) => number !== 0).length;
}
