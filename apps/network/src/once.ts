/** The verbs that do one thing and end: plan, apply, clear. */
import { networkStateFileName, type Snapshot } from "@tandem/contracts";
import type { HostConfiguration } from "./configuration.ts";
import type { Enforcer } from "./enforce/enforcer.ts";
import type { RunCommand } from "./kernel/command.ts";
import { type DeviceSettings, settingFindings } from "./kernel/device-settings.ts";
import { presentPlan } from "./kernel/present-plan.ts";
import { readHost } from "./kernel/read-host.ts";
import type { Lines } from "./lines/line.ts";
import { linesOfSnapshot } from "./lines/lines-of-snapshot.ts";
import { changes } from "./plan/changes.ts";
import { hostPlan } from "./plan/host-plan.ts";
import { ruleset } from "./plan/ruleset.ts";
import { readSnapshotOnDisk } from "./snapshot-on-disk.ts";

export interface OnceParts {
  readonly configuration: HostConfiguration;
  readonly run: RunCommand;
  readonly settings: DeviceSettings;
  readonly enforcer: Enforcer;
  print(text: string): void;
  complain(text: string): void;
}

/** Lines of a snapshot on the host of this configuration. */
export function linesOf({ gateway, edge }: HostConfiguration, snapshot: Snapshot | undefined): Lines {
  if (snapshot === undefined) return { lines: [], refused: [] };
  return linesOfSnapshot(snapshot, {
    edge: gateway.edge,
    pool: edge.pool,
    daemonRoutedDevices: new Set(gateway.network?.daemonRoutedDevices ?? []),
  });
}

/** Prints what apply would do: the rules as they would be, and the `ip` commands that are missing. */
export async function printPlan(parts: OnceParts): Promise<void> {
  const { lines, host } = await look(parts);
  const { edge } = parts.configuration;
  const usable = new Set([...host.links].filter(([, link]) => link.isUp).map(([name]) => name));
  const commands = changes(hostPlan(edge, lines, usable), presentPlan(host, edge.pool));
  const { sets, rules } = ruleset(edge, lines, 1);
  parts.print(["# nft -f -", sets, "# nft -f -", rules, "# ip -force -batch -", ...commands].join("\n"));
}

/** Whether everything is in force now. What is not was complained about. */
export async function applyOnce(parts: OnceParts): Promise<boolean> {
  const { lines, host } = await look(parts);
  const enforced = await parts.enforcer.enforce(lines, host);
  for (const error of enforced.errors) parts.complain(error);
  parts.print(`${lines.length} lines, ${enforced.changes} changes`);
  return enforced.errors.length === 0;
}

/** Whether nothing of ours is left. The state file stays: it is out of date within seconds. */
export async function clearAll(parts: OnceParts): Promise<boolean> {
  const host = await readHost(parts.run);
  const errors = await parts.enforcer.clear(host);
  for (const error of errors) parts.complain(error);
  if (errors.length === 0) parts.print(`cleared; ${networkStateFileName} is no longer kept up`);
  return errors.length === 0;
}

async function look(
  parts: OnceParts,
): Promise<{ lines: Lines["lines"]; host: Awaited<ReturnType<typeof readHost>> }> {
  const snapshot = await readSnapshotOnDisk(parts.configuration.gateway.stateDirectory);
  if (snapshot === undefined)
    parts.complain("there is no snapshot yet: no line works, and no address is open");
  const { lines, refused } = linesOf(parts.configuration, snapshot);
  for (const { sid, why } of refused) parts.complain(`${sid} is left out: ${why}`);
  const devices = lines.map((line) => line.device);
  for (const finding of settingFindings(devices, parts.settings)) parts.complain(finding);
  return { lines, host: await readHost(parts.run) };
}
