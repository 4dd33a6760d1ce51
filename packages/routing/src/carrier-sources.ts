import type { SnapshotCarrier } from "@tandem/contracts";
import { parseIpAddress } from "./ip-address.ts";
import { RangeSet } from "./range-set.ts";

/** The enabled carriers by the networks that their calls come from. Immutable. */
export class CarrierSources {
  readonly #all: RangeSet;
  readonly #carriers: readonly { readonly carrier: SnapshotCarrier; readonly sources: RangeSet }[];

  constructor(carriers: Iterable<SnapshotCarrier>) {
    const enabled = Array.from(carriers).filter((carrier) => carrier.enabled);
    this.#carriers = enabled.map((carrier) => ({
      carrier,
      sources: RangeSet.fromNetworks(carrier.sourceNetworks),
    }));
    this.#all = RangeSet.fromNetworks(enabled.flatMap((carrier) => carrier.sourceNetworks));
  }

  /** Whether the address is any carrier's. */
  has(address: string): boolean {
    return this.#all.has(address);
  }

  /** Enabled carriers whose calls come from that address. */
  at(address: string): readonly SnapshotCarrier[] {
    const parsed = parseIpAddress(address);
    if (parsed === undefined || !this.#all.hasAddress(parsed)) return [];
    return this.#carriers.filter((entry) => entry.sources.hasAddress(parsed)).map((entry) => entry.carrier);
  }
}
