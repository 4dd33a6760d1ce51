import type { InterfaceConfiguration } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";
import type { Path } from "@tandem/sip/user-agent";
import { requestUriOf } from "../egress/sip-uri-text.ts";

/** Targets that are probed at a time; beyond it targets are judged by calls only. */
export const maximumProbedTargets = 5000;

export interface ProbeTarget {
  readonly sid: string;
  readonly uri: string;
  readonly path: Path;
}

/** Enabled carrier gateways and origination URLs that this gateway would place calls to. */
export function probeTargets(
  table: RoutingTable,
  edge: string,
  interfaces: readonly InterfaceConfiguration[],
): readonly ProbeTarget[] {
  const targets: ProbeTarget[] = [];
  const add = (target: { sid: string; sipUrl: string; enabled: boolean }, namedEdge: string | null, roles: readonly string[]): void => {
    if (!target.enabled || targets.length >= maximumProbedTargets) return;
    if (namedEdge !== null && namedEdge !== edge) return;
    const chosen = interfaces.find((one) => one.roles.some((role) => roles.includes(role)));
    const uri = table.uriOf({ ...target, priority: 0, weight: 1 });
    if (chosen === undefined || !uri.ok) return;
    const path = { interfaceName: chosen.name, connection: undefined };
    targets.push({ sid: target.sid, uri: requestUriOf(uri.value, undefined), path });
  };
  for (const carrier of table.snapshot.carriers) {
    if (!carrier.enabled) continue;
    for (const gateway of carrier.gateways) add(gateway, gateway.edge, ["carrier"]);
  }
  for (const trunk of table.snapshot.trunks) {
    for (const url of trunk.originationUrls) {
      const uri = table.uriOf(url);
      const named = uri.ok && uri.value.edge !== undefined ? table.edgeByName(uri.value.edge) : undefined;
      add(url, named?.name ?? null, named?.kind === "private" ? ["private"] : ["public", "private"]);
    }
  }
  return targets;
}
