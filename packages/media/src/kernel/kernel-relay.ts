import type { Clock, Timer } from "@tandem/clock";
import type {
  EndpointJournal,
  FlowKind,
  MediaInterface,
  MediaRelay,
  PortCounts,
  RelayCounts,
  RelayEndpoint,
} from "../media-relay.ts";
import { FarAddresses } from "./far-addresses.ts";
import { HostRouting } from "./host-routing.ts";
import { KernelEndpoint, type KernelEndpointOwner } from "./kernel-endpoint.ts";
import { type KernelMaps, openMaps, type ProgramCounts } from "./kernel-maps.ts";
import { type KernelPlace, kernelPlace } from "./kernel-place.ts";
import { KernelPortPool } from "./kernel-port-pool.ts";
import { type FlowKey, readControlPacket, writePartition } from "./layout/index.ts";
import { mappedAddress } from "./mapped-address.ts";
import { PinnedProgram, type ProgramPlace } from "./pinned-program.ts";
import { missingPrivilege } from "./privileges.ts";
import { ServedPlaces } from "./served-places.ts";
import type { SystemCalls } from "./system-calls.ts";
import { TrustedLists } from "./trusted-lists.ts";

export interface KernelRelayOptions extends ProgramPlace {
  readonly clock: Clock;
  readonly interfaces: readonly MediaInterface[];
  /** UDP ports, both inclusive, that are the program's alone on each media address; two per endpoint. */
  readonly ports: { readonly first: number; readonly last: number };
  /** Default 2000. */
  readonly quarantineMs?: number;
  /** Differentiated services code point of packets whose policy says none. Default 0. */
  readonly dscp?: number;
  /** Time for the journal's calls to be adopted; what is left of a life before is removed then. Default 60,000. */
  readonly adoptionMs?: number;
  /** For so long the program relays without this process; put off once a second. Default an hour. */
  readonly leaseMs?: number;
}

const defaultQuarantineMs = 2000;
const defaultAdoptionMs = 60_000;
const defaultLeaseMs = 3_600_000;
/** Copies of RTCP packets that are read at a time, ten times a second; the others wait. */
const controlPacketsAtATime = 256;
/** All endpoints' routes and policies are looked at in a second, in so many parts, so that none of them takes long. */
const watchParts = 10;
const watchMs = 100;

/**
 * The engine without a packet in user space: a tc program forwards, judges sources and counts; this class writes its maps.
 *
 * Started: program loaded and pinned, on all devices; flows of a life before go on. Adopted or removed until `adoptionMs`.
 * Closed: program and pins are gone. A process that dies instead leaves both, and the calls go on.
 */
export class KernelRelay implements MediaRelay, KernelEndpointOwner {
  readonly clock: Clock;
  readonly maps: KernelMaps;
  readonly routing: HostRouting;
  readonly addresses: FarAddresses = new FarAddresses();
  /** Why a media address is not served, by name. */
  readonly objections: Map<string, string> = new Map();
  /** Told when the program must not send to an endpoint's far side, again every second. Nothing is sent there. */
  whenObjected: ((endpoint: KernelEndpoint, objection: string) => void) | undefined = undefined;
  readonly #options: KernelRelayOptions;
  readonly #calls: SystemCalls;
  readonly #program: PinnedProgram;
  readonly #lists: TrustedLists;
  readonly #places = new ServedPlaces();
  readonly #adoptUntilMs: number;
  #watchTimer: Timer | undefined;
  /** Endpoints that this round has not come to yet. */
  readonly #watched: KernelEndpoint[] = [];
  #partSize = 0;
  /** Of the round, 0 to `watchParts` - 1. */
  #part = 0;
  #haveOrphansGone = false;
  #isClosed = false;

  private constructor(options: KernelRelayOptions, calls: SystemCalls, program: PinnedProgram) {
    this.#options = options;
    this.#calls = calls;
    this.#program = program;
    this.clock = options.clock;
    this.maps = openMaps(calls, program);
    this.routing = new HostRouting(calls);
    this.#lists = new TrustedLists(this.maps.networks);
    this.#adoptUntilMs = options.clock.monotonicMs() + (options.adoptionMs ?? defaultAdoptionMs);
    for (const one of options.interfaces) {
      const objection = this.#addPlace(one);
      if (objection !== undefined) this.objections.set(one.name, objection);
    }
    program.removeOthers();
    this.#renewLease();
    this.#watch();
  }

  /** Loads the program. A text says what this host lacks. */
  static start(options: KernelRelayOptions, calls: SystemCalls): KernelRelay | string {
    const missing = missingPrivilege();
    if (missing !== undefined) return `the process lacks ${missing}`;
    try {
      const program = new PinnedProgram(calls, options);
      program.load();
      return new KernelRelay(options, calls, program);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async open(): Promise<void> {
    const [first] = this.objections;
    if (first === undefined) return;
    await this.close();
    throw new Error(`media interface ${first[0]}: ${first[1]}`);
  }

  addInterface(mediaInterface: MediaInterface): string | undefined {
    const { name } = mediaInterface;
    if (this.#places.has(name)) throw new RangeError(`there is a media interface ${name} already`);
    const objection = this.#addPlace(mediaInterface);
    if (objection !== undefined) this.objections.set(name, objection);
    return objection;
  }

  async removeInterface(name: string): Promise<void> {
    const found = this.#places.get(name);
    this.objections.delete(name);
    if (found === undefined) return;
    for (const endpoint of found.endpoints.values()) endpoint.close();
    this.#places.delete(name);
    this.#leavePlace(found.place);
  }

  /** Whether the program serves that media address. */
  serves(name: string): boolean {
    return this.#places.has(name);
  }

  openEndpoint(options: { mediaInterface: string; kind: FlowKind }): KernelEndpoint | undefined {
    const place = this.#places.get(options.mediaInterface);
    if (place === undefined) throw new RangeError(`there is no media interface ${options.mediaInterface}`);
    const rtpPort = this.#isClosed ? undefined : place.pool.take();
    if (rtpPort === undefined) return undefined;
    const endpoint = new KernelEndpoint(this, place.place, rtpPort, options.kind);
    if (endpoint.begin()) {
      place.endpoints.set(rtpPort, endpoint);
      return endpoint;
    }
    place.pool.release(rtpPort);
    return undefined;
  }

  join(a: RelayEndpoint, b: RelayEndpoint): void {
    const [first, second] = [ownEndpoint(a), ownEndpoint(b)];
    if (first === second || !first.isOpen || !second.isOpen) return;
    if (first.partner !== second) first.partner?.setPartner(undefined);
    if (second.partner !== first) second.partner?.setPartner(undefined);
    first.setPartner(second);
    second.setPartner(first);
  }

  adopt(journal: EndpointJournal): KernelEndpoint | undefined {
    const place = this.#places.get(journal.mediaInterface);
    const rtpPort = journal.localPort;
    if (place === undefined || this.#isClosed) return undefined;
    if (!place.orphans.delete(rtpPort) && !place.pool.takeAt(rtpPort)) return undefined;
    const endpoint = new KernelEndpoint(this, place.place, rtpPort, journal.kind);
    place.endpoints.set(rtpPort, endpoint);
    if (!endpoint.restore(journal)) {
      place.endpoints.delete(rtpPort);
      place.pool.release(rtpPort);
      return undefined;
    }
    const partner = journal.partner === null ? undefined : this.#places.endpointOf(journal.partner);
    // Both must say so: the other port may be another call's by now.
    if (partner?.expectedPartner === endpoint.id) this.join(endpoint, partner);
    return endpoint;
  }

  /** Leaves an endpoint's packets to the stack for another engine. Its ports stay taken until `reclaim`. */
  handOver(endpoint: KernelEndpoint): EndpointJournal {
    const journal = endpoint.handOver();
    const place = this.#places.get(endpoint.mediaInterface);
    place?.endpoints.delete(endpoint.localPort);
    place?.handedOver.set(endpoint.localPort, endpoint);
    return journal;
  }

  /** The other engine has closed it: the ports rest, then are handed out again. */
  reclaim(endpoint: KernelEndpoint): void {
    endpoint.release();
    const place = this.#places.get(endpoint.mediaInterface);
    if (place?.handedOver.delete(endpoint.localPort) === true) place.pool.release(endpoint.localPort);
  }

  isOwnAddress(address: string, port: number): boolean {
    return this.#places.isOwnAddress(address, port);
  }

  counts(): RelayCounts {
    let [open, free, quarantined] = [0, 0, 0];
    for (const { pool, endpoints, handedOver } of this.#places.values()) {
      open += endpoints.size + handedOver.size;
      free += this.#isClosed ? 0 : pool.free;
      quarantined += this.#isClosed ? 0 : pool.quarantined;
    }
    const strayPackets = this.#isClosed ? 0 : this.maps.counts().stray;
    return { open, free, quarantined, sockets: 0, strayPackets, busyPorts: 0 };
  }

  ports(): readonly PortCounts[] {
    if (this.#isClosed) return [];
    return Array.from(this.#places.entries(), ([mediaInterface, { pool, endpoints, handedOver }]) => ({
      engine: "kernel",
      mediaInterface,
      used: endpoints.size + handedOver.size,
      free: pool.free,
      quarantined: pool.quarantined,
    }));
  }

  programCounts(): ProgramCounts {
    return this.maps.counts();
  }

  /** Flows of a life before that wait for their adoption. */
  get orphans(): number {
    return this.#places.orphans;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watchTimer?.cancel();
    for (const { place, endpoints, handedOver } of this.#places.values()) {
      for (const endpoint of endpoints.values()) endpoint.close();
      for (const endpoint of handedOver.values()) endpoint.release();
      this.#leavePlace(place);
    }
    this.#program.remove();
    this.maps.close();
    this.routing.close();
  }

  get dscp(): number {
    return this.#options.dscp ?? 0;
  }

  monotonicNs(): bigint {
    return this.#calls.monotonicNs();
  }

  trustedList(networks: readonly string[], place: KernelPlace): number {
    return this.#lists.numberOf(networks.filter((network) => this.#mayTrust(network, place)));
  }

  onEndpointClosed(endpoint: KernelEndpoint): void {
    const place = this.#places.get(endpoint.mediaInterface);
    place?.endpoints.delete(endpoint.localPort);
    place?.pool.release(endpoint.localPort);
  }

  onObjection(endpoint: KernelEndpoint, objection: string): void {
    this.whenObjected?.(endpoint, objection);
  }

  /** @internal */
  tick(): void {
    if (this.#part === 0) this.#beginRound();
    this.#part = (this.#part + 1) % watchParts;
    for (const endpoint of this.#watched.splice(0, this.#partSize)) endpoint.watch();
    this.#readControlPackets();
    if (!this.#haveOrphansGone && this.clock.monotonicMs() >= this.#adoptUntilMs) this.#removeOrphans();
    this.#watch();
  }

  /** What the program has copied for us since the last time. */
  #readControlPackets(): void {
    const { control } = this.maps;
    for (let count = 0; count < controlPacketsAtATime && control.take(); count += 1) {
      const { key, bytes, data, arrivedNs } = readControlPacket(control.value);
      this.#places.endpointAt(key)?.onControlPacket(data, bytes, Number(arrivedNs) / 1e6);
    }
  }

  #beginRound(): void {
    this.#renewLease();
    this.routing.refresh();
    for (const { endpoints } of this.#places.values()) this.#watched.push(...endpoints.values());
    this.#partSize = Math.ceil(this.#watched.length / watchParts);
  }

  #watch(): void {
    if (this.#isClosed) return;
    this.#watchTimer = this.clock.schedule(watchMs, tick, this);
  }

  /** The program goes on for so long without us. */
  #renewLease(): void {
    const leaseNs = BigInt(this.#options.leaseMs ?? defaultLeaseMs) * 1_000_000n;
    this.maps.setLease(this.#calls.monotonicNs() + leaseNs);
  }

  #addPlace(mediaInterface: MediaInterface): string | undefined {
    const place = kernelPlace(mediaInterface, this.routing.table);
    if (typeof place === "string") return place;
    try {
      this.#program.attach(place.device, place.ifindex);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    const { clock, ports, quarantineMs = defaultQuarantineMs } = this.#options;
    const { partitions } = this.maps;
    writePartition(
      partitions.key,
      partitions.value,
      { ifindex: place.ifindex, address: place.wireAddress },
      ports,
    );
    if (!partitions.put()) return "the program's map of media addresses is full";
    const pool = new KernelPortPool({ clock, ports, quarantineMs });
    const orphans = new Set<number>();
    if (!this.#haveOrphansGone) {
      for (const { port } of this.#flowsOf(place)) if (port % 2 === 0 && pool.takeAt(port)) orphans.add(port);
    }
    this.#places.add(mediaInterface.name, place, pool, orphans);
    return undefined;
  }

  /** The device keeps the program while another media address of ours is on it. */
  #leavePlace(place: KernelPlace): void {
    for (const key of this.#flowsOf(place)) this.maps.flows.remove(key);
    const { partitions } = this.maps;
    writePartition(
      partitions.key,
      partitions.value,
      { ifindex: place.ifindex, address: place.wireAddress },
      this.#options.ports,
    );
    partitions.delete();
    const isShared = [...this.#places.values()].some(
      (one) => one.place !== place && one.place.device === place.device,
    );
    if (!isShared || this.#isClosed) this.#program.detach(place.device, place.ifindex);
  }

  #flowsOf(place: KernelPlace): FlowKey[] {
    return [...this.maps.flows.keys()].filter(
      ({ ifindex, address }) => ifindex === place.ifindex && address.equals(place.wireAddress),
    );
  }

  /** What nobody adopted: calls that the journal does not know, or addresses that are configured no more. */
  #removeOrphans(): void {
    this.#haveOrphansGone = true;
    const owned = new Set<string>();
    const lists = new Set<number>();
    for (const { place, pool, endpoints, handedOver, orphans } of this.#places.values()) {
      for (const endpoint of [...endpoints.values(), ...handedOver.values()]) {
        owned.add(ownerText(place.ifindex, place.wireAddress, endpoint.localPort));
        lists.add(endpoint.trustedList);
      }
      for (const port of orphans) pool.release(port);
      orphans.clear();
    }
    const unowned = [...this.maps.flows.keys()].filter(
      ({ ifindex, address, port }) => !owned.has(ownerText(ifindex, address, port - (port % 2))),
    );
    for (const key of unowned) this.maps.flows.remove(key);
    this.#lists.keepOnly(lists);
  }

  /** Where the host's rules choose routes by our address, only a network behind that device may send to us. */
  #mayTrust(network: string, place: KernelPlace): boolean {
    if (!place.isMapped) return true;
    const address = mappedAddress(network.split("/")[0]);
    const way = address === undefined ? undefined : this.routing.wayTo(address, place);
    return way !== undefined && way.objection === undefined && way.hop.ifindex === place.ifindex;
  }
}

function tick(relay: KernelRelay): void {
  relay.tick();
}

function ownerText(ifindex: number, address: Buffer, rtpPort: number): string {
  return `${ifindex} ${address.toString("hex")} ${rtpPort}`;
}

/** Endpoints of another engine cannot be joined here; a program that tries is wrong. */
function ownEndpoint(endpoint: RelayEndpoint): KernelEndpoint {
  if (endpoint instanceof KernelEndpoint) return endpoint;
  throw new TypeError("not an endpoint of this relay");
}
