import type { Edge, ZoneNameServer, ZoneSnapshot } from "@tandem/contracts";
import { type IpAddress, normalizeHost, parseIpAddress, roamingEdges } from "@tandem/routing";
import { type GatewayHost, hostsOfEdge } from "./gateway-host.ts";
import { protocolLabels, services } from "./service-labels.ts";
import { genericTiers, roamingTiers, type Tiers, tiersOfEdge } from "./tiers.ts";
import { TrunkLabels } from "./trunk-labels.ts";
import type { FoundNode } from "./zone-node.ts";

/** Edges and legacy ids that are no label of a host name can stand in no name. */
const edgeLabel = /^[a-z0-9-]{1,63}$/i;
const missing: FoundNode = { kind: "missing" };
const empty: FoundNode = { kind: "empty" };

/**
 * The zone of one snapshot. There is no list of names: a name is taken apart, its trunk looked up in a set, and the
 * answer made of the edge it names. So a hundred thousand trunks cost a set of their labels.
 */
export class ZoneIndex {
  readonly version: number;
  /** In lower case, without a final dot. */
  readonly baseDomain: string;
  /** NS records in order. */
  readonly nameServers: readonly { readonly name: string; readonly addresses: readonly IpAddress[] }[];
  readonly trunks: TrunkLabels;
  readonly generic: Tiers;
  /** What stands between `pstn` and the base domain: names, legacy ids, roaming. */
  readonly places: ReadonlyMap<string, Tiers>;
  readonly hosts: ReadonlyMap<string, GatewayHost>;
  readonly #baseLabels: readonly string[];
  readonly #edgeNames: ReadonlySet<string>;
  readonly #addresses: ReadonlyMap<string, readonly IpAddress[]>;

  constructor(snapshot: ZoneSnapshot, nameServers: readonly ZoneNameServer[]) {
    const zone = { ...snapshot, edges: snapshot.edges.filter((edge) => edgeLabel.test(edge.name)) };
    this.version = zone.version;
    this.baseDomain = normalizeHost(zone.baseDomain);
    this.#baseLabels = this.baseDomain.split(".");
    this.trunks = new TrunkLabels(zone.trunkLabels);
    const hosts = hostsByEdge(zone, this.baseDomain);
    this.generic = genericTiers(zone, hosts);
    this.places = placesOf(zone, hosts);
    this.hosts = new Map([...hosts.values()].flat().map((host) => [host.name, host]));
    this.#edgeNames = new Set(zone.edges.map((edge) => edge.name.toLowerCase()));
    this.nameServers = nameServers.map(({ name, addresses }) => ({
      name: name.includes(".") ? normalizeHost(name) : `${name.toLowerCase()}.${this.baseDomain}`,
      addresses: addresses.map(parseIpAddress).filter((address) => address !== undefined),
    }));
    this.#addresses = new Map(this.nameServers.map(({ name, addresses }) => [name, addresses]));
  }

  /** @param labels in lower case, as `readPlainName` gives them */
  find(labels: readonly string[]): FoundNode {
    const depth = labels.length - this.#baseLabels.length;
    if (depth < 0 || this.#baseLabels.some((label, index) => label !== labels[depth + index])) {
      return { kind: "outside" };
    }
    if (depth === 0) return { kind: "apex" };
    // No name of ours has a dot inside a label; joined to text it would look like one that has.
    if (labels.some((label) => label.includes("."))) return missing;
    return this.#findBelow(labels.slice(0, depth), labels);
  }

  #findBelow(front: readonly string[], labels: readonly string[]): FoundNode {
    const last = front.at(-1) ?? "";
    if (last === "pstn") return this.#findTrunk(front.slice(0, -1), this.generic);
    const tiers = this.places.get(last);
    if (tiers === undefined) return this.#findNameServer(labels.join("."));
    if (front.length === 1) return empty;
    const below = front.slice(0, -2);
    if (front.at(-2) === "pstn") return this.#findTrunk(below, tiers);
    if (front.at(-2) !== "gw" || !this.#edgeNames.has(last)) return missing;
    if (below.length === 0) return empty;
    const host = this.hosts.get(labels.join("."));
    return host === undefined ? missing : { kind: "host", host };
  }

  #findTrunk(front: readonly string[], tiers: Tiers): FoundNode {
    if (front.length === 0) return empty;
    const underscored = front.findIndex((label) => !label.startsWith("_"));
    if (underscored === 0) return trunkNode(this.trunks.find(front.join(".")), tiers);
    if (underscored === -1 || this.trunks.find(front.slice(underscored).join(".")) !== "trunk")
      return missing;
    const [first = "", second] = front;
    if (underscored === 1) return protocolLabels.has(first) ? empty : missing;
    const service = services.find(({ labels }) => labels[0] === first && labels[1] === second);
    if (underscored > 2 || service === undefined) return missing;
    return { kind: "service", tiers, transport: service.transport };
  }

  #findNameServer(name: string): FoundNode {
    const addresses = this.#addresses.get(name);
    if (addresses !== undefined) return { kind: "name-server", addresses };
    return this.nameServers.some((one) => one.name.endsWith(`.${name}`)) ? empty : missing;
  }
}

function trunkNode(found: "trunk" | "empty" | "missing", tiers: Tiers): FoundNode {
  return found === "trunk" ? { kind: "trunk", tiers } : { kind: found };
}

function hostsByEdge(zone: ZoneSnapshot, baseDomain: string): ReadonlyMap<Edge, readonly GatewayHost[]> {
  const byEdge = Map.groupBy(zone.gateways, (gateway) => gateway.edge.toLowerCase());
  return new Map(
    zone.edges.map((edge) => [
      edge,
      hostsOfEdge(edge, byEdge.get(edge.name.toLowerCase()) ?? [], baseDomain),
    ]),
  );
}

/** Names win over legacy ids and these over roaming, as the gateways have it. */
function placesOf(
  zone: ZoneSnapshot,
  hosts: ReadonlyMap<Edge, readonly GatewayHost[]>,
): ReadonlyMap<string, Tiers> {
  const places = new Map<string, Tiers>();
  for (const [label, kind] of roamingEdges) places.set(label, roamingTiers(kind, zone, hosts));
  for (const edge of zone.edges) {
    if (edgeLabel.test(edge.legacyId))
      places.set(edge.legacyId.toLowerCase(), tiersOfEdge(edge, zone, hosts));
  }
  for (const edge of zone.edges) places.set(edge.name.toLowerCase(), tiersOfEdge(edge, zone, hosts));
  return places;
}
