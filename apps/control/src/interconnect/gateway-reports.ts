/** What the gateways of an edge say about a line, in answer to the questions of a transition. Pure. */
import type { ConnectionStatus } from "@tandem/contracts";
import type { ConnectionRow, GatewayRow, ReportedConnectionHealth } from "@tandem/database";
import { interconnectLimits as limits } from "./limits.ts";

type Line = Pick<ConnectionRow, "sid" | "edge" | "awaited_snapshot_version">;

/** Whether some control has the gateway now. */
export function isConnected(gateway: GatewayRow, nowMs: number): boolean {
  if (gateway.stream_id === null || gateway.last_seen === null) return false;
  return nowMs - gateway.last_seen.getTime() < limits.gatewaySilentAfterMs;
}

/** The gateway's own words about the line; undefined: it has said nothing. */
export function healthOf(gateway: GatewayRow, sid: string): ReportedConnectionHealth | undefined {
  return gateway.connection_health.find((health) => health.sid === sid);
}

/**
 * Why an activation is complete: a connected gateway has the line, and said so when it knew that it was to. Undefined:
 * not yet.
 */
export function provisionedCause(line: Line, connected: readonly GatewayRow[]): string | undefined {
  for (const gateway of connected) {
    const state = currentHealth(line, gateway)?.state;
    if (state !== undefined && state !== "unprovisioned") return `gateway ${gateway.name} reports ${state}`;
  }
  return undefined;
}

/** Why all connected gateways follow the change; undefined: not yet. */
export function followedCause(line: Line, connected: readonly GatewayRow[]): string | undefined {
  if (!connected.every((gateway) => hasApplied(line, gateway))) return undefined;
  if (connected.length === 0) return `no gateway of ${line.edge} is connected`;
  return `all connected gateways of ${line.edge} have applied it`;
}

/** What stood in the way when the time was up. */
export function reportsText(
  line: Line,
  target: Extract<ConnectionStatus, "active" | "inactive">,
  connected: readonly GatewayRow[],
): string {
  if (connected.length === 0) return `no gateway of ${line.edge} is connected`;
  const reports = connected.map((gateway) => `gateway ${gateway.name} ${reportText(line, target, gateway)}`);
  return reports.join("; ").slice(0, limits.maximumCauseLength);
}

function reportText(line: Line, target: "active" | "inactive", gateway: GatewayRow): string {
  if (!hasApplied(line, gateway)) return "has not applied the change";
  if (target === "inactive") return "has applied the change";
  const health = currentHealth(line, gateway);
  if (health === undefined) return "has said nothing about the line";
  return `reports ${health.state}${health.reason === null ? "" : `: ${health.reason}`}`;
}

function hasApplied(line: Line, gateway: GatewayRow): boolean {
  return gateway.snapshot_version >= (line.awaited_snapshot_version ?? 0);
}

/** A report from before the gateway knew of the change is about something else. */
function currentHealth(line: Line, gateway: GatewayRow): ReportedConnectionHealth | undefined {
  const isCurrent = gateway.health_snapshot_version >= (line.awaited_snapshot_version ?? 0);
  return isCurrent ? healthOf(gateway, line.sid) : undefined;
}
