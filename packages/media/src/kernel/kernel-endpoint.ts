import type { Clock } from "@tandem/clock";
import { endpointId } from "../endpoint-id.ts";
import { countedEventTypes } from "../event-types.ts";
import type {
  DirectionStatistics,
  EndpointJournal,
  FlowKind,
  RelayEndpoint,
  RelayPolicy,
  RelayRemote,
} from "../media-relay.ts";
import { ControlObserver, type ReportedReception } from "../quality/control-observer.ts";
import type { FarAddresses } from "./far-addresses.ts";
import { type FlowOwner, KernelFlow } from "./kernel-flow.ts";
import type { KernelPlace } from "./kernel-place.ts";
import { isMappedIpv4, mappedAddress } from "./mapped-address.ts";

/** What an endpoint needs of the relay. */
export interface KernelEndpointOwner extends FlowOwner {
  readonly clock: Clock;
  readonly addresses: FarAddresses;
  /** Of packets whose policy says none. */
  readonly dscp: number;
  monotonicNs(): bigint;
  /** Number of the list of these networks, as far as they may send to that place. */
  trustedList(networks: readonly string[], place: KernelPlace): number;
  onEndpointClosed(endpoint: KernelEndpoint): void;
  /** The program must not send where the far side is: another engine has to take over, or nothing is sent. */
  onObjection(endpoint: KernelEndpoint, objection: string): void;
}

const defaultPolicy: RelayPolicy = { source: "address", signalingAddress: undefined, trustedNetworks: [] };

/**
 * A port pair that the program relays. Open from construction until `close` or `handOver`; afterwards its methods do
 * nothing and its numbers stand. With an objection it takes packets but sends none to its far side.
 */
export class KernelEndpoint implements RelayEndpoint {
  readonly mediaInterface: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly rtcpPort: number;
  readonly advertisedAddress: string;
  readonly place: KernelPlace;
  /** Set by the relay; symmetric. */
  partner: KernelEndpoint | undefined = undefined;
  /** Id of the partner in the journal; undefined once joined. */
  expectedPartner: string | undefined = undefined;
  /** Why the program must not send to the far side. */
  objection: string | undefined = undefined;
  readonly #owner: KernelEndpointOwner;
  readonly #rtp: KernelFlow;
  readonly #rtcp: KernelFlow;
  #remote: RelayRemote | undefined = undefined;
  #policy: RelayPolicy = defaultPolicy;
  /** From the first RTCP packet of either side on. */
  #control: ControlObserver | undefined = undefined;
  #isOpen = true;
  #isHeld = false;
  /** Life that the program knows nothing of: the opening, the end of a hold. */
  #lastKnownMs: number;

  constructor(owner: KernelEndpointOwner, place: KernelPlace, rtpPort: number, kind: FlowKind) {
    const { name, localAddress, advertisedAddress } = place.mediaInterface;
    this.#owner = owner;
    this.place = place;
    this.mediaInterface = name;
    this.localAddress = localAddress;
    this.advertisedAddress = advertisedAddress;
    this.localPort = rtpPort;
    this.rtcpPort = rtpPort + 1;
    this.#rtp = new KernelFlow(owner, place, rtpPort, kind, false);
    this.#rtcp = new KernelFlow(owner, place, rtpPort + 1, kind, true);
    for (const flow of [this.#rtp, this.#rtcp]) flow.dscp = owner.dscp;
    this.#lastKnownMs = owner.clock.monotonicMs();
  }

  get id(): string {
    return endpointId(this.mediaInterface, this.localPort);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  get lastReceivedMs(): number {
    const nowMs = this.#owner.clock.monotonicMs();
    if (this.#isHeld) return nowMs;
    const lastNs = latest(this.#rtp.state.lastNs, this.#rtcp.state.lastNs);
    if (lastNs === 0n) return this.#lastKnownMs;
    const ageMs = Number(this.#owner.monotonicNs() - lastNs) / 1e6;
    return Math.max(this.#lastKnownMs, nowMs - Math.max(0, ageMs));
  }

  get received(): DirectionStatistics {
    const [rtp, rtcp] = [this.#rtp.state, this.#rtcp.state];
    const droppedByReason = {
      "no-remote": rtp.drops["no-remote"] + rtcp.drops["no-remote"],
      "source-address": rtp.drops["source-address"] + rtcp.drops["source-address"],
      "source-port": rtp.drops["source-port"] + rtcp.drops["source-port"],
      "not-rtp": rtp.drops["not-rtp"] + rtcp.drops["not-rtp"],
    };
    return {
      packets: rtp.packets,
      bytes: rtp.bytes,
      lost: rtp.lost,
      reordered: rtp.reordered,
      duplicates: rtp.duplicates,
      jitterMs: rtp.jitterMs,
      events: rtp.events,
      dropped: Object.values(droppedByReason).reduce((sum, one) => sum + one, 0),
      droppedByReason,
      rtcpPackets: rtp.rtcpPackets + rtcp.rtcpPackets,
      unforwarded: rtp.unforwarded + rtcp.unforwarded,
    };
  }

  get reported(): ReportedReception | undefined {
    return this.#control?.reported(this.#rtp.clockRate);
  }

  /**
   * A copy of an RTCP packet that the program took from this side.
   * @param wholeBytes of the packet, when `data` is its beginning
   */
  onControlPacket(data: Buffer, wholeBytes: number, arrivedMs: number): void {
    const { partner } = this;
    if (partner !== undefined) this.#observer().receive(data, arrivedMs, partner.#observer(), wholeBytes);
  }

  setRemote(remote: RelayRemote | undefined): void {
    if (!this.#isOpen) return;
    this.#keepRemote(remote);
    this.#owner.routing.refresh();
    this.#update();
  }

  setPolicy(policy: RelayPolicy): void {
    if (!this.#isOpen) return;
    this.#keepPolicy(policy);
    this.#owner.routing.refresh();
    this.#update();
  }

  setKind(kind: FlowKind): void {
    if (this.#rtp.kind === kind) return;
    for (const flow of [this.#rtp, this.#rtcp]) flow.kind = kind;
    this.#write();
  }

  setClockRate(clockRate: number): void {
    if (!(clockRate > 0)) return;
    for (const flow of [this.#rtp, this.#rtcp]) flow.clockRate = Math.round(clockRate);
    this.#write();
  }

  setEventTypes(payloadTypes: readonly number[]): void {
    const counted = countedEventTypes(payloadTypes);
    if (isSameList(counted, this.#rtp.eventTypes)) return;
    this.#rtp.eventTypes = counted;
    // They are in the terms of the other side, whose packets they are.
    this.partner?.rewrite();
  }

  setHeld(isHeld: boolean): void {
    // The silence of the hold must not count once it is over.
    if (this.#isHeld && !isHeld) this.#lastKnownMs = this.#owner.clock.monotonicMs();
    this.#isHeld = isHeld;
  }

  toJournal(): EndpointJournal {
    const { source, signalingAddress, trustedNetworks, dscp } = this.#policy;
    const { eventTypes } = this.#rtp;
    return {
      mediaInterface: this.mediaInterface,
      localPort: this.localPort,
      kind: this.#rtp.kind,
      clockRate: this.#rtp.clockRate,
      isHeld: this.#isHeld,
      remote: this.#remote ?? null,
      policy: {
        source,
        signalingAddress: signalingAddress ?? null,
        trustedNetworks,
        ...(dscp === undefined ? {} : { dscp }),
      },
      latched: this.#rtp.latched ?? null,
      latchedRtcp: this.#rtcp.latched ?? null,
      partner: this.partner?.id ?? this.expectedPartner ?? null,
      ...(eventTypes.length === 0 ? {} : { eventTypes }),
    };
  }

  /** Makes its entries in the program's maps. False: they are full. */
  begin(): boolean {
    const nowNs = this.#owner.monotonicNs();
    if (!this.#rtp.create(undefined, nowNs)) return false;
    if (this.#rtcp.create(undefined, nowNs)) return true;
    this.#rtp.remove();
    return false;
  }

  /**
   * Takes over what a journal says, but for the partner, and what the program's maps still have of it. An endpoint that
   * another engine had taken over is known best by the journal. False: the maps are full.
   */
  restore(journal: EndpointJournal): boolean {
    const { policy, latched, latchedRtcp, eventTypes } = journal;
    const [rtp, rtcp] = [this.#rtp.find(), this.#rtcp.find()];
    this.#keepRemote(journal.remote ?? undefined);
    this.#keepPolicy({ ...policy, signalingAddress: policy.signalingAddress ?? undefined });
    for (const flow of [this.#rtp, this.#rtcp]) flow.clockRate = journal.clockRate;
    if (eventTypes !== undefined) this.#rtp.eventTypes = countedEventTypes(eventTypes);
    this.setHeld(journal.isHeld);
    this.expectedPartner = journal.partner ?? undefined;
    if (rtp !== undefined && rtcp !== undefined && !rtp.isLeftToStack) {
      this.#rtp.resume(rtp);
      this.#rtcp.resume(rtcp);
    } else {
      const nowNs = this.#owner.monotonicNs();
      const isMade =
        this.#rtp.create(latchOf(latched), nowNs) && this.#rtcp.create(latchOf(latchedRtcp), nowNs);
      if (!isMade) {
        this.release();
        return false;
      }
    }
    this.#update();
    return true;
  }

  /** Looks the ways up anew, and writes them when they have changed. Tells the relay when there is an objection. */
  watch(): void {
    if (!this.#isOpen) return;
    const rtp = this.#rtp.findWays();
    const rtcp = this.#rtcp.findWays();
    if (rtp.isChanged || rtcp.isChanged) this.#write();
    this.objection = rtp.objection ?? rtcp.objection;
    if (this.objection !== undefined) this.#owner.onObjection(this, this.objection);
  }

  /** Looks the ways up anew and writes all terms. */
  #update(): void {
    const ways = [this.#rtp.findWays(), this.#rtcp.findWays()];
    this.objection = ways.find(({ objection }) => objection !== undefined)?.objection;
    this.#write();
    if (this.objection !== undefined) this.#owner.onObjection(this, this.objection);
  }

  setPartner(partner: KernelEndpoint | undefined): void {
    this.partner = partner;
    this.expectedPartner = undefined;
    this.#rtp.setPartner(partner?.flows[0]);
    this.#rtcp.setPartner(partner?.flows[1]);
    this.#write();
  }

  /** Lists of trusted networks that it uses. */
  get trustedList(): number {
    return this.#rtp.networks;
  }

  /** Of RTP and RTCP. */
  get flows(): readonly [KernelFlow, KernelFlow] {
    return [this.#rtp, this.#rtcp];
  }

  /** The partner's terms hold where our far side is. */
  rewrite(): void {
    if (!this.#isOpen) return;
    this.#rtp.write();
    this.#rtcp.write();
  }

  /** Leaves its packets to the stack from now on, for another engine; the ports stay taken until `release`. */
  handOver(): EndpointJournal {
    const journal = this.toJournal();
    for (const flow of [this.#rtp, this.#rtcp]) flow.isLeftToStack = true;
    this.#write();
    this.#leavePartner();
    this.#isOpen = false;
    return journal;
  }

  /** Takes its entries away, whoever relays its packets. */
  release(): void {
    this.#rtp.remove();
    this.#rtcp.remove();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    // First nothing is sent from here any more, then the ports are nobody's.
    this.#leavePartner();
    this.release();
    this.#owner.onEndpointClosed(this);
  }

  #observer(): ControlObserver {
    this.#control ??= new ControlObserver();
    return this.#control;
  }

  #leavePartner(): void {
    if (this.partner?.isOpen === true) this.partner.setPartner(undefined);
    this.partner = undefined;
  }

  #keepRemote(remote: RelayRemote | undefined): void {
    this.#remote = remote;
    this.#rtp.setRemote(this.#reachable(remote?.address), portOf(remote?.port));
    this.#rtcp.setRemote(this.#reachable(remote?.rtcpAddress), portOf(remote?.rtcpPort));
  }

  #keepPolicy(policy: RelayPolicy): void {
    this.#policy = policy;
    const signaling = this.#reachable(policy.signalingAddress);
    const list = this.#owner.trustedList(
      policy.source === "symmetric" ? policy.trustedNetworks : [],
      this.place,
    );
    for (const flow of [this.#rtp, this.#rtcp]) {
      flow.setPolicy(policy.source, signaling, list);
      flow.dscp = policy.dscp ?? this.#owner.dscp;
    }
  }

  #write(): void {
    this.rewrite();
    this.partner?.rewrite();
  }

  /** An address of the other IP version is as good as none. */
  #reachable(address: string | undefined): Buffer | undefined {
    const mapped = this.#owner.addresses.of(address);
    return mapped !== undefined && isMappedIpv4(mapped) === isMappedIpv4(this.place.localAddress)
      ? mapped
      : undefined;
  }
}

function latchOf(latched: EndpointJournal["latched"]): { address: Buffer; port: number } | undefined {
  const address = mappedAddress(latched?.address);
  return latched === null || address === undefined ? undefined : { address, port: latched.port };
}

function latest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((one, index) => one === b[index]));
}

/** A port one can send to, else 0. */
function portOf(port: number | undefined): number {
  return port !== undefined && Number.isInteger(port) && port > 0 && port <= 65_535 ? port : 0;
}
