import type { Clock } from "@tandem/clock";
import { canonicalAddress } from "../canonical-address.ts";
import type { EndpointJournal, FlowKind, MediaRelay, RelayCounts, RelayEndpoint } from "../media-relay.ts";
import { PortPool } from "./port-pool.ts";
import type { PairCounters, SocketPair } from "./socket-pair.ts";
import {
  type EndpointOwner,
  endpointId,
  type MediaInterface,
  UserspaceEndpoint,
} from "./userspace-endpoint.ts";

export interface UserspaceRelayOptions {
  readonly clock: Clock;
  readonly interfaces: readonly MediaInterface[];
  /** UDP ports, both inclusive, on each media address; two per endpoint. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Free endpoints per media address to have bound beforehand; at least one is. */
  readonly preboundEndpoints: number;
  /** Default 2000. */
  readonly quarantineMs?: number;
}

/** Two seconds: a late packet of the last call, or one sent before its BYE arrived, must not reach the next call. */
const defaultQuarantineMs = 2000;

interface Place {
  readonly mediaInterface: MediaInterface;
  readonly pool: PortPool;
}

/** The engine that needs no privilege: node:dgram sockets in this process. */
export class UserspaceRelay implements MediaRelay, EndpointOwner {
  readonly clock: Clock;
  private readonly places: ReadonlyMap<string, Place>;
  private readonly endpoints: Map<string, UserspaceEndpoint> = new Map();
  private readonly counters: PairCounters = { strayPackets: 0, socketErrors: 0 };

  constructor(options: UserspaceRelayOptions) {
    const { clock, ports, quarantineMs = defaultQuarantineMs } = options;
    const preboundEndpoints = Math.max(1, options.preboundEndpoints);
    this.clock = clock;
    const places = new Map<string, Place>();
    for (const mediaInterface of options.interfaces) {
      const { localAddress } = mediaInterface;
      const { counters } = this;
      const pool = new PortPool({ clock, localAddress, ports, preboundEndpoints, quarantineMs, counters });
      places.set(mediaInterface.name, { mediaInterface, pool });
    }
    this.places = places;
  }

  /** A range, or a limit of the system, that ends before `preboundEndpoints` is no error here: `counts` tells. */
  async open(): Promise<void> {
    for (const { mediaInterface, pool } of this.places.values()) {
      const failure = pool.fill();
      if (failure === undefined || (pool.sockets > 0 && failure !== "EADDRNOTAVAIL")) continue;
      await this.close();
      const { name, localAddress } = mediaInterface;
      throw new Error(`media interface ${name}: no port of ${localAddress} can be bound (${failure})`);
    }
  }

  openEndpoint(options: { mediaInterface: string; kind: FlowKind }): RelayEndpoint | undefined {
    const place = this.places.get(options.mediaInterface);
    if (place === undefined) throw new RangeError(`there is no media interface ${options.mediaInterface}`);
    return this.use(place, place.pool.take(), options.kind);
  }

  join(a: RelayEndpoint, b: RelayEndpoint): void {
    const first = this.own(a);
    const second = this.own(b);
    if (first === second || !first.isOpen || !second.isOpen) return;
    if (first.partner !== undefined) first.partner.partner = undefined;
    if (second.partner !== undefined) second.partner.partner = undefined;
    first.partner = second;
    second.partner = first;
    first.expectedPartner = undefined;
    second.expectedPartner = undefined;
  }

  adopt(journal: EndpointJournal): RelayEndpoint | undefined {
    const place = this.places.get(journal.mediaInterface);
    const endpoint = place && this.use(place, place.pool.takeAt(journal.localPort), journal.kind);
    if (endpoint === undefined) return undefined;
    endpoint.restore(journal);
    const partner = this.endpoints.get(journal.partner ?? "");
    // Both must say so: the other port may be another call's by now.
    if (partner?.expectedPartner === endpoint.id) this.join(endpoint, partner);
    return endpoint;
  }

  isOwnAddress(address: string, port: number): boolean {
    const canonical = canonicalAddress(address);
    if (canonical === undefined) return false;
    // RTP takes the even port of a pair, RTCP the odd one above it.
    const rtpPort = port - (port % 2);
    for (const { mediaInterface } of this.places.values()) {
      const { name, localAddress, advertisedAddress } = mediaInterface;
      const isOurs =
        canonical === canonicalAddress(localAddress) || canonical === canonicalAddress(advertisedAddress);
      if (isOurs && this.endpoints.has(endpointId(name, rtpPort))) return true;
    }
    return false;
  }

  counts(): RelayCounts {
    let free = 0;
    let quarantined = 0;
    let sockets = 0;
    let busyPorts = 0;
    for (const { pool } of this.places.values()) {
      free += pool.free;
      quarantined += pool.quarantined;
      sockets += pool.sockets;
      busyPorts += pool.busyPorts;
    }
    const { strayPackets } = this.counters;
    return { open: this.endpoints.size, free, quarantined, sockets, strayPackets, busyPorts };
  }

  async close(): Promise<void> {
    for (const endpoint of this.endpoints.values()) endpoint.close();
    const closing: Promise<void>[] = [];
    for (const { pool } of this.places.values()) closing.push(pool.close());
    await Promise.all(closing);
  }

  onEndpointClosed(endpoint: UserspaceEndpoint, pair: SocketPair): void {
    this.endpoints.delete(endpoint.id);
    this.places.get(endpoint.mediaInterface)?.pool.release(pair);
  }

  private use(place: Place, pair: SocketPair | undefined, kind: FlowKind): UserspaceEndpoint | undefined {
    if (pair === undefined) return undefined;
    const endpoint = new UserspaceEndpoint(this, place.mediaInterface, pair, kind);
    this.endpoints.set(endpointId(place.mediaInterface.name, pair.rtpPort), endpoint);
    return endpoint;
  }

  /** Endpoints of another engine cannot be joined here; a program that tries is wrong. */
  private own(endpoint: RelayEndpoint): UserspaceEndpoint {
    if (endpoint instanceof UserspaceEndpoint) return endpoint;
    throw new TypeError("not an endpoint of this relay");
  }
}
