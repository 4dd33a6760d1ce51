import type { Snapshot, SnapshotCarrier } from "@tandem/contracts";
import { parseIpAddress } from "./ip-address.ts";
import { RangeSet } from "./range-set.ts";

/** Who may stand behind a source address: carriers by their networks, customers by their access control lists. */
export class SourceIndex {
  readonly #known: RangeSet;
  readonly #ofCarriers: RangeSet;
  readonly #carriers: readonly { readonly carrier: SnapshotCarrier; readonly sources: RangeSet }[];

  constructor(snapshot: Snapshot) {
    const carriers = snapshot.carriers.filter((carrier) => carrier.enabled);
    this.#carriers = carriers.map((carrier) => ({
      carrier,
      sources: RangeSet.fromNetworks(carrier.sourceNetworks),
    }));
    this.#ofCarriers = RangeSet.fromNetworks(carriers.flatMap((carrier) => carrier.sourceNetworks));
    this.#known = RangeSet.fromNetworks(knownNetworks(snapshot, carriers));
  }

  /** Whether the address is a carrier's or in a list that is attached to a trunk. Asked for every datagram. */
  isKnown(address: string): boolean {
    return this.#known.has(address);
  }

  /** Enabled carriers whose calls come from that address. */
  carriersAt(address: string): readonly SnapshotCarrier[] {
    const parsed = parseIpAddress(address);
    if (parsed === undefined || !this.#ofCarriers.hasAddress(parsed)) return [];
    return this.#carriers.filter((entry) => entry.sources.hasAddress(parsed)).map((entry) => entry.carrier);
  }
}

function* knownNetworks(snapshot: Snapshot, carriers: readonly SnapshotCarrier[]): Generator<string> {
  for (const carrier of carriers) yield* carrier.sourceNetworks;
  const attached = new Set<string>();
  for (const trunk of snapshot.trunks) for (const sid of trunk.ipAccessControlListSids) attached.add(sid);
  for (const list of snapshot.ipAccessControlLists) if (attached.has(list.sid)) yield* list.networks;
}
