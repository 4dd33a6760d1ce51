import type { SnapshotIpAccessControlList, SnapshotTrunk } from "@tandem/contracts";
import { BucketMapBuilder } from "./bucket-map.ts";
import { NetworkCounts } from "./network-counts.ts";
import type { TableParts } from "./table-parts.ts";

type TrunkIndex = Pick<
  TableParts,
  "trunks" | "trunksByLabel" | "ipAccessControlLists" | "attachments" | "attachedNetworks"
>;

/** Trunks, their labels and the addresses that their access control lists let in. */
export class TrunkIndexBuilder {
  readonly #base: TrunkIndex | undefined;
  readonly #trunks;
  readonly #labels;
  readonly #lists;
  readonly #attachments;
  /** Lists whose networks may count otherwise than before. */
  readonly #touchedLists = new Set<string>();

  constructor(base: TrunkIndex | undefined) {
    this.#base = base;
    this.#trunks = new BucketMapBuilder(base?.trunks);
    this.#labels = new BucketMapBuilder(base?.trunksByLabel);
    this.#lists = new BucketMapBuilder(base?.ipAccessControlLists);
    this.#attachments = new BucketMapBuilder(base?.attachments);
  }

  get trunkCount(): number {
    return this.#trunks.size;
  }

  get listCount(): number {
    return this.#lists.size;
  }

  trunk(sid: string): SnapshotTrunk | undefined {
    return this.#trunks.get(sid);
  }

  put(trunks: readonly SnapshotTrunk[], lists: readonly SnapshotIpAccessControlList[]): void {
    // All old labels go before a new one comes: two trunks may have changed theirs.
    for (const trunk of trunks) this.#take(trunk.sid);
    for (const trunk of trunks) {
      this.#take(trunk.sid);
      this.#trunks.set(trunk.sid, trunk);
      if (trunk.domainLabel !== null) this.#labels.set(trunk.domainLabel.toLowerCase(), trunk);
      for (const sid of trunk.ipAccessControlListSids) this.#attach(sid, 1);
    }
    for (const list of lists) {
      this.#lists.set(list.sid, list);
      this.#touchedLists.add(list.sid);
    }
  }

  remove(trunkSids: readonly string[], listSids: readonly string[]): void {
    for (const sid of trunkSids) this.#take(sid);
    for (const sid of listSids) {
      this.#lists.delete(sid);
      this.#touchedLists.add(sid);
    }
  }

  /** Once. */
  build(): TrunkIndex {
    const attachedNetworks = this.#attachedNetworks();
    return {
      trunks: this.#trunks.build(),
      trunksByLabel: this.#labels.build(),
      ipAccessControlLists: this.#lists.build(),
      attachments: this.#attachments.build(),
      attachedNetworks,
    };
  }

  #attachedNetworks(): NetworkCounts {
    const before: string[] = [];
    const after: string[] = [];
    for (const sid of this.#touchedLists) {
      const was = this.#base && attached(sid, this.#base.attachments, this.#base.ipAccessControlLists);
      const is = attached(sid, this.#attachments, this.#lists);
      if (was === is) continue;
      for (const network of networksOf(was)) before.push(network);
      for (const network of networksOf(is)) after.push(network);
    }
    const networks = this.#base?.attachedNetworks ?? NetworkCounts.none;
    return before.length + after.length === 0 ? networks : networks.changed(before, after);
  }

  /** The trunk with that SID goes, and gives up its label and its lists. */
  #take(sid: string): void {
    const trunk = this.#trunks.get(sid);
    if (trunk === undefined) return;
    const label = trunk.domainLabel?.toLowerCase();
    if (label !== undefined && this.#labels.get(label)?.sid === sid) this.#labels.delete(label);
    for (const list of trunk.ipAccessControlListSids) this.#attach(list, -1);
    this.#trunks.delete(sid);
  }

  #attach(sid: string, by: 1 | -1): void {
    const count = (this.#attachments.get(sid) ?? 0) + by;
    if (count === 0) this.#attachments.delete(sid);
    else this.#attachments.set(sid, count);
    this.#touchedLists.add(sid);
  }
}

interface BySid<T> {
  get(sid: string): T | undefined;
}

function networksOf(list: SnapshotIpAccessControlList | undefined): readonly string[] {
  return list?.networks ?? [];
}

/** The list with that SID if any trunk has it. */
function attached(
  sid: string,
  attachments: BySid<number>,
  lists: BySid<SnapshotIpAccessControlList>,
): SnapshotIpAccessControlList | undefined {
  return attachments.get(sid) === undefined ? undefined : lists.get(sid);
}
