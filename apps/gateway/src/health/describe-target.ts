import type { TargetHealth } from "@tandem/contracts";
import type { ProbeTarget } from "./probe-targets.ts";
import type { TargetHealthTable } from "./target-health.ts";

/** Every way to a target that something is known of; the one that calls would take while nothing is. */
export function describeTarget(target: ProbeTarget, health: TargetHealthTable): TargetHealth[] {
  const { sid, fixedPath } = target;
  const known = health.describe(target);
  if (known.length === 0) {
    const { interfaceName = "", connection = null } = fixedPath ?? {};
    return [{ sid, interface: interfaceName, connection, state: "unknown", reason: null }];
  }
  return known.map(({ path, state, reason }) => ({
    sid,
    interface: path.interfaceName,
    connection: path.connection ?? null,
    state,
    reason,
  }));
}
