import type {
  Edge,
  SnapshotCarrier,
  SnapshotChange,
  SnapshotConnection,
  SnapshotCounts,
  SnapshotNumber,
  SnapshotObjects,
  SnapshotSettings,
  SnapshotTrunk,
} from "@tandem/contracts";
import { BucketMapBuilder } from "./bucket-map.ts";
import { CarrierRoutes } from "./carrier-routes.ts";
import { CarrierSources } from "./carrier-sources.ts";
import { ConnectionIndex } from "./connection-index.ts";
import { DestinationIndex } from "./destination-index.ts";
import { NumberIndexBuilder } from "./number-index.ts";
import type { Derived, TableParts } from "./table-parts.ts";
import { TrunkIndexBuilder } from "./trunk-index-builder.ts";

const nothing = {
  accounts: [],
  trunks: [],
  ipAccessControlLists: [],
  credentialLists: [],
  numbers: [],
  carriers: [],
  connections: [],
};

/** Collects objects in any number of steps and makes a table of them, or the next table of one that there is. */
export class TableBuilder {
  readonly #base: TableParts | undefined;
  readonly #accounts;
  readonly #trunks: TrunkIndexBuilder;
  readonly #credentialLists;
  readonly #numbers;
  readonly #carriers: Map<string, SnapshotCarrier>;
  readonly #connections: Map<string, SnapshotConnection>;
  /** Numbers come in blocks of one trunk. */
  #lastTrunk: SnapshotTrunk | undefined;
  #areCarriersTouched = false;
  #areConnectionsTouched = false;

  constructor(base?: TableParts) {
    this.#base = base;
    this.#accounts = new BucketMapBuilder(base?.accounts);
    this.#trunks = new TrunkIndexBuilder(base);
    this.#credentialLists = new BucketMapBuilder(base?.credentialLists);
    this.#numbers = new NumberIndexBuilder(base?.numbers);
    this.#carriers = new Map(base?.carriers);
    this.#connections = new Map(base?.connections);
  }

  /** Accounts and trunks before their numbers: these then share the texts of their SIDs. */
  put(objects: SnapshotObjects): void {
    const all = { ...nothing, ...objects };
    for (const account of all.accounts) this.#accounts.set(account.sid, account);
    this.#trunks.put(all.trunks, all.ipAccessControlLists);
    for (const list of all.credentialLists) this.#credentialLists.set(list.sid, list);
    for (const number of all.numbers) this.#putNumber(number);
    for (const carrier of all.carriers) this.#carriers.set(carrier.sid, carrier);
    for (const connection of all.connections) this.#connections.set(connection.sid, connection);
    this.#areCarriersTouched ||= all.carriers.length > 0;
    this.#areConnectionsTouched ||= all.connections.length > 0;
  }

  /** Names that nothing has are no error. */
  remove(names: SnapshotChange["removed"]): void {
    const all = { ...nothing, ...names };
    for (const sid of all.accounts) this.#accounts.delete(sid);
    this.#trunks.remove(all.trunks, all.ipAccessControlLists);
    for (const sid of all.credentialLists) this.#credentialLists.delete(sid);
    for (const phoneNumber of all.numbers) this.#numbers.delete(phoneNumber);
    for (const sid of all.carriers) this.#carriers.delete(sid);
    for (const sid of all.connections) this.#connections.delete(sid);
    this.#areCarriersTouched ||= all.carriers.length > 0;
    this.#areConnectionsTouched ||= all.connections.length > 0;
  }

  get counts(): SnapshotCounts {
    return {
      accounts: this.#accounts.size,
      trunks: this.#trunks.trunkCount,
      ipAccessControlLists: this.#trunks.listCount,
      credentialLists: this.#credentialLists.size,
      numbers: this.#numbers.size,
      carriers: this.#carriers.size,
      connections: this.#connections.size,
    };
  }

  /** Once. */
  build(settings: SnapshotSettings): TableParts {
    const base = this.#base;
    const carriers =
      base === undefined || this.#areCarriersTouched
        ? {
            carriers: this.#carriers,
            carrierRoutes: new CarrierRoutes(this.#carriers.values()),
            carrierSources: new CarrierSources(this.#carriers.values()),
          }
        : base;
    const connections =
      base === undefined || this.#areConnectionsTouched
        ? {
            connections: this.#connections,
            connectionIndex: new ConnectionIndex([...this.#connections.values()]),
          }
        : base;
    return {
      settings,
      edges: base !== undefined && base.settings.edges === settings.edges ? base.edges : edgeIndex(settings),
      accounts: this.#accounts.build(),
      ...this.#trunks.build(),
      credentialLists: this.#credentialLists.build(),
      numbers: this.#numbers.build(),
      carriers: carriers.carriers,
      carrierRoutes: carriers.carrierRoutes,
      carrierSources: carriers.carrierSources,
      connections: connections.connections,
      connectionIndex: connections.connectionIndex,
      destinations: this.#destinationsOf(settings),
      derived: base?.derived ?? newDerived(),
    };
  }

  #destinationsOf({ destinations }: SnapshotSettings): DestinationIndex {
    const base = this.#base;
    if (base !== undefined && base.settings.destinations === destinations) return base.destinations;
    return new DestinationIndex(destinations);
  }

  /** A million of them: they hold the texts of their trunks' and accounts' SIDs, not copies. */
  #putNumber(number: SnapshotNumber): void {
    const { trunkSid } = number;
    if (trunkSid !== null && trunkSid !== this.#lastTrunk?.sid)
      this.#lastTrunk = this.#trunks.trunk(trunkSid);
    const trunk = trunkSid === null ? undefined : this.#lastTrunk;
    const accountSid =
      trunk?.accountSid === number.accountSid
        ? trunk.accountSid
        : (this.#accounts.get(number.accountSid)?.sid ?? number.accountSid);
    this.#numbers.set({ ...number, accountSid, trunkSid: trunk?.sid ?? trunkSid });
  }
}

function newDerived(): Derived {
  return {
    ranges: new WeakMap(),
    users: new WeakMap(),
    forbiddenPrefixes: new WeakMap(),
    verifiedCallerIds: new WeakMap(),
    uris: new WeakMap(),
  };
}

/** Names win over legacy ids, whatever the order of the edges. */
function edgeIndex({ edges }: SnapshotSettings): ReadonlyMap<string, Edge> {
  const index = new Map<string, Edge>();
  for (const edge of edges) index.set(edge.legacyId.toLowerCase(), edge);
  for (const edge of edges) index.set(edge.name.toLowerCase(), edge);
  return index;
}
