import {
  nameOfObject,
  type Snapshot,
  type SnapshotChange,
  type SnapshotCounts,
  type SnapshotListName,
  type SnapshotObjects,
  type SnapshotSettings,
  snapshotListNames,
} from "@tandem/contracts";

const settingNames = [
  "baseDomain",
  "realm",
  "edges",
  "nonceKeys",
  "regions",
  "gateways",
  "backboneKeys",
  "destinations",
] as const satisfies readonly (keyof SnapshotSettings)[];

/** What a gateway that holds `before` must be told to hold `after`. One pass over both; they must not change later. */
export function snapshotDifference(before: Snapshot, after: Snapshot): SnapshotChange {
  const settings: Record<string, unknown> = {};
  for (const name of settingNames) if (!isSame(before[name], after[name])) settings[name] = after[name];
  const put: Record<string, readonly object[]> = {};
  const removed: Record<string, readonly string[]> = {};
  for (const list of snapshotListNames) {
    const difference = listDifference(before, after, list);
    if (difference.put.length > 0) put[list] = difference.put;
    if (difference.removed.length > 0) removed[list] = difference.removed;
  }
  return {
    formatVersion: after.formatVersion,
    fromVersion: before.version,
    toVersion: after.version,
    settings: settings as SnapshotChange["settings"],
    put: put as SnapshotObjects,
    removed: removed as SnapshotChange["removed"],
    counts: snapshotCounts(after),
  };
}

export function snapshotCounts(snapshot: Snapshot): SnapshotCounts {
  return Object.fromEntries(snapshotListNames.map((list) => [list, snapshot[list].length])) as SnapshotCounts;
}

/**
 * Lists are in the order in which their rows were made, so both are walked side by side: an object whose place another one
 * has was removed, and new ones stand at the end. Were the order another one, more would be told than needed, never less.
 */
function listDifference(before: Snapshot, after: Snapshot, list: SnapshotListName) {
  const put: object[] = [];
  const removed: string[] = [];
  const old = before[list];
  let at = 0;
  for (const object of after[list]) {
    const name = nameOfObject(list, object);
    at = passRemoved(old, at, list, name, removed);
    const known = old[at];
    at += 1;
    if (known === undefined || !isSame(known, object)) put.push(object);
  }
  for (const object of old.slice(at)) removed.push(nameOfObject(list, object));
  return { put, removed };
}

/** Where the object with that name stands among the old ones, or behind them all. */
function passRemoved(
  old: Snapshot[SnapshotListName],
  from: number,
  list: SnapshotListName,
  name: string,
  removed: string[],
): number {
  let at = from;
  for (let object = old[at]; object !== undefined; object = old[at]) {
    const oldName = nameOfObject(list, object);
    if (oldName === name) return at;
    removed.push(oldName);
    at += 1;
  }
  return at;
}

/** Plain JSON only. A million times a change: `isDeepStrictEqual` takes ten times as long. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const left = one as Readonly<Record<string, unknown>>;
  const right = other as Readonly<Record<string, unknown>>;
  let members = 0;
  for (const name in left) {
    if (!Object.hasOwn(right, name) || !isSame(left[name], right[name])) return false;
    members += 1;
  }
  return members === Object.keys(right).length;
}
