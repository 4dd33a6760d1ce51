import { TextTable } from "@tandem/tables";
import type { KernelEndpoint } from "../kernel/kernel-endpoint.ts";
import type { KernelRelay } from "../kernel/kernel-relay.ts";
import type {
  EndpointJournal,
  FlowKind,
  MediaInterface,
  MediaRelay,
  PortCounts,
  RelayCounts,
  RelayEndpoint,
} from "../media-relay.ts";
import type { UserspaceRelay } from "../userspace/userspace-relay.ts";
import { EngineEndpoint, type EngineEndpointOwner } from "./engine-endpoint.ts";
import { noStatistics } from "./sum-of-statistics.ts";

export interface EngineRelayOptions {
  readonly kernel: KernelRelay;
  /** The ports that are the kernel's; both inclusive. */
  readonly kernelPorts: { readonly first: number; readonly last: number };
  /** With the kernel's ports, and no media address at first: binds what the kernel must not relay after all. */
  readonly standby: UserspaceRelay;
  /** With ports of its own: for media addresses that the kernel does not serve, and when its ports are used up. */
  readonly userspace: UserspaceRelay;
  /** A call that had begun in the kernel goes on in user space, on the same ports. */
  readonly onTakenOver?: (endpointId: string, reason: string) => void;
}

/**
 * Kernel and userspace engine as one relay. An endpoint begins in the kernel when its media address allows it. It is
 * taken over by user space, with its partner and on the same ports, when its far side turns out to be one that the
 * program must not send to, or when its partner is in user space: packets go from one engine to the other nowhere.
 */
export class EngineRelay implements MediaRelay, EngineEndpointOwner {
  readonly #options: EngineRelayOptions;
  readonly #interfaces = new Map<string, MediaInterface>();
  readonly #endpoints = new TextTable<EngineEndpoint>();
  readonly #onStandby = new Set<string>();

  /** `interfaces`: those that kernel and userspace engine were made with. */
  constructor(options: EngineRelayOptions, interfaces: readonly MediaInterface[]) {
    this.#options = options;
    for (const one of interfaces) this.#interfaces.set(one.name, one);
    options.kernel.whenObjected = (endpoint, objection) => this.#onObjection(endpoint, objection);
  }

  async open(): Promise<void> {
    await this.#options.userspace.open();
  }

  addInterface(mediaInterface: MediaInterface, preboundEndpoints: number): string | undefined {
    const { kernel, userspace } = this.#options;
    const failure = userspace.addInterface(mediaInterface, preboundEndpoints);
    if (failure !== undefined) return failure;
    this.#interfaces.set(mediaInterface.name, mediaInterface);
    kernel.addInterface(mediaInterface);
    return undefined;
  }

  async removeInterface(name: string): Promise<void> {
    const { kernel, standby, userspace } = this.#options;
    for (const endpoint of this.#endpoints.values()) if (endpoint.mediaInterface === name) endpoint.close();
    this.#interfaces.delete(name);
    this.#onStandby.delete(name);
    await Promise.all([kernel, standby, userspace].map((engine) => engine.removeInterface(name)));
  }

  /** Why a media address is not served by the kernel; undefined: it is. */
  objectionTo(mediaInterface: string): string | undefined {
    const { kernel } = this.#options;
    return kernel.serves(mediaInterface)
      ? undefined
      : (kernel.objections.get(mediaInterface) ?? "there is none");
  }

  openEndpoint(options: { mediaInterface: string; kind: FlowKind }): RelayEndpoint | undefined {
    const { kernel, userspace } = this.#options;
    const inKernel = kernel.serves(options.mediaInterface) ? kernel.openEndpoint(options) : undefined;
    return this.#keep(inKernel ?? userspace.openEndpoint(options), inKernel);
  }

  join(a: RelayEndpoint, b: RelayEndpoint): void {
    const [first, second] = [ownEndpoint(a), ownEndpoint(b)];
    if (first === second || !first.isOpen || !second.isOpen) return;
    for (const one of [first, second]) if (one.partner !== undefined) one.partner.partner = undefined;
    first.partner = second;
    second.partner = first;
    for (const one of [first, second]) one.expectedPartner = undefined;
    this.#joinEngines(first, second);
  }

  adopt(journal: EndpointJournal): RelayEndpoint | undefined {
    const { kernel, userspace } = this.#options;
    const inKernel = this.#isKernelPort(journal.localPort) ? kernel.adopt(journal) : undefined;
    const other = this.#isKernelPort(journal.localPort) ? undefined : userspace.adopt(journal);
    const adopted = inKernel ?? other ?? this.#adoptOnStandby(journal);
    const endpoint = this.#keep(adopted, inKernel);
    if (endpoint === undefined) return undefined;
    endpoint.expectedPartner = journal.partner ?? undefined;
    if (inKernel?.objection !== undefined) this.#takeOver(endpoint, inKernel.objection);
    const partner = journal.partner === null ? undefined : this.#endpoints.get(journal.partner);
    // Both must say so: the other port may be another call's by now.
    if (partner?.expectedPartner === endpoint.id) this.join(endpoint, partner);
    return endpoint;
  }

  isOwnAddress(address: string, port: number): boolean {
    const { kernel, standby, userspace } = this.#options;
    return [kernel, standby, userspace].some((engine) => engine.isOwnAddress(address, port));
  }

  counts(): RelayCounts {
    const { kernel, standby, userspace } = this.#options;
    const [a, b, c] = [kernel.counts(), standby.counts(), userspace.counts()];
    return {
      // What was taken over is open in the kernel's book too, which keeps its ports.
      open: this.#endpoints.size,
      free: a.free + c.free,
      quarantined: a.quarantined + c.quarantined,
      sockets: b.sockets + c.sockets,
      strayPackets: a.strayPackets + b.strayPackets + c.strayPackets,
      busyPorts: b.busyPorts + c.busyPorts,
    };
  }

  /** What is on standby has ports of the kernel's book. */
  ports(): readonly PortCounts[] {
    return [...this.#options.kernel.ports(), ...this.#options.userspace.ports()];
  }

  async close(): Promise<void> {
    const { kernel, standby, userspace } = this.#options;
    for (const endpoint of this.#endpoints.values()) endpoint.close();
    await Promise.all([kernel, standby, userspace].map((engine) => engine.close()));
  }

  onEndpointClosed(endpoint: EngineEndpoint): void {
    this.#endpoints.delete(endpoint.id);
    if (endpoint.handedOver !== undefined) this.#options.kernel.reclaim(endpoint.handedOver);
  }

  #keep(current: RelayEndpoint | undefined, kernel: KernelEndpoint | undefined): EngineEndpoint | undefined {
    if (current === undefined) return undefined;
    const endpoint = new EngineEndpoint(this, current, kernel);
    this.#endpoints.set(endpoint.id, endpoint);
    return endpoint;
  }

  #joinEngines(first: EngineEndpoint, second: EngineEndpoint): void {
    if (first.kernel !== undefined && second.kernel !== undefined) {
      this.#options.kernel.join(first.kernel, second.kernel);
      return;
    }
    for (const one of [first, second]) this.#hand(one, "its partner is relayed in user space");
    if (first.isOpen && second.isOpen) this.#options.userspace.join(first.current, second.current);
  }

  #onObjection(kernelEndpoint: KernelEndpoint, objection: string): void {
    const endpoint = this.#endpoints.get(kernelEndpoint.id);
    if (endpoint !== undefined) this.#takeOver(endpoint, objection);
  }

  #takeOver(endpoint: EngineEndpoint, reason: string): void {
    const { partner } = endpoint;
    this.#hand(endpoint, reason);
    if (partner !== undefined) this.#joinEngines(endpoint, partner);
  }

  /** From the kernel to user space. When the port can't be bound there, the endpoint is closed: nothing is relayed. */
  #hand(endpoint: EngineEndpoint, reason: string): void {
    const { kernel } = endpoint;
    if (kernel === undefined) return;
    const received = kernel.received;
    const journal = this.#options.kernel.handOver(kernel);
    const next = this.#adoptOnStandby({ ...journal, partner: null });
    endpoint.replaceKernel(next ?? kernel, next === undefined ? noStatistics : received);
    this.#options.onTakenOver?.(
      endpoint.id,
      next === undefined ? `${reason}; its ports can't be bound` : reason,
    );
  }

  #adoptOnStandby(journal: EndpointJournal): RelayEndpoint | undefined {
    const { standby } = this.#options;
    const mediaInterface = this.#interfaces.get(journal.mediaInterface);
    if (mediaInterface === undefined) return undefined;
    if (!this.#onStandby.has(mediaInterface.name)) {
      if (standby.addInterface(mediaInterface, 1) !== undefined) return undefined;
      this.#onStandby.add(mediaInterface.name);
    }
    return standby.adopt(journal);
  }

  #isKernelPort(port: number): boolean {
    const { first, last } = this.#options.kernelPorts;
    return port >= first && port <= last;
  }
}

/** Endpoints of another relay cannot be joined here; a program that tries is wrong. */
function ownEndpoint(endpoint: RelayEndpoint): EngineEndpoint {
  if (endpoint instanceof EngineEndpoint) return endpoint;
  throw new TypeError("not an endpoint of this relay");
}
