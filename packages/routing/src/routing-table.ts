import {
  type CarrierGateway,
  type DigestAlgorithm,
  type Edge,
  type OriginationUrl,
  type Snapshot,
  type SnapshotAccount,
  type SnapshotCarrier,
  type SnapshotChange,
  type SnapshotConnection,
  type SnapshotCounts,
  type SnapshotCredentialList,
  type SnapshotListName,
  type SnapshotNumber,
  type SnapshotObject,
  type SnapshotObjects,
  type SnapshotSettings,
  type SnapshotTrunk,
  settingsOf,
  snapshotListNames,
} from "@tandem/contracts";
import { type CandidateUriResult, parseCandidateUri } from "./candidate-uri.ts";
import type { PrefixRoute } from "./carrier-routes.ts";
import type { AccountDestinations, DestinationIndex } from "./destination-index.ts";
import { ForbiddenPrefixes } from "./forbidden-prefixes.ts";
import type { PrefixMatch } from "./prefix-index.ts";
import { RangeSet } from "./range-set.ts";
import { roamingEdges } from "./roaming-edges.ts";
import { TableBuilder } from "./table-builder.ts";
import type { TableParts } from "./table-parts.ts";
import { isBelow, normalizeHost, parseTrunkHost } from "./trunk-host.ts";

/** Makes a table of objects that come in any number of steps. */
export interface TableCollector {
  /** Accounts and trunks are better added before their numbers. */
  add(objects: SnapshotObjects): void;
  counts(): SnapshotCounts;
  /** Once. */
  table(settings: SnapshotSettings): RoutingTable;
}

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
 * A snapshot with its indexes. Immutable: a change makes another table that shares with this one all that did not change,
 * so whoever began with this one goes on with it. What every call needs is indexed at once; what belongs to one trunk
 * (its lists, its URLs) when that trunk is first used.
 */
export class RoutingTable {
  /** The snapshot without its lists. */
  readonly snapshot: SnapshotSettings;
  readonly #parts: TableParts;
  readonly #baseDomain: string;

  private constructor(parts: TableParts) {
    this.#parts = parts;
    this.snapshot = parts.settings;
    this.#baseDomain = normalizeHost(parts.settings.baseDomain);
  }

  /** Builds the indexes. The snapshot must not change afterwards. */
  static from(snapshot: Snapshot): RoutingTable {
    const collector = RoutingTable.collector();
    collector.add(snapshot);
    return collector.table(settingsOf(snapshot));
  }

  /** For a table whose objects come bit by bit. */
  static collector(): TableCollector {
    const builder = new TableBuilder();
    return {
      add: (objects) => builder.put(objects),
      counts: () => builder.counts,
      table: (settings) => new RoutingTable(builder.build(settings)),
    };
  }

  /**
   * The table after a change. Costs what the change touches, and a pass over carriers or private lines if it touches any.
   * @throws Error when the change is not one of this version, or leads to other counts than it says
   */
  changed(change: SnapshotChange): RoutingTable {
    const { version, formatVersion } = this.snapshot;
    if (change.fromVersion !== version) {
      throw new Error(`the change is of version ${change.fromVersion}, not of ${version}`);
    }
    if (change.formatVersion !== formatVersion) {
      throw new Error(`the change has format ${change.formatVersion}, not ${formatVersion}`);
    }
    const builder = new TableBuilder(this.#parts);
    builder.remove(change.removed);
    builder.put(change.put);
    const { counts } = builder;
    for (const list of snapshotListNames) {
      if (counts[list] !== change.counts[list]) {
        throw new Error(
          `version ${change.toVersion} has ${change.counts[list]} ${list}, not ${counts[list]}`,
        );
      }
    }
    return new RoutingTable(
      builder.build({ ...this.snapshot, ...change.settings, version: change.toVersion }),
    );
  }

  /** The objects of a list; carriers in the snapshot's order. */
  objects<L extends SnapshotListName>(list: L): Iterable<SnapshotObject<L>> {
    return this.#parts[list].values() as Iterable<SnapshotObject<L>>;
  }

  /** The whole snapshot, for whoever needs it in one piece. Costs its size. */
  document(): Snapshot {
    const lists = snapshotListNames.map((list) => [list, [...this.objects(list)]]);
    return { ...this.snapshot, ...Object.fromEntries(lists) } as Snapshot;
  }

  /** Finds the trunk of `{label}.pstn[.{edge name, legacy id or roaming}].{base domain}`. Undefined: no such trunk or edge. */
  trunkByHost(host: string): TrunkByHost | undefined {
    const parts = parseTrunkHost(host, this.#baseDomain);
    const trunk = parts && this.#parts.trunksByLabel.get(parts.label);
    if (parts === undefined || trunk === undefined) return undefined;
    if (parts.edgeLabel === undefined) return { trunk, namedEdge: undefined, form: "generic" };
    const namedEdge = this.#parts.edges.get(parts.edgeLabel);
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
    return this.#parts.edges.get(name.toLowerCase());
  }

  /** The name of an edge that may be written as its legacy id; a name that nobody knows is returned as it is. */
  edgeNameOf(written: string): string {
    return this.edgeByName(written)?.name ?? written;
  }

  trunkBySid(sid: string): SnapshotTrunk | undefined {
    return this.#parts.trunks.get(sid);
  }

  accountBySid(sid: string): SnapshotAccount | undefined {
    return this.#parts.accounts.get(sid);
  }

  carrierBySid(sid: string): SnapshotCarrier | undefined {
    return this.#parts.carriers.get(sid);
  }

  /** @param e164 with + */
  numberByE164(e164: string): SnapshotNumber | undefined {
    return this.#parts.numbers.get(e164);
  }

  /**
   * Whether the number may stand for the account: one of its numbers, or one of its verified caller IDs. Neither its parent's
   * nor its subaccounts' are.
   * @param e164 with +
   */
  isCallerIdOf(accountSid: string, e164: string): boolean {
    if (this.numberByE164(e164)?.accountSid === accountSid) return true;
    const account = this.accountBySid(accountSid);
    return account?.verifiedCallerIds !== undefined && this.#verifiedCallerIdsOf(account).has(e164);
  }

  /** Enabled carriers whose calls come from that address. */
  carrierBySource(address: string): readonly SnapshotCarrier[] {
    return this.#parts.carrierSources.at(address);
  }

  /** Whether the address is an enabled carrier's or in any access control list that is attached to a trunk. */
  isKnownSource(address: string): boolean {
    return this.#parts.carrierSources.has(address) || this.#parts.attachedNetworks.has(address);
  }

  /** A private line, whatever its status. */
  connectionBySid(sid: string): SnapshotConnection | undefined {
    return this.#parts.connectionIndex.bySid(sid);
  }

  /** Private lines of an edge in order of their SIDs, whatever their status. */
  connectionsOf(edge: string): readonly SnapshotConnection[] {
    return this.#parts.connectionIndex.ofEdge(edge);
  }

  /** Active private lines of an edge that lead to an address, the longest prefix first, then by SID. */
  linesTo(edge: string, address: string): readonly PrefixMatch<SnapshotConnection>[] {
    return this.#parts.connectionIndex.routesTo(edge, address);
  }

  /**
   * Whether the address is in any network of any access control list of the trunk. False without lists. A list that is
   * bound to a private line counts only for requests that came over that line.
   * @param connectionSid the line that the request came over; undefined: none
   */
  allows(trunk: SnapshotTrunk, address: string, connectionSid: string | undefined): boolean {
    return trunk.ipAccessControlListSids.some((sid) => {
      const only = this.#parts.ipAccessControlLists.get(sid)?.connectionSid ?? null;
      return (only === null || only === connectionSid) && this.#rangesOf(sid)?.has(address) === true;
    });
  }

  /** The HA1 values of a user name in the trunk's credential lists. User names are case-sensitive. */
  credentials(trunk: SnapshotTrunk, username: string): readonly TrunkCredential[] {
    const found: TrunkCredential[] = [];
    for (const sid of trunk.credentialListSids) {
      const list = this.#parts.credentialLists.get(sid);
      const ha1 = list && this.#usersOf(list).get(username);
      if (list !== undefined && ha1 !== undefined) found.push({ ha1, algorithm: list.algorithm });
    }
    return found;
  }

  /** Digest algorithms that the trunk's credential lists use; none without lists. */
  algorithmsOf(trunk: SnapshotTrunk): ReadonlySet<DigestAlgorithm> {
    const used = new Set<DigestAlgorithm>();
    for (const sid of trunk.credentialListSids) {
      const list = this.#parts.credentialLists.get(sid);
      if (list !== undefined) used.add(list.algorithm);
    }
    return used;
  }

  /** Carrier routes that match a number, a list per prefix, the longest prefix first. */
  routesTo(calledNumber: string): readonly (readonly PrefixRoute[])[] {
    return this.#parts.carrierRoutes.matching(calledNumber);
  }

  /** The operator's lists of destinations. */
  get destinations(): DestinationIndex {
    return this.#parts.destinations;
  }

  /** What the account and, where it inherits, its parent say of destinations. */
  destinationsOf(account: SnapshotAccount): AccountDestinations {
    const { dialingPermissions, parentSid } = account;
    const inherits = dialingPermissions === undefined && parentSid !== undefined;
    const parent = inherits ? this.accountBySid(parentSid) : undefined;
    const own = this.#accountPrefixesOf(account);
    const inherited = parent === undefined ? [] : [this.#accountPrefixesOf(parent)];
    return {
      permissions: dialingPermissions ?? parent?.dialingPermissions,
      prefixes: [own, ...inherited],
    };
  }

  /** The parsed SIP URL of an origination URL or a carrier gateway. */
  uriOf(target: OriginationUrl | CarrierGateway): CandidateUriResult {
    const { uris } = this.#parts.derived;
    const known = uris.get(target);
    if (known !== undefined) return known;
    const parsed = parseCandidateUri(target.sipUrl);
    uris.set(target, parsed);
    return parsed;
  }

  #accountPrefixesOf(account: SnapshotAccount): ForbiddenPrefixes {
    const { forbiddenPrefixes } = this.#parts.derived;
    const known = forbiddenPrefixes.get(account);
    if (known !== undefined) return known;
    const made = new ForbiddenPrefixes(account);
    forbiddenPrefixes.set(account, made);
    return made;
  }

  #verifiedCallerIdsOf(account: SnapshotAccount): ReadonlySet<string> {
    const { verifiedCallerIds } = this.#parts.derived;
    const known = verifiedCallerIds.get(account);
    if (known !== undefined) return known;
    const made = new Set(account.verifiedCallerIds);
    verifiedCallerIds.set(account, made);
    return made;
  }

  #rangesOf(sid: string): RangeSet | undefined {
    const { ranges } = this.#parts.derived;
    const list = this.#parts.ipAccessControlLists.get(sid);
    if (list === undefined) return undefined;
    const known = ranges.get(list);
    if (known !== undefined) return known;
    const made = RangeSet.fromNetworks(list.networks);
    ranges.set(list, made);
    return made;
  }

  #usersOf(list: SnapshotCredentialList): ReadonlyMap<string, string> {
    const { users } = this.#parts.derived;
    const known = users.get(list);
    if (known !== undefined) return known;
    const made = new Map(list.credentials.map((credential) => [credential.username, credential.ha1]));
    users.set(list, made);
    return made;
  }
}
