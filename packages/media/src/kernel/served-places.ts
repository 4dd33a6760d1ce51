import { NumberTable } from "@tandem/tables";
import { canonicalAddress } from "../canonical-address.ts";
import type { KernelEndpoint } from "./kernel-endpoint.ts";
import type { KernelPlace } from "./kernel-place.ts";
import type { KernelPortPool } from "./kernel-port-pool.ts";
import type { FlowKey } from "./layout/index.ts";

/** A media address that the program serves. */
export interface ServedPlace {
  readonly place: KernelPlace;
  readonly pool: KernelPortPool;
  /** Open endpoints by RTP port. */
  readonly endpoints: NumberTable<KernelEndpoint>;
  /** Endpoints whose packets another engine has taken over, by RTP port. */
  readonly handedOver: Map<number, KernelEndpoint>;
  /** RTP ports of flows from a life before that nobody has adopted yet. */
  readonly orphans: Set<number>;
}

/** The media addresses of a relay, by name, and whose endpoints stand where on them. */
export class ServedPlaces {
  readonly #places = new Map<string, ServedPlace>();

  get(name: string): ServedPlace | undefined {
    return this.#places.get(name);
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  values(): IterableIterator<ServedPlace> {
    return this.#places.values();
  }

  /** With their names. */
  entries(): IterableIterator<[string, ServedPlace]> {
    return this.#places.entries();
  }

  add(name: string, place: KernelPlace, pool: KernelPortPool, orphans: Set<number>): void {
    this.#places.set(name, {
      place,
      pool,
      endpoints: new NumberTable(),
      handedOver: new Map(),
      orphans,
    });
  }

  delete(name: string): void {
    this.#places.delete(name);
  }

  /** Of all places. */
  get orphans(): number {
    let sum = 0;
    for (const { orphans } of this.#places.values()) sum += orphans.size;
    return sum;
  }

  isOwnAddress(address: string, port: number): boolean {
    const canonical = canonicalAddress(address);
    if (canonical === undefined) return false;
    const rtpPort = port - (port % 2);
    for (const { place, endpoints, handedOver } of this.#places.values()) {
      const { localAddress, advertisedAddress, wireAddress } = place.mediaInterface;
      const own = [localAddress, advertisedAddress, wireAddress].map((one) => canonicalAddress(one));
      if (own.includes(canonical) && (endpoints.has(rtpPort) || handedOver.has(rtpPort))) return true;
    }
    return false;
  }

  /** The endpoint that a flow is of, by either of its ports. */
  endpointAt({ ifindex, address, port }: FlowKey): KernelEndpoint | undefined {
    for (const { place, endpoints } of this.#places.values()) {
      if (place.ifindex !== ifindex || !place.wireAddress.equals(address)) continue;
      const endpoint = endpoints.get(port - (port % 2));
      if (endpoint !== undefined) return endpoint;
    }
    return undefined;
  }

  /** By its id: `endpointId` backwards. */
  endpointOf(id: string): KernelEndpoint | undefined {
    const slash = id.lastIndexOf("/");
    return this.#places.get(id.slice(0, slash))?.endpoints.get(Number(id.slice(slash + 1)));
  }
}
