/** In which order the edges answer for a name. */
import type { Edge, SnapshotRegion, ZoneSnapshot } from "@tandem/contracts";
import type { GatewayHost } from "./gateway-host.ts";

/** Hosts that come first, those that come when they are gone, and so on. No tier is empty. */
export type Tiers = readonly (readonly GatewayHost[])[];

export type HostsByEdge = ReadonlyMap<Edge, readonly GatewayHost[]>;

/**
 * The named edge; other edges of its kind in its region; then those of the regions that take over for its region, in
 * their order. A private edge never falls back to a public one, nor the other way round: the customer's firewall and
 * routes know the one and not the other.
 */
export function tiersOfEdge(edge: Edge, zone: ZoneSnapshot, hosts: HostsByEdge): Tiers {
  const others = edgesByRegion(takeoverOrder(edge.region, zone), zone, edge.kind);
  return tiersOf([edge, ...others.filter((other) => other !== edge)], hosts);
}

/** A name without an edge: public edges in the order of the regions, then private ones. */
export function genericTiers(zone: ZoneSnapshot, hosts: HostsByEdge): Tiers {
  const order = allRegions(zone);
  return tiersOf([...edgesByRegion(order, zone, "public"), ...edgesByRegion(order, zone, "private")], hosts);
}

/** Any edge of the kind: all their hosts on one level. */
export function roamingTiers(kind: Edge["kind"], zone: ZoneSnapshot, hosts: HostsByEdge): Tiers {
  const all = edgesByRegion(allRegions(zone), zone, kind).flatMap((edge) => hosts.get(edge) ?? []);
  return all.length === 0 ? [] : [all];
}

function tiersOf(edges: readonly Edge[], hosts: HostsByEdge): Tiers {
  return edges.map((edge) => hosts.get(edge) ?? []).filter((tier) => tier.length > 0);
}

function edgesByRegion(regions: readonly string[], zone: ZoneSnapshot, kind: Edge["kind"]): Edge[] {
  return regions.flatMap((region) =>
    zone.edges.filter((edge) => edge.region === region && edge.kind === kind),
  );
}

/** The region and who takes over for it. Of a region that nobody described: all others, as they come. */
function takeoverOrder(name: string, zone: ZoneSnapshot): readonly string[] {
  const region = zone.regions.find((one: SnapshotRegion) => one.name === name);
  return [...new Set([name, ...(region === undefined ? allRegions(zone) : region.fallback)])];
}

/** Described regions in their order, then those that only edges name. */
function allRegions(zone: ZoneSnapshot): readonly string[] {
  return [
    ...new Set([...zone.regions.map((region) => region.name), ...zone.edges.map((edge) => edge.region)]),
  ];
}
