import type { Clock } from "@tandem/clock";
import { TextTable } from "@tandem/tables";
import type {
  EndpointJournal,
  FlowKind,
  MediaInterface,
  MediaRelay,
  PortCounts,
  RelayCounts,
  RelayEndpoint,
} from "../media-relay.ts";
import { EndpointDouble } from "./endpoint-double.ts";

export interface RelayDoubleOptions {
  /** Without one, time stands still at 0. */
  readonly clock?: Clock;
  /** Any other name gets 127.0.0.1. */
  readonly interfaces?: readonly {
    readonly name: string;
    readonly localAddress: string;
    readonly advertisedAddress: string;
  }[];
  /** Default 10000. */
  readonly firstPort?: number;
}

/** A MediaRelay without sockets. Ports are handed out in order and never twice. */
export class RelayDouble implements MediaRelay {
  /** All endpoints that were ever opened, in order. */
  readonly endpoints: EndpointDouble[] = [];
  /** Endpoints that may be open at a time; set it to 0 to see what happens without free ports. */
  capacity: number = Number.POSITIVE_INFINITY;
  isClosed = false;
  /** Media addresses that were added while running, by name. */
  readonly added: Map<string, MediaInterface> = new Map();
  /** What `addInterface` fails with, by local address. */
  readonly failures: Map<string, string> = new Map();
  private readonly options: RelayDoubleOptions;
  private readonly openEndpoints: TextTable<EndpointDouble> = new TextTable();
  private nextPort: number;

  constructor(options: RelayDoubleOptions = {}) {
    this.options = options;
    this.nextPort = options.firstPort ?? 10_000;
  }

  async open(): Promise<void> {
    this.isClosed = false;
  }

  addInterface(mediaInterface: MediaInterface): string | undefined {
    if (this.added.has(mediaInterface.name)) throw new RangeError(`${mediaInterface.name} is there already`);
    const failure = this.failures.get(mediaInterface.localAddress);
    if (failure === undefined) this.added.set(mediaInterface.name, mediaInterface);
    return failure;
  }

  async removeInterface(name: string): Promise<void> {
    this.added.delete(name);
    for (const endpoint of this.openEndpoints.values())
      if (endpoint.mediaInterface === name) endpoint.close();
  }

  openEndpoint(options: { mediaInterface: string; kind: FlowKind }): EndpointDouble | undefined {
    if (this.isClosed || this.openEndpoints.size >= this.capacity) return undefined;
    const port = this.nextPort;
    this.nextPort += 2;
    return this.create(options.mediaInterface, port, options.kind);
  }

  join(a: RelayEndpoint, b: RelayEndpoint): void {
    const first = a as EndpointDouble;
    const second = b as EndpointDouble;
    if (first === second || !first.isOpen || !second.isOpen) return;
    if (first.partner !== undefined) first.partner.partner = undefined;
    if (second.partner !== undefined) second.partner.partner = undefined;
    first.partner = second;
    second.partner = first;
    first.expectedPartner = undefined;
    second.expectedPartner = undefined;
  }

  adopt(journal: EndpointJournal): EndpointDouble | undefined {
    const { mediaInterface, localPort, policy } = journal;
    if (this.openEndpoints.has(`${mediaInterface}/${localPort}`)) return undefined;
    const endpoint = this.create(mediaInterface, localPort, journal.kind);
    this.nextPort = Math.max(this.nextPort, localPort + 2);
    endpoint.setRemote(journal.remote ?? undefined);
    endpoint.setPolicy({ ...policy, signalingAddress: policy.signalingAddress ?? undefined });
    endpoint.setClockRate(journal.clockRate);
    endpoint.setEventTypes(journal.eventTypes ?? []);
    endpoint.setHeld(journal.isHeld);
    endpoint.expectedPartner = journal.partner ?? undefined;
    const partner = this.openEndpoints.get(journal.partner ?? "");
    if (partner?.expectedPartner === endpoint.id) this.join(endpoint, partner);
    return endpoint;
  }

  isOwnAddress(address: string, port: number): boolean {
    for (const { localAddress, advertisedAddress, localPort, rtcpPort } of this.openEndpoints.values()) {
      const isOurs = address === localAddress || address === advertisedAddress;
      if (isOurs && (port === localPort || port === rtcpPort)) return true;
    }
    return false;
  }

  /** All on one address, of a thousand. */
  ports(): readonly PortCounts[] {
    const used = this.counts().open;
    return [{ engine: "userspace", mediaInterface: "double", used, free: 1000 - used, quarantined: 0 }];
  }

  counts(): RelayCounts {
    const open = this.openEndpoints.size;
    return { open, free: 0, quarantined: 0, sockets: open * 2, strayPackets: 0, busyPorts: 0 };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const endpoint of this.openEndpoints.values()) endpoint.close();
  }

  private create(mediaInterface: string, localPort: number, kind: FlowKind): EndpointDouble {
    const addresses =
      this.added.get(mediaInterface) ?? this.options.interfaces?.find((one) => one.name === mediaInterface);
    const endpoint = new EndpointDouble({
      mediaInterface,
      localAddress: addresses?.localAddress ?? "127.0.0.1",
      advertisedAddress: addresses?.advertisedAddress ?? "127.0.0.1",
      localPort,
      kind,
      nowMs: () => this.options.clock?.monotonicMs() ?? 0,
      onClosed: (closed) => this.openEndpoints.delete(closed.id),
    });
    this.endpoints.push(endpoint);
    this.openEndpoints.set(endpoint.id, endpoint);
    return endpoint;
  }
}
