import type {
  CarrierGateway,
  DigestAlgorithm,
  Edge,
  OriginationUrl,
  Snapshot,
  SnapshotAccount,
  SnapshotCarrier,
  SnapshotConnection,
  SnapshotCredentialList,
  SnapshotIpAccessControlList,
  SnapshotNumber,
  SnapshotTrunk,
} from "@tandem/contracts";
import { type CandidateUriResult, parseCandidateUri } from "./candidate-uri.ts";
import { CarrierRoutes, type PrefixRoute } from "./carrier-routes.ts";
import { ConnectionIndex } from "./connection-index.ts";
import type { PrefixMatch } from "./prefix-index.ts";
import { RangeSet } from "./range-set.ts";
import { roamingEdges } from "./roaming-edges.ts";
import { SourceIndex } from "./source-index.ts";
import { isBelow, normalizeHost, parseTrunkHost } from "./trunk-host.ts";

/** The trunk that a termination host name names. */
export interface TrunkByHost {
  readonly trunk: SnapshotTrunk;
  /** Edge that the name names; undefined in the forms `generic` and `roaming`. May be another than the one that was reached. */
  readonly namedEdge: Edge | undefined;
  readonly form: "generic" | "edge" | "legacy" | "roaming";
}

/** One way to authenticate a user name. */
export interface TrunkCredential {
  readonly ha1: string;
  readonly algorithm: DigestAlgorithm;
}

/**
 * A snapshot with its indexes. Immutable: a new snapshot makes a new table. What every call needs is indexed at once;
 * what belongs to one trunk (its lists, its URLs) when that trunk is first used.
 */
export class RoutingTable {
  readonly snapshot: Snapshot;
  readonly #baseDomain: string;
  readonly #edges = new Map<string, Edge>();
  readonly #accounts: ReadonlyMap<string, SnapshotAccount>;
  readonly #trunks: ReadonlyMap<string, SnapshotTrunk>;
  readonly #trunksByLabel = new Map<string, SnapshotTrunk>();
  readonly #carriers: ReadonlyMap<string, SnapshotCarrier>;
  readonly #numbers: ReadonlyMap<string, SnapshotNumber>;
  readonly #lists: ReadonlyMap<string, SnapshotIpAccessControlList>;
  readonly #credentialLists: ReadonlyMap<string, SnapshotCredentialList>;
  readonly #carrierRoutes: CarrierRoutes;
  readonly #sources: SourceIndex;
  readonly #connections: ConnectionIndex;
  /** Filled at first use; never larger than the snapshot. */
  readonly #rangesByList = new Map<string, RangeSet>();
  readonly #usersByList = new Map<string, ReadonlyMap<string, string>>();
  readonly #uris = new Map<string, CandidateUriResult>();

  private constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.#baseDomain = normalizeHost(snapshot.baseDomain);
    // Names win over legacy ids, whatever the order of the edges.
    for (const edge of snapshot.edges) this.#edges.set(edge.legacyId.toLowerCase(), edge);
    for (const edge of snapshot.edges) this.#edges.set(edge.name.toLowerCase(), edge);
    this.#accounts = bySid(snapshot.accounts);
    this.#trunks = bySid(snapshot.trunks);
    for (const trunk of snapshot.trunks) {
      if (trunk.domainLabel !== null) this.#trunksByLabel.set(trunk.domainLabel.toLowerCase(), trunk);
    }
    this.#carriers = bySid(snapshot.carriers);
    this.#numbers = indexBy(snapshot.numbers, (number) => number.phoneNumber);
    this.#lists = bySid(snapshot.ipAccessControlLists);
    this.#credentialLists = bySid(snapshot.credentialLists);
    this.#carrierRoutes = new CarrierRoutes(snapshot.carriers);
    this.#sources = new SourceIndex(snapshot);
    this.#connections = new ConnectionIndex(snapshot.connections);
  }

  /** Builds the indexes. The snapshot must not change afterwards. */
  static from(snapshot: Snapshot): RoutingTable {
    return new RoutingTable(snapshot);
  }

  /** Finds the trunk of `{label}.pstn[.{edge name, legacy id or roaming}].{base domain}`. Undefined: no such trunk or edge. */
  trunkByHost(host: string): TrunkByHost | undefined {
    const parts = parseTrunkHost(host, this.#baseDomain);
    const trunk = parts && this.#trunksByLabel.get(parts.label);
    if (parts === undefined || trunk === undefined) return undefined;
    if (parts.edgeLabel === undefined) return { trunk, namedEdge: undefined, form: "generic" };
    const namedEdge = this.#edges.get(parts.edgeLabel);
    if (namedEdge === undefined) {
      return roamingEdges.has(parts.edgeLabel) ? { trunk, namedEdge, form: "roaming" } : undefined;
    }
    return { trunk, namedEdge, form: namedEdge.name.toLowerCase() === parts.edgeLabel ? "edge" : "legacy" };
  }

  /** Whether a host name is the base domain or below it. */
  isOurHost(host: string): boolean {
    const name = normalizeHost(host);
    return name === this.#baseDomain || isBelow(name, this.#baseDomain);
  }

  /** Finds an edge by its name or its legacy id, case-insensitively. */
  edgeByName(name: string): Edge | undefined {
    return this.#edges.get(name.toLowerCase());
  }

  /** The name of an edge that may be written as its legacy id; a name that nobody knows is returned as it is. */
  edgeNameOf(written: string): string {
    return this.edgeByName(written)?.name ?? written;
  }

  trunkBySid(sid: string): SnapshotTrunk | undefined {
    return this.#trunks.get(sid);
  }

  accountBySid(sid: string): SnapshotAccount | undefined {
    return this.#accounts.get(sid);
  }

  carrierBySid(sid: string): SnapshotCarrier | undefined {
    return this.#carriers.get(sid);
  }

  /** @param e164 with + */
  numberByE164(e164: string): SnapshotNumber | undefined {
    return this.#numbers.get(e164);
  }

  /** Enabled carriers whose calls come from that address. */
  carrierBySource(address: string): readonly SnapshotCarrier[] {
    return this.#sources.carriersAt(address);
  }

  /** Whether the address is an enabled carrier's or in any access control list that is attached to a trunk. */
  isKnownSource(address: string): boolean {
    return this.#sources.isKnown(address);
  }

  /** A private line, whatever its status. */
  connectionBySid(sid: string): SnapshotConnection | undefined {
    return this.#connections.bySid(sid);
  }

  /** Private lines of an edge in order of their SIDs, whatever their status. */
  connectionsOf(edge: string): readonly SnapshotConnection[] {
    return this.#connections.ofEdge(edge);
  }

  /** Active private lines of an edge that lead to an address, the longest prefix first, then by SID. */
  linesTo(edge: string, address: string): readonly PrefixMatch<SnapshotConnection>[] {
    return this.#connections.routesTo(edge, address);
  }

  /**
   * Whether the address is in any network of any access control list of the trunk. False without lists. A list that is
   * bound to a private line counts only for requests that came over that line.
   * @param connectionSid the line that the request came over; undefined: none
   */
  allows(trunk: SnapshotTrunk, address: string, connectionSid: string | undefined): boolean {
    return trunk.ipAccessControlListSids.some((sid) => {
      const only = this.#lists.get(sid)?.connectionSid ?? null;
      return (only === null || only === connectionSid) && this.#rangesOf(sid)?.has(address) === true;
    });
  }

  /** The HA1 values of a user name in the trunk's credential lists. User names are case-sensitive. */
  credentials(trunk: SnapshotTrunk, username: string): readonly TrunkCredential[] {
    const found: TrunkCredential[] = [];
    for (const sid of trunk.credentialListSids) {
      const list = this.#credentialLists.get(sid);
      const ha1 = list && this.#usersOf(list).get(username);
      if (list !== undefined && ha1 !== undefined) found.push({ ha1, algorithm: list.algorithm });
    }
    return found;
  }

  /** Digest algorithms that the trunk's credential lists use; none without lists. */
  algorithmsOf(trunk: SnapshotTrunk): ReadonlySet<DigestAlgorithm> {
    const used = new Set<DigestAlgorithm>();
    for (const sid of trunk.credentialListSids) {
      const list = this.#credentialLists.get(sid);
      if (list !== undefined) used.add(list.algorithm);
    }
    return used;
  }

  /** Carrier routes that match a number, a list per prefix, the longest prefix first. */
  routesTo(calledNumber: string): readonly (readonly PrefixRoute[])[] {
    return this.#carrierRoutes.matching(calledNumber);
  }

  /** The parsed SIP URL of an origination URL or a carrier gateway. */
  uriOf(target: OriginationUrl | CarrierGateway): CandidateUriResult {
    const known = this.#uris.get(target.sid);
    if (known !== undefined) return known;
    const parsed = parseCandidateUri(target.sipUrl);
    this.#uris.set(target.sid, parsed);
    return parsed;
  }

  #rangesOf(sid: string): RangeSet | undefined {
    const known = this.#rangesByList.get(sid);
    const list = known === undefined ? this.#lists.get(sid) : undefined;
    if (list === undefined) return known;
    const ranges = RangeSet.fromNetworks(list.networks);
    this.#rangesByList.set(sid, ranges);
    return ranges;
  }

  #usersOf(list: SnapshotCredentialList): ReadonlyMap<string, string> {
    const known = this.#usersByList.get(list.sid);
    if (known !== undefined) return known;
    const users = new Map(list.credentials.map((credential) => [credential.username, credential.ha1]));
    this.#usersByList.set(list.sid, users);
    return users;
  }
}

function bySid<T extends { readonly sid: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return indexBy(rows, (row) => row.sid);
}

function indexBy<T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, T> {
  const index = new Map<string, T>();
  for (const row of rows) index.set(keyOf(row), row);
  return index;
}
