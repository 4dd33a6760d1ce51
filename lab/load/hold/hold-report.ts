import { leftovers } from "../../harness/gateway-counts.ts";
import type { GatewayState } from "./gateway-state.ts";
import type { HoldEngine } from "./hold-stage.ts";

/** KiB of heap that a call without transactions may take. */
export const heapBudgetKiB = 12;
/** RTP and RTCP of each side. */
const flowsOfCall = 4;

export interface HoldResult {
  readonly engine: HoldEngine;
  readonly calls: number;
  /** From the first INVITE until no call was on its way any more. */
  readonly setUpSeconds: number;
  /** Calls that did not go by the script, as each side saw them. */
  readonly failedAtCustomer: number;
  readonly failedAtCarrier: number;
  readonly retransmissions: number;
  readonly idle: GatewayState;
  readonly held: GatewayState;
  readonly end: GatewayState;
}

export function heapKiBPerCall({ idle, held }: HoldResult): number {
  return (held.counts.heapUsed - idle.counts.heapUsed) / held.counts.calls / 1024;
}

/** What is not as it must be; empty when the gateway passes. */
export function holdFaults(result: HoldResult): readonly string[] {
  const { engine, calls, failedAtCustomer, failedAtCarrier, idle, held, end } = result;
  const faults = leftovers(end.counts).map((left) => `left at the end: ${left}`);
  if (held.counts.calls < calls) faults.push(`${held.counts.calls} calls up at once, not ${calls}`);
  const flows = engine === "kernel" ? flowsOfCall * calls : 0;
  if (held.kernelFlows < flows) faults.push(`${held.kernelFlows} flows in the kernel, not ${flows}`);
  const heap = heapKiBPerCall(result);
  if (heap > heapBudgetKiB) faults.push(`${heap.toFixed(1)} KiB of heap per call, not ${heapBudgetKiB}`);
  if (failedAtCustomer > 0) faults.push(`${failedAtCustomer} calls failed at the customer`);
  if (failedAtCarrier > 0) faults.push(`${failedAtCarrier} calls failed at the carrier`);
  if (end.kernelFlows > 0) faults.push(`left at the end: kernel flows: ${end.kernelFlows}`);
  if (end.counts.timers > idle.counts.timers) {
    faults.push(`left at the end: ${end.counts.timers - idle.counts.timers} timers`);
  }
  if (end.counts.faults > 0) faults.push(`${end.counts.faults} faults of its own`);
  return faults;
}

export function printHoldReport(result: HoldResult): void {
  const { calls, setUpSeconds, retransmissions, idle, held, end } = result;
  console.log(`${calls} calls up in ${setUpSeconds.toFixed(1)} s, ${retransmissions} retransmissions`);
  console.log(`heap per held call: ${heapKiBPerCall(result).toFixed(2)} KiB, budget ${heapBudgetKiB}`);
  const resident = ((held.residentMiB - idle.residentMiB) * 1024) / calls;
  console.log(`resident memory per held call: ${resident.toFixed(1)} KiB`);
  console.log("\n| | idle | held | end |\n|---|---|---|---|");
  const row = (name: string, read: (state: GatewayState) => number): void =>
    console.log(
      `| ${[name, ...[idle, held, end].map((state) => String(Math.round(read(state))))].join(" | ")} |`,
    );
  row("calls", ({ counts }) => counts.calls);
  row("heap, MiB", ({ counts }) => counts.heapUsed / 2 ** 20);
  row("resident, MiB", ({ residentMiB }) => residentMiB);
  row("descriptors", ({ descriptors }) => descriptors);
  row("of these sockets", ({ sockets }) => sockets);
  row("kernel flows", ({ kernelFlows }) => kernelFlows);
  row("relay endpoints", ({ counts }) => counts.relayEndpoints);
  row("dialogs", ({ counts }) => counts.dialogs);
  row("timers", ({ counts }) => counts.timers);
  row("journal", ({ counts }) => counts.journal);
}
