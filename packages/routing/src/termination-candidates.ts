import type { CarrierGateway, SnapshotCarrier } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { type Candidate, type HealthView, judged, type Routed, type SkippedCandidate } from "./candidate.ts";
import type { PrefixRoute } from "./carrier-routes.ts";
import type { RoutingTable } from "./routing-table.ts";
import { type Weighted, weightedOrder } from "./weighted-order.ts";

export interface TerminationFacts {
  /** E.164 with +, or an emergency number. */
  readonly calledNumber: string;
  /** Edge where the call entered. */
  readonly edge: string;
}

interface DrawnGateway extends Weighted {
  readonly candidate: Candidate;
}

/** A carrier with those of its gateways that take part in one draw. */
interface DrawnCarrier extends Weighted {
  readonly gateways: readonly DrawnGateway[];
}

/** What has been found so far: draws already made. */
interface Found {
  readonly up: Candidate[];
  readonly down: Candidate[];
  readonly skipped: SkippedCandidate[];
}

/**
 * Carrier gateways in the order to try them: the longest prefix first; within it carriers by route priority and
 * weighted draws; within a carrier its gateways by priority and weighted draws; then carriers of shorter prefixes, each
 * carrier once. A carrier none of whose gateways is up takes no part in the draws of those that are.
 */
export function terminationCandidates(
  table: RoutingTable,
  facts: TerminationFacts,
  health: HealthView,
  random: () => number,
): Routed {
  const found: Found = { up: [], down: [], skipped: [] };
  const seen = new Set<SnapshotCarrier>();
  for (const routes of table.routesTo(facts.calledNumber)) {
    const fresh = bestRoutes(routes, seen);
    drawPrefix(table, fresh, facts, health, random, found);
    for (const { carrier } of fresh) seen.add(carrier);
  }
  return { candidates: [...found.up, ...found.down], skipped: found.skipped };
}

/** One route per carrier that has not been seen: the one of lowest priority, should a carrier list a prefix twice. */
function bestRoutes(
  routes: readonly PrefixRoute[],
  seen: ReadonlySet<SnapshotCarrier>,
): readonly PrefixRoute[] {
  const best = new Map<SnapshotCarrier, PrefixRoute>();
  for (const entry of routes) {
    if (seen.has(entry.carrier)) continue;
    const other = best.get(entry.carrier);
    if (other === undefined || entry.route.priority < other.route.priority) best.set(entry.carrier, entry);
  }
  return [...best.values()];
}

function drawPrefix(
  table: RoutingTable,
  routes: readonly PrefixRoute[],
  facts: TerminationFacts,
  health: HealthView,
  random: () => number,
  found: Found,
): void {
  const up: DrawnCarrier[] = [];
  const down: DrawnCarrier[] = [];
  for (const entry of routes) {
    const gateways = usableGateways(table, entry, facts.edge, health, found.skipped);
    const { priority, weight } = entry.route;
    const upGateways = gateways.filter((gateway) => gateway.candidate.isDown === undefined);
    const downGateways = gateways.filter((gateway) => gateway.candidate.isDown !== undefined);
    if (upGateways.length > 0) up.push({ priority, weight, gateways: upGateways });
    if (downGateways.length > 0) down.push({ priority, weight, gateways: downGateways });
  }
  drawCarriers(up, random, found.up);
  drawCarriers(down, random, found.down);
}

function drawCarriers(
  carriers: readonly DrawnCarrier[],
  random: () => number,
  candidates: Candidate[],
): void {
  for (const carrier of weightedOrder(carriers, random)) {
    for (const gateway of weightedOrder(carrier.gateways, random)) candidates.push(gateway.candidate);
  }
}

function usableGateways(
  table: RoutingTable,
  entry: PrefixRoute,
  edge: string,
  health: HealthView,
  skipped: SkippedCandidate[],
): readonly DrawnGateway[] {
  const usable: DrawnGateway[] = [];
  for (const gateway of entry.carrier.gateways) {
    const objection = objectionTo(table, entry.carrier, gateway);
    if (objection !== undefined) {
      skipped.push(objection);
      continue;
    }
    const candidate = candidateOf(table, entry, gateway, edge, health);
    const { priority, weight } = gateway;
    if (candidate !== undefined) usable.push({ priority, weight, candidate });
  }
  return usable;
}

/** Why the gateway may not be used for this call; undefined: it may. */
function objectionTo(
  table: RoutingTable,
  carrier: SnapshotCarrier,
  gateway: CarrierGateway,
): SkippedCandidate | undefined {
  const { sid, sipUrl: url } = gateway;
  if (!carrier.enabled) {
    return {
      sid,
      url,
      reason: reasons.candidateDisabled,
      text: `carrier ${carrier.friendlyName} is disabled`,
    };
  }
  if (!gateway.enabled) {
    return { sid, url, reason: reasons.candidateDisabled, text: "the carrier gateway is disabled" };
  }
  const uri = table.uriOf(gateway);
  return uri.ok ? undefined : { sid, url, reason: uri.reason, text: uri.text };
}

/** A carrier gateway that hangs on an edge is used from there; the others from where the call entered. */
function edgeOf(table: RoutingTable, gateway: CarrierGateway, entryEdge: string): string {
  return table.edgeNameOf(gateway.edge ?? entryEdge);
}

function candidateOf(
  table: RoutingTable,
  { carrier, route }: PrefixRoute,
  gateway: CarrierGateway,
  edge: string,
  health: HealthView,
): Candidate | undefined {
  const uri = table.uriOf(gateway);
  if (!uri.ok) return undefined;
  const candidate = {
    kind: "carrier",
    sid: gateway.sid,
    carrier,
    url: gateway.sipUrl,
    uri: uri.value,
    edge: edgeOf(table, gateway, edge),
    network: { kind: "carrier" },
    why:
      `prefix ${route.prefix}, carrier ${carrier.friendlyName} priority ${route.priority} weight ${route.weight}, ` +
      `gateway priority ${gateway.priority} weight ${gateway.weight}`,
    timers: carrier.timers,
    failoverOverrides: carrier.failoverOverrides,
  } as const;
  return judged(candidate, health);
}
