import type { SnapshotCarrier, SnapshotTrunk } from "@tandem/contracts";
import { type JudgedCandidate, originationTarget, type RoutingTable } from "@tandem/routing";
import type { Path } from "@tandem/sip/user-agent";
import {
  chooseWay,
  type GatewayPlace,
  pathOf,
  possibleWays,
  type WaySubject,
} from "../egress/egress-ways.ts";
import { requestUriOf } from "../egress/sip-uri-text.ts";

/** Targets that are probed at a time; beyond it targets are judged by calls only. */
export const maximumProbedTargets = 5000;

export interface ProbeTarget {
  readonly sid: string;
  readonly uri: string;
  readonly edge: string | undefined;
  /** The way that calls to that address take; undefined: none. A dead line is probed too, to see it come back. */
  readonly pathTo: (address: string) => Path | undefined;
  /** The way that calls take whatever the address; undefined: the address decides. */
  readonly fixedPath: Path | undefined;
}

/** Enabled carrier gateways and origination URLs that this gateway would place calls to, by the ways that the calls take. */
export function probeTargets(table: RoutingTable, place: GatewayPlace): readonly ProbeTarget[] {
  const targets: ProbeTarget[] = [];
  const add = (subject: Pick<JudgedCandidate, "sid"> & WaySubject): void => {
    const target = probeTarget(subject, table, place);
    if (target !== undefined && targets.length < maximumProbedTargets) targets.push(target);
  };
  for (const carrier of table.snapshot.carriers) if (carrier.enabled) addGateways(table, carrier, place, add);
  for (const trunk of table.snapshot.trunks) addOriginationUrls(table, trunk, place, add);
  return targets;
}

type Add = (subject: Pick<JudgedCandidate, "sid"> & WaySubject) => void;

function addGateways(table: RoutingTable, carrier: SnapshotCarrier, place: GatewayPlace, add: Add): void {
  for (const gateway of carrier.gateways) {
    const uri = table.uriOf(gateway);
    if (!gateway.enabled || !uri.ok || (gateway.edge !== null && gateway.edge !== place.edge)) continue;
    add({
      kind: "carrier",
      sid: gateway.sid,
      uri: uri.value,
      edge: place.edge,
      network: { kind: "carrier" },
    });
  }
}

/** An edge that nobody knows is no restriction: the call leaves where it came in. */
function addOriginationUrls(table: RoutingTable, trunk: SnapshotTrunk, place: GatewayPlace, add: Add): void {
  for (const url of trunk.originationUrls) {
    const target = originationTarget(table, trunk, url, place.edge);
    if (!("reason" in target) && target.edge === place.edge) add(target);
  }
}

/** Undefined: no way of this gateway leads there. */
function probeTarget(
  subject: Pick<JudgedCandidate, "sid"> & WaySubject,
  table: RoutingTable,
  place: GatewayPlace,
): ProbeTarget | undefined {
  if (possibleWays(subject, table, place).every(({ kind }) => kind === "none")) return undefined;
  const pathTo = (address: string | undefined): Path | undefined => {
    const chosen = chooseWay(subject, table, place, address);
    return chosen?.kind === "way" ? pathOf(chosen.way) : undefined;
  };
  const { sid, uri, edge } = subject;
  return { sid, uri: requestUriOf(uri, undefined), edge, pathTo, fixedPath: pathTo(undefined) };
}
