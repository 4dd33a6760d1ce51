import type { CarrierGateway, InterfaceConfiguration, OriginationUrl } from "@tandem/contracts";
import type { ParsedCandidateUri, RoutingTable } from "@tandem/routing";
import type { Path } from "@tandem/sip/user-agent";
import { carrierInterface, customerInterface } from "../egress/interface-choice.ts";
import { requestUriOf } from "../egress/sip-uri-text.ts";

/** Targets that are probed at a time; beyond it targets are judged by calls only. */
export const maximumProbedTargets = 5000;

export interface ProbeTarget {
  readonly sid: string;
  readonly uri: string;
  readonly path: Path;
}

/** Enabled carrier gateways and origination URLs that this gateway would place calls to, by the interface the calls take. */
export function probeTargets(
  table: RoutingTable,
  edge: string,
  interfaces: readonly InterfaceConfiguration[],
): readonly ProbeTarget[] {
  const place: Place = { table, edge, interfaces, targets: [] };
  for (const carrier of table.snapshot.carriers) {
    if (carrier.enabled) for (const gateway of carrier.gateways) addGateway(place, gateway);
  }
  for (const trunk of table.snapshot.trunks) {
    for (const url of trunk.originationUrls) addOriginationUrl(place, url);
  }
  return place.targets;
}

interface Place {
  readonly table: RoutingTable;
  readonly edge: string;
  readonly interfaces: readonly InterfaceConfiguration[];
  readonly targets: ProbeTarget[];
}

function addGateway(place: Place, gateway: CarrierGateway): void {
  const uri = place.table.uriOf(gateway);
  if (!gateway.enabled || !uri.ok || (gateway.edge !== null && gateway.edge !== place.edge)) return;
  add(place, gateway.sid, uri.value, carrierInterface(place.interfaces, uri.value));
}

function addOriginationUrl(place: Place, url: OriginationUrl): void {
  const { table } = place;
  const uri = table.uriOf(url);
  if (!url.enabled || !uri.ok) return;
  // An edge that nobody knows is no restriction: the call leaves where it came in.
  const named = uri.value.edge === undefined ? undefined : table.edgeByName(uri.value.edge);
  if (named !== undefined && named.name !== place.edge) return;
  add(place, url.sid, uri.value, customerInterface(place.interfaces, uri.value, table));
}

function add(
  place: Place,
  sid: string,
  uri: ParsedCandidateUri,
  chosen: InterfaceConfiguration | undefined,
): void {
  if (chosen === undefined || place.targets.length >= maximumProbedTargets) return;
  const path = { interfaceName: chosen.name, connection: undefined };
  place.targets.push({ sid, uri: requestUriOf(uri, undefined), path });
}
