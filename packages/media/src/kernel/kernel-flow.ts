import type { FlowKind, SourcePolicy } from "../media-relay.ts";
import { type HostRouting, sameHop, type Way } from "./host-routing.ts";
import type { KernelMaps } from "./kernel-maps.ts";
import type { KernelPlace } from "./kernel-place.ts";
import {
  type FixedWay,
  type FlowKey,
  type FlowState,
  type FlowTerms,
  type FoundTerms,
  type Hop,
  haveSameRemote,
  type Latch,
  readFlowState,
  readFoundTerms,
  shapes,
  writeFlowTerms,
  writeFreshState,
} from "./layout/index.ts";
import { addressText } from "./mapped-address.ts";

/** What one port of an endpoint needs of the relay. */
export interface FlowOwner {
  readonly maps: KernelMaps;
  readonly routing: HostRouting;
}

export interface FoundWays {
  /** Why one of the far addresses must not be sent to by the program. */
  readonly objection: string | undefined;
  /** The terms are to be written. */
  readonly isChanged: boolean;
}

const noEventTypes: readonly number[] = [];
const noState: FlowState = readFlowState(Buffer.alloc(shapes.flows.valueBytes));

/**
 * One local port: its terms are written to the program's map, its state is read there.
 * `armed` and `sending` count what the program must notice: it keeps lock, latch and numbers as long as they stay.
 */
export class KernelFlow {
  readonly key: FlowKey;
  isLeftToStack = false;
  kind: FlowKind;
  clockRate = 8000;
  dscp = 0;
  networks = 0;
  /** Of telephone events that the far side wants to receive. */
  eventTypes: readonly number[] = noEventTypes;
  partner: KernelFlow | undefined = undefined;
  /** Of a life before, until the partner is adopted. */
  #foundPartner: FlowKey | undefined = undefined;
  readonly #owner: FlowOwner;
  readonly #place: KernelPlace;
  readonly #isRtcpPort: boolean;
  #armed = 1;
  #sending = 1;
  #source: SourcePolicy = "address";
  #signaling: Buffer | undefined = undefined;
  #remote: Buffer | undefined = undefined;
  #remotePort = 0;
  #hop: Hop | undefined = undefined;
  /** Towards the address that packets may go to besides. */
  #otherHop: Hop | undefined = undefined;
  #mayUseRoutes = false;
  #final: FlowState | undefined = undefined;

  constructor(owner: FlowOwner, place: KernelPlace, port: number, kind: FlowKind, isRtcpPort: boolean) {
    this.#owner = owner;
    this.#place = place;
    this.#isRtcpPort = isRtcpPort;
    this.kind = kind;
    this.key = { ifindex: place.ifindex, port, address: place.wireAddress };
  }

  /** What the map has of it from a life before. */
  find(): FoundTerms | undefined {
    const { flows } = this.#owner.maps;
    return flows.read(this.key) ? readFoundTerms(flows.terms) : undefined;
  }

  /** Goes on with what was found: nothing is armed anew when the terms are those of the map. */
  resume(found: FoundTerms): void {
    const { flows } = this.#owner.maps;
    flows.read(this.key);
    this.#armed = found.armed;
    this.#sending = found.sending;
    this.#foundPartner = found.partner;
    this.findWays();
    writeFlowTerms(flows.changed, this.#terms());
    if (!haveSameRemote(flows.terms, flows.changed)) {
      this.#armed += 1;
      this.#sending += 1;
    }
  }

  /** Makes the entry of a new flow. False: the map is full. */
  create(latch: Latch | undefined, nowNs: bigint): boolean {
    const { flows } = this.#owner.maps;
    const terms = this.#terms();
    writeFlowTerms(flows.terms, terms);
    writeFreshState(flows.flow, terms, latch, nowNs);
    return flows.create(this.key);
  }

  /** As SourceGate.setRemote. */
  setRemote(address: Buffer | undefined, port: number): void {
    const isSame = port === this.#remotePort && sameAddress(address, this.#remote);
    this.#remote = address;
    this.#remotePort = port;
    if (!isSame) this.#sending += 1;
    this.#armed += 1;
  }

  /** As SourceGate.setSource. */
  setPolicy(source: SourcePolicy, signaling: Buffer | undefined, networks: number): void {
    this.#source = source;
    this.#signaling = signaling;
    this.networks = networks;
    if (source !== "symmetric") this.#sending += 1;
    this.#armed += 1;
  }

  /** Looks up the ways to the far addresses. */
  findWays(): FoundWays {
    const first = this.#wayTo(this.#remote);
    const second = this.#wayTo(this.#otherAddress());
    const mayUseRoutes = this.#source === "symmetric" && this.#owner.routing.mayProgramRoute(this.#place);
    const isChanged =
      mayUseRoutes !== this.#mayUseRoutes ||
      !sameHop(first?.hop, this.#hop) ||
      !sameHop(second?.hop, this.#otherHop);
    this.#hop = first?.hop;
    this.#otherHop = second?.hop;
    this.#mayUseRoutes = mayUseRoutes;
    return { objection: first?.objection ?? second?.objection, isChanged };
  }

  /** The partner is no more, or another. */
  setPartner(partner: KernelFlow | undefined): void {
    this.partner = partner;
    this.#foundPartner = undefined;
  }

  /** Where the partner's packets go; undefined: a latch decides it. */
  get fixedWay(): FixedWay | undefined {
    if (this.#source === "symmetric" || this.isLeftToStack) return undefined;
    return { hop: this.#hop, port: this.#remote === undefined ? 0 : this.#remotePort, dscp: this.dscp };
  }

  /** Writes the terms. */
  write(): void {
    const { flows } = this.#owner.maps;
    writeFlowTerms(flows.changed, this.#terms());
    flows.change();
  }

  /** What came; what stood at the end, once it is removed. */
  get state(): FlowState {
    if (this.#final !== undefined) return this.#final;
    const { flows } = this.#owner.maps;
    return flows.read(this.key) ? readFlowState(flows.flow) : noState;
  }

  /** As SourceGate.latched. */
  get latched(): { readonly address: string; readonly port: number } | undefined {
    const { sending, sendAddress, sendPort } = this.state;
    if (sending !== this.#sending >>> 0 || sendPort === 0) return undefined;
    if (sendPort === this.#remotePort && sameAddress(sendAddress, this.#remote)) return undefined;
    return { address: addressText(sendAddress), port: sendPort };
  }

  /** Keeps the numbers as they stand and takes the entries away. */
  remove(): void {
    this.#final ??= this.state;
    this.#owner.maps.flows.remove(this.key);
  }

  /** The address besides the remote that packets may go to: what was latched to, else the signaling address. */
  #otherAddress(): Buffer | undefined {
    if (this.#source !== "symmetric") return undefined;
    const { sending, sendAddress, sendPort } = this.state;
    const isLatched =
      sending === this.#sending >>> 0 && sendPort !== 0 && !sameAddress(sendAddress, this.#remote);
    return isLatched ? sendAddress : this.#signaling;
  }

  /** On a line of its own, nobody sends to us but who is behind that line. Undefined: that address is not. */
  #behindDevice(address: Buffer | undefined): Buffer | undefined {
    if (!this.#place.isMapped || address === undefined) return address;
    const isBehind = (hop: Hop | undefined): boolean =>
      hop?.ifindex === this.#place.ifindex && hop.address.equals(address);
    return isBehind(this.#hop) || isBehind(this.#otherHop) ? address : undefined;
  }

  #wayTo(address: Buffer | undefined): Way | undefined {
    return address === undefined ? undefined : this.#owner.routing.wayTo(address, this.#place);
  }

  #terms(): FlowTerms {
    return {
      armed: this.#armed >>> 0,
      sending: this.#sending >>> 0,
      isLeftToStack: this.isLeftToStack,
      kind: this.kind,
      source: this.#source,
      isRtcpPort: this.#isRtcpPort,
      mayUseRoutes: this.#mayUseRoutes,
      key: this.key,
      partner: this.partner?.key ?? this.#foundPartner,
      remote: this.#behindDevice(this.#remote),
      remotePort: this.#remotePort,
      signaling: this.#behindDevice(this.#signaling),
      dscp: this.dscp,
      linkHeaderBytes: this.#place.linkHeaderBytes,
      networks: this.networks,
      clockRate: this.clockRate,
      // What comes from here is numbered as the other side has asked for (RFC 3264 §5.1).
      eventTypes: this.partner?.eventTypes ?? noEventTypes,
      hops: [this.#hop, this.#otherHop],
      fixedWay: this.partner?.fixedWay,
    };
  }
}

function sameAddress(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}
