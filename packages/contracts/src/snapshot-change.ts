/**
 * What differs between two snapshots. A large installation changes one object at a time: this travels in place of the
 * whole, is applied in its place and is kept on disk behind it.
 */
import { type Static, type TSchema, Type } from "typebox";
import { Snapshot } from "./snapshot.ts";

/** The lists of a snapshot whose objects are put and removed one by one, and the field that names an object. */
export const snapshotLists = {
  accounts: "sid",
  trunks: "sid",
  ipAccessControlLists: "sid",
  credentialLists: "sid",
  /** A number is looked up by itself: its SID says nothing to a gateway. */
  numbers: "phoneNumber",
  carriers: "sid",
  connections: "sid",
} as const;
export type SnapshotListName = keyof typeof snapshotLists;
export const snapshotListNames = Object.keys(snapshotLists) as readonly SnapshotListName[];

/** The snapshot without those lists. */
export const SnapshotSettings = Type.Omit(Snapshot, [
  "accounts",
  "trunks",
  "ipAccessControlLists",
  "credentialLists",
  "numbers",
  "carriers",
  "connections",
]);
export type SnapshotSettings = Static<typeof SnapshotSettings>;

/** Everything but the lists. */
export function settingsOf(snapshot: Snapshot): SnapshotSettings {
  const { formatVersion, version, baseDomain, realm, edges, nonceKeys, regions, gateways, backboneKeys } =
    snapshot;
  const { destinations } = snapshot;
  return {
    formatVersion,
    version,
    baseDomain,
    realm,
    edges,
    nonceKeys,
    regions,
    gateways,
    backboneKeys,
    ...(destinations === undefined ? {} : { destinations }),
  };
}

/** Some objects of some of the lists. */
export const SnapshotObjects = Type.Partial(
  Type.Pick(Snapshot, [
    "accounts",
    "trunks",
    "ipAccessControlLists",
    "credentialLists",
    "numbers",
    "carriers",
    "connections",
  ]),
);
export type SnapshotObjects = Static<typeof SnapshotObjects>;
export type SnapshotObject<L extends SnapshotListName> = Snapshot[L][number];

function perList<S extends TSchema>(schema: S) {
  return Type.Object({
    accounts: schema,
    trunks: schema,
    ipAccessControlLists: schema,
    credentialLists: schema,
    numbers: schema,
    carriers: schema,
    connections: schema,
  });
}

/** How many objects each list has: whoever counts otherwise holds something else and asks for the whole. */
export const SnapshotCounts = perList(Type.Integer({ minimum: 0 }));
export type SnapshotCounts = Static<typeof SnapshotCounts>;

export const SnapshotChange = Type.Object({
  formatVersion: Type.Integer(),
  /** It means something only to whoever holds exactly this version. */
  fromVersion: Type.Integer(),
  toVersion: Type.Integer(),
  /** What changed outside of the lists, each member whole. */
  settings: Type.Partial(Type.Omit(SnapshotSettings, ["formatVersion", "version"])),
  /** New objects, and changed ones whole. A new one comes behind those that there are. */
  put: SnapshotObjects,
  /** Names of objects that are no more, by the field that `snapshotLists` says. Removed before anything is put. */
  removed: Type.Partial(perList(Type.Array(Type.String()))),
  /** Of the snapshot after the change. */
  counts: SnapshotCounts,
});
export type SnapshotChange = Static<typeof SnapshotChange>;

/** The name of an object within its list. */
export function nameOfObject<L extends SnapshotListName>(list: L, object: SnapshotObject<L>): string {
  return (object as unknown as Record<string, string>)[snapshotLists[list]] ?? "";
}

/** A whole document after a change: what `RoutingTable.changed` does to an index. Costs the size of the lists it touches. */
export function changedSnapshot(snapshot: Snapshot, change: SnapshotChange): Snapshot {
  const lists = snapshotListNames.map((list) => [list, changedList(snapshot, change, list)]);
  return { ...snapshot, ...change.settings, ...Object.fromEntries(lists), version: change.toVersion };
}

function changedList(snapshot: Snapshot, change: SnapshotChange, list: SnapshotListName): readonly object[] {
  const removed = change.removed[list] ?? [];
  const put = change.put[list] ?? [];
  if (removed.length + put.length === 0) return snapshot[list];
  const objects = new Map(snapshot[list].map((object) => [nameOfObject(list, object), object]));
  for (const name of removed) objects.delete(name);
  for (const object of put) objects.set(nameOfObject(list, object), object);
  return [...objects.values()];
}
