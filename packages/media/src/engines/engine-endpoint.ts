import type { KernelEndpoint } from "../kernel/kernel-endpoint.ts";
import type {
  DirectionStatistics,
  EndpointJournal,
  FlowKind,
  RelayEndpoint,
  RelayPolicy,
  RelayRemote,
  ReportedReception,
} from "../media-relay.ts";
import { noStatistics, sumOfStatistics } from "./sum-of-statistics.ts";

/** What an endpoint needs of the relay that chose its engine. */
export interface EngineEndpointOwner {
  onEndpointClosed(endpoint: EngineEndpoint): void;
}

/**
 * An endpoint of whichever engine. Its port is the same from beginning to end; the engine behind it may change once, from
 * the kernel's to that of user space, and what the first has counted stays in the sums.
 */
export class EngineEndpoint implements RelayEndpoint {
  readonly id: string;
  readonly mediaInterface: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly rtcpPort: number;
  readonly advertisedAddress: string;
  /** Set by the relay; symmetric. */
  partner: EngineEndpoint | undefined = undefined;
  /** Id of the partner in the journal; undefined once joined. */
  expectedPartner: string | undefined = undefined;
  /** Of the kernel's engine, as long as that relays. */
  kernel: KernelEndpoint | undefined;
  /** The kernel's endpoint that was handed over, whose ports are still its relay's. */
  handedOver: KernelEndpoint | undefined = undefined;
  readonly #owner: EngineEndpointOwner;
  #current: RelayEndpoint;
  #before: DirectionStatistics = noStatistics;
  #isClosed = false;

  constructor(owner: EngineEndpointOwner, current: RelayEndpoint, kernel: KernelEndpoint | undefined) {
    this.#owner = owner;
    this.#current = current;
    this.kernel = kernel;
    this.id = current.id;
    this.mediaInterface = current.mediaInterface;
    this.localAddress = current.localAddress;
    this.localPort = current.localPort;
    this.rtcpPort = current.rtcpPort;
    this.advertisedAddress = current.advertisedAddress;
  }

  /** The endpoint of the engine that relays now. */
  get current(): RelayEndpoint {
    return this.#current;
  }

  get isOpen(): boolean {
    return !this.#isClosed && this.#current.isOpen;
  }

  get isHeld(): boolean {
    return this.#current.isHeld;
  }

  get received(): DirectionStatistics {
    return sumOfStatistics(this.#before, this.#current.received);
  }

  get reported(): ReportedReception | undefined {
    return this.#current.reported;
  }

  get lastReceivedMs(): number {
    return this.#current.lastReceivedMs;
  }

  setRemote(remote: RelayRemote | undefined): void {
    this.#current.setRemote(remote);
  }

  setPolicy(policy: RelayPolicy): void {
    this.#current.setPolicy(policy);
  }

  setKind(kind: FlowKind): void {
    this.#current.setKind(kind);
  }

  setClockRate(clockRate: number): void {
    this.#current.setClockRate(clockRate);
  }

  setEventTypes(payloadTypes: readonly number[]): void {
    this.#current.setEventTypes(payloadTypes);
  }

  setHeld(isHeld: boolean): void {
    this.#current.setHeld(isHeld);
  }

  toJournal(): EndpointJournal {
    return this.#current.toJournal();
  }

  /** Another engine relays from now on. `received`: what the kernel's had counted. */
  replaceKernel(next: RelayEndpoint, received: DirectionStatistics): void {
    this.handedOver = this.kernel;
    this.kernel = undefined;
    this.#before = received;
    this.#current = next;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#current.close();
    if (this.partner !== undefined) this.partner.partner = undefined;
    this.partner = undefined;
    this.#owner.onEndpointClosed(this);
  }
}
