import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gatewayCounts } from "../harness/gateway-counts.ts";
import { cpuMicroseconds, residentBytes } from "../harness/process-cost.ts";
import { Program } from "../harness/program.ts";
import type { FloodWishes } from "./flood-sender.ts";
import type { HostilityStage } from "./stage.ts";

export interface FloodPlan {
  readonly junkPerSecond: number;
  readonly invitesPerSecond: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
}

export interface FloodResult {
  /** What the flood came to: a busy machine sends less than it was told to. */
  readonly floodPerSecond: number;
  readonly calls: number;
  readonly failed: number;
  readonly bannedSources: number;
  readonly residentMiBBefore: number;
  readonly residentMiBAfter: number;
  /** Share of one processor, without a call, before the flood and from 5 to 8 s after it. */
  readonly cpuBefore: number;
  readonly cpuAfter: number;
  readonly leftTransactions: number;
}

/** How long after the flood the gateway must be at rest. */
const restAfterMs = 5000;
const sampleMs = 3000;

/** Strangers flood the gateway while a customer calls. Half of their INVITEs name a trunk that asks for a password. */
export async function flood(stage: HostilityStage, plan: FloodPlan): Promise<FloodResult> {
  const { exchange, gatewayAddress } = stage;
  const { gateway } = exchange;
  await stage.call(200, 50);
  const residentMiBBefore = residentBytes(gateway.pid) / 2 ** 20;
  const cpuBefore = await cpuShare(gateway.pid);
  const wishes: FloodWishes = {
    target: { address: gatewayAddress, port: exchange.sipPort },
    sources: Array.from({ length: 120 }, (_, index) => stage.address(100 + index)),
    hosts: [gatewayAddress, stage.guessedHost],
    ...plan,
  };
  const sender = new Program({
    name: "flood",
    command: process.execPath,
    args: [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "flood-sender.ts"),
      JSON.stringify(wishes),
    ],
    logFile: join(exchange.directory, "flood.log"),
  });
  const calls = plan.callsPerSecond * plan.seconds;
  const { successful } = await stage.call(calls, plan.callsPerSecond);
  await sender.exited();
  await delay(restAfterMs);
  const cpuAfter = await cpuShare(gateway.pid);
  const counts = await gatewayCounts(gateway);
  return {
    floodPerSecond: (JSON.parse(sender.output.trim()) as { perSecond: number }).perSecond,
    calls,
    failed: calls - successful,
    bannedSources: new Set(stage.bans()).size,
    residentMiBBefore,
    residentMiBAfter: residentBytes(gateway.pid) / 2 ** 20,
    cpuBefore,
    cpuAfter,
    leftTransactions: counts.serverTransactions + counts.clientTransactions,
  };
}

async function cpuShare(pid: number): Promise<number> {
  const before = cpuMicroseconds(pid);
  await delay(sampleMs);
  return (cpuMicroseconds(pid) - before) / (sampleMs * 1000);
}
