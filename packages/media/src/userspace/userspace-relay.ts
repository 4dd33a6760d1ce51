import type { Clock } from "@tandem/clock";
import { NumberTable } from "@tandem/tables";
import { canonicalAddress } from "../canonical-address.ts";
import type {
  EndpointJournal,
  FlowKind,
  MediaInterface,
  MediaRelay,
  PortCounts,
  RelayCounts,
  RelayEndpoint,
} from "../media-relay.ts";
import type { MediaSocketKind } from "./media-socket.ts";
import { PortPool } from "./port-pool.ts";
import type { PairCounters, SocketPair } from "./socket-pair.ts";
import { type EndpointOwner, UserspaceEndpoint } from "./userspace-endpoint.ts";

export interface UserspaceRelayOptions {
  readonly clock: Clock;
  readonly interfaces: readonly MediaInterface[];
  /** UDP ports, both inclusive, on each media address; two per endpoint. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Free endpoints per media address to have bound beforehand; at least one is. */
  readonly preboundEndpoints: number;
  /** Default 2000. */
  readonly quarantineMs?: number;
  /** Differentiated services code point of what is sent where a policy has none, 0 to 63. Default 0. Linux only. */
  readonly dscp?: number;
  /** Default `native`. */
  readonly sockets?: MediaSocketKind;
}

/** Two seconds: a late packet of the last call, or one sent before its BYE arrived, must not reach the next call. */
const defaultQuarantineMs = 2000;

interface Place {
  readonly mediaInterface: MediaInterface;
  /** Both addresses of the interface in the form in which sockets report them. */
  readonly localAddress: string | undefined;
  readonly advertisedAddress: string | undefined;
  readonly pool: PortPool;
  /** Whether it came while running: then nothing but its own calls depends on it. */
  readonly isAdded: boolean;
  /** Open endpoints by RTP port: numbers make cheaper keys than texts made for each look-up. */
  readonly endpoints: NumberTable<UserspaceEndpoint>;
}

/** The engine that needs no privilege: sockets in this process. */
export class UserspaceRelay implements MediaRelay, EndpointOwner {
  readonly clock: Clock;
  private readonly options: UserspaceRelayOptions;
  private readonly places: Map<string, Place> = new Map();
  private readonly counters: PairCounters = { strayPackets: 0, socketErrors: 0 };

  constructor(options: UserspaceRelayOptions) {
    this.clock = options.clock;
    this.options = options;
    for (const mediaInterface of options.interfaces) {
      this.places.set(mediaInterface.name, this.placeFor(mediaInterface, options.preboundEndpoints, false));
    }
  }

  /** A range, or a limit of the system, that ends before `preboundEndpoints` is no error here: `counts` tells. */
  async open(): Promise<void> {
    for (const { mediaInterface, pool, isAdded } of this.places.values()) {
      const failure = isAdded ? undefined : unusable(pool);
      if (failure === undefined) continue;
      await this.close();
      const { name, localAddress } = mediaInterface;
      throw new Error(`media interface ${name}: no port of ${localAddress} can be bound (${failure})`);
    }
  }

  addInterface(mediaInterface: MediaInterface, preboundEndpoints: number): string | undefined {
    const { name } = mediaInterface;
    if (this.places.has(name)) throw new RangeError(`there is a media interface ${name} already`);
    const place = this.placeFor(mediaInterface, preboundEndpoints, true);
    const failure = unusable(place.pool);
    if (failure === undefined) this.places.set(name, place);
    else void place.pool.close();
    return failure;
  }

  async removeInterface(name: string): Promise<void> {
    const place = this.places.get(name);
    if (place === undefined) return;
    for (const endpoint of place.endpoints.values()) endpoint.close();
    this.places.delete(name);
    await place.pool.close();
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
    const partner = journal.partner === null ? undefined : this.endpointOf(journal.partner);
    // Both must say so: the other port may be another call's by now.
    if (partner?.expectedPartner === endpoint.id) this.join(endpoint, partner);
    return endpoint;
  }

  isOwnAddress(address: string, port: number): boolean {
    const canonical = canonicalAddress(address);
    if (canonical === undefined) return false;
    // RTP takes the even port of a pair, RTCP the odd one above it.
    const rtpPort = port - (port % 2);
    for (const { localAddress, advertisedAddress, endpoints } of this.places.values()) {
      const isOurs = canonical === localAddress || canonical === advertisedAddress;
      if (isOurs && endpoints.has(rtpPort)) return true;
    }
    return false;
  }

  get dscp(): number {
    return this.options.dscp ?? 0;
  }

  counts(): RelayCounts {
    let open = 0;
    let free = 0;
    let quarantined = 0;
    let sockets = 0;
    let busyPorts = 0;
    for (const { pool, endpoints } of this.places.values()) {
      open += endpoints.size;
      free += pool.free;
      quarantined += pool.quarantined;
      sockets += pool.sockets;
      busyPorts += pool.busyPorts;
    }
    const { strayPackets } = this.counters;
    return { open, free, quarantined, sockets, strayPackets, busyPorts };
  }

  ports(): readonly PortCounts[] {
    return Array.from(this.places.values(), ({ mediaInterface, pool, endpoints }) => ({
      engine: "userspace",
      mediaInterface: mediaInterface.name,
      used: endpoints.size,
      free: pool.free + pool.unbound,
      quarantined: pool.quarantined,
    }));
  }

  async close(): Promise<void> {
    const closing: Promise<void>[] = [];
    for (const { pool, endpoints } of this.places.values()) {
      for (const endpoint of endpoints.values()) endpoint.close();
      closing.push(pool.close());
    }
    await Promise.all(closing);
  }

  onEndpointClosed(endpoint: UserspaceEndpoint, pair: SocketPair): void {
    const place = this.places.get(endpoint.mediaInterface);
    place?.endpoints.delete(endpoint.localPort);
    place?.pool.release(pair);
  }

  private placeFor(mediaInterface: MediaInterface, preboundEndpoints: number, isAdded: boolean): Place {
    const { clock, ports, quarantineMs = defaultQuarantineMs, sockets = "native" } = this.options;
    const { localAddress } = mediaInterface;
    return {
      mediaInterface,
      localAddress: canonicalAddress(localAddress),
      advertisedAddress: canonicalAddress(mediaInterface.advertisedAddress),
      pool: new PortPool({
        clock,
        place: { kind: sockets, address: localAddress, counters: this.counters },
        ports,
        preboundEndpoints: Math.max(1, preboundEndpoints),
        quarantineMs,
      }),
      isAdded,
      endpoints: new NumberTable(),
    };
  }

  private use(place: Place, pair: SocketPair | undefined, kind: FlowKind): UserspaceEndpoint | undefined {
    if (pair === undefined) return undefined;
    const endpoint = new UserspaceEndpoint(this, place.mediaInterface, pair, kind);
    place.endpoints.set(pair.rtpPort, endpoint);
    return endpoint;
  }

  /** By its id: `endpointId` backwards. */
  private endpointOf(id: string): UserspaceEndpoint | undefined {
    const slash = id.lastIndexOf("/");
    return this.places.get(id.slice(0, slash))?.endpoints.get(Number(id.slice(slash + 1)));
  }

  /** Endpoints of another engine cannot be joined here; a program that tries is wrong. */
  private own(endpoint: RelayEndpoint): UserspaceEndpoint {
    if (endpoint instanceof UserspaceEndpoint) return endpoint;
    throw new TypeError("not an endpoint of this relay");
  }
}

/** Binds what is bound beforehand. The error code when no port can be had, or the address is not of this machine. */
function unusable(pool: PortPool): string | undefined {
  const failure = pool.fill();
  return pool.sockets > 0 && failure !== "EADDRNOTAVAIL" ? undefined : failure;
}
