import type { Topology, TopologyEdge, TopologyExchange } from "@tandem/contracts";
import {
  exchangeSid,
  followEdge,
  followExchange,
  followMediaRange,
  followRegion,
  isForeignKeyViolation,
  isUniqueViolation,
  managedByApi,
  removeUnfollowed,
  type Transaction,
} from "@tandem/database";

/** What became of a topology's rows. */
export interface TopologyOutcome {
  /** Whether any row is other than before. */
  readonly isChanged: boolean;
  /** In the file, but left as they are, since the REST interface made or changed them: `edge ashburn`. */
  readonly keptAsEdited: readonly string[];
  /** No longer in the file, but something stands on them. */
  readonly keptInUse: readonly string[];
  /** In the file, but what they name (a legacy id, an exchange) is taken by, or missing among, the edited rows. */
  readonly refused: readonly string[];
}

/**
 * Brings the rows that follow the topology file to what it says: makes, changes and removes them. Rows that somebody made
 * or changed by the REST interface stay as they are.
 */
export async function applyTopology(transaction: Transaction, topology: Topology): Promise<TopologyOutcome> {
  const names = namesOf(topology);
  const edges = await removeUnfollowed(transaction, "edges", names.edges);
  const media = await removeUnfollowed(transaction, "mediaRanges", names.mediaRanges);
  let changes = edges.removed.length + media.removed.length;
  for (const region of topology.regions) {
    changes += Number(await followRegion(transaction, { place: "", ...region }));
  }
  for (const exchange of topology.exchanges) {
    changes += Number(await followExchange(transaction, exchangeValuesOf(exchange)));
  }
  const refused: string[] = [];
  for (const edge of topology.edges) {
    const isChanged = await followed(transaction, edge, topology);
    if (isChanged === undefined) refused.push(`edge ${edge.name}`);
    else changes += Number(isChanged);
  }
  changes += await followMedia(transaction, topology);
  // Edges stood on them.
  const exchanges = await removeUnfollowed(transaction, "exchanges", names.exchanges);
  const regions = await removeUnfollowed(transaction, "regions", names.regions);
  changes += exchanges.removed.length + regions.removed.length;
  return {
    isChanged: changes > 0,
    keptAsEdited: await editedOf(transaction, names),
    keptInUse: [
      ...edges.inUse.map((name) => `edge ${name}`),
      ...exchanges.inUse.map((name) => `exchange ${name}`),
    ],
    refused,
  };
}

interface Names {
  readonly edges: readonly string[];
  readonly mediaRanges: readonly string[];
  readonly exchanges: readonly string[];
  readonly regions: readonly string[];
}

function namesOf({ edges, media, exchanges, regions }: Topology): Names {
  return {
    edges: edges.map(({ name }) => name),
    mediaRanges: media.edges.map(({ edge }) => edge),
    exchanges: exchanges.map(({ name }) => name),
    regions: regions.map(({ name }) => name),
  };
}

/** Undefined: the edited rows leave no room for it. */
async function followed(
  transaction: Transaction,
  edge: TopologyEdge,
  topology: Topology,
): Promise<boolean | undefined> {
  try {
    return await transaction.transaction((savepoint) => followEdge(savepoint, edgeValuesOf(edge, topology)));
  } catch (error) {
    if (isUniqueViolation(error) || isForeignKeyViolation(error)) return undefined;
    throw error;
  }
}

function edgeValuesOf(edge: TopologyEdge, topology: Topology): Parameters<typeof followEdge>[1] {
  const ports = edge.ports ?? topology.signaling.ports;
  const exchange = topology.exchanges.find(({ name }) => name === edge.exchange);
  return {
    name: edge.name,
    legacy_id: edge.legacyId,
    region: edge.region,
    kind: edge.kind,
    place: edge.place ?? exchange?.place ?? "",
    signaling_addresses: edge.signaling,
    source: edge.source,
    exchange_sid: exchange === undefined ? null : exchangeSid(exchange.name),
    udp_port: ports.udp,
    tcp_port: ports.tcp,
    tls_port: ports.tls,
  };
}

function exchangeValuesOf(exchange: TopologyExchange): Parameters<typeof followExchange>[1] {
  return {
    name: exchange.name,
    place: exchange.place,
    source: exchange.source,
    data_center: exchange.dataCenter ?? "",
    bgp_prefixes: (exchange.bgpPrefixes ?? []).map(({ prefix, maximumLength = null }) => ({
      prefix,
      maximum_length: maximumLength,
    })),
    encryption_domain: exchange.encryptionDomain ?? [],
    bandwidth_mbps: exchange.bandwidthMbps ?? [],
    details_source: exchange.detailsSource ?? exchange.source,
  };
}

async function followMedia(transaction: Transaction, { media, edges, roaming }: Topology): Promise<number> {
  let changes = 0;
  for (const { edge, source } of media.edges) {
    const legacyId = edges.find(({ name }) => name === edge)?.legacyId ?? roaming?.legacyId ?? edge;
    const isChanged = await followMediaRange(transaction, {
      edge,
      legacy_id: legacyId,
      network: media.network,
      first_port: media.ports.first,
      last_port: media.ports.last,
      client_first_port: media.clientPorts.first,
      client_last_port: media.clientPorts.last,
      secure_media: media.secureMedia ?? [],
      source,
    });
    changes += Number(isChanged);
  }
  return changes;
}

async function editedOf(transaction: Transaction, names: Names): Promise<readonly string[]> {
  const edited: string[] = [];
  for (const [what, list] of [
    ["region", "regions"],
    ["exchange", "exchanges"],
    ["edge", "edges"],
  ] as const) {
    const managed = await managedByApi(transaction, list);
    edited.push(...managed.filter((name) => names[list].includes(name)).map((name) => `${what} ${name}`));
  }
  return edited;
}
