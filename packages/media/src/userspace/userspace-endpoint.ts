import type { Clock } from "@tandem/clock";
import { canonicalAddress } from "../canonical-address.ts";
import { endpointId } from "../endpoint-id.ts";
import { countedEventTypes } from "../event-types.ts";
import type {
  DirectionStatistics,
  DropReason,
  EndpointJournal,
  FlowKind,
  MediaInterface,
  RelayEndpoint,
  RelayPolicy,
  RelayRemote,
  SourcePolicy,
} from "../media-relay.ts";
import { ControlObserver, type ReportedReception } from "../quality/control-observer.ts";
import { ReceptionStatistics } from "../reception-statistics.ts";
import { isRtcp, isRtp, rtcpSsrcOf, ssrcOf } from "../rtp-packet.ts";
import { SourceGate } from "../source-gate.ts";
import { type TrustedNetworks, trustedNetworksOf } from "../trusted-networks.ts";
import type { PairUser, SocketPair } from "./socket-pair.ts";

/** What an endpoint needs of the relay. */
export interface EndpointOwner {
  readonly clock: Clock;
  /** Differentiated services code point of an endpoint whose policy has none. */
  readonly dscp: number;
  /** The endpoint has closed: its ports are to rest. */
  onEndpointClosed(endpoint: UserspaceEndpoint, pair: SocketPair): void;
}

const noEventTypes: readonly number[] = [];
const defaultPolicy: RelayPolicy = { source: "address", signalingAddress: undefined, trustedNetworks: [] };

/**
 * A port pair in use. Open from construction until `close`; afterwards its methods do nothing and its numbers stand.
 * `onRtp` and `onRtcp` run for every packet: no allocation, no closures.
 */
export class UserspaceEndpoint implements RelayEndpoint, PairUser {
  readonly mediaInterface: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly rtcpPort: number;
  readonly advertisedAddress: string;
  /** Set by the relay; symmetric. */
  partner: UserspaceEndpoint | undefined = undefined;
  /** Id of the partner in the journal; undefined once joined. */
  expectedPartner: string | undefined = undefined;
  private readonly owner: EndpointOwner;
  private readonly pair: SocketPair;
  private kind: FlowKind;
  /** Of telephone events that go to the far side. */
  private eventTypes: readonly number[] = noEventTypes;
  private remote: RelayRemote | undefined = undefined;
  private policy: RelayPolicy = defaultPolicy;
  private isEndpointOpen = true;
  private isSideHeld = false;
  private readonly rtpGate: SourceGate = new SourceGate();
  private readonly rtcpGate: SourceGate = new SourceGate();
  private readonly reception: ReceptionStatistics = new ReceptionStatistics();
  private readonly drops: Record<DropReason, number> = {
    "no-remote": 0,
    "source-address": 0,
    "source-port": 0,
    "not-rtp": 0,
  };
  private packets = 0;
  private bytes = 0;
  private rtcpPackets = 0;
  private unforwarded = 0;
  /** From the first RTCP packet of either side on. */
  private control: ControlObserver | undefined = undefined;
  private lastPacketMs: number;

  constructor(owner: EndpointOwner, mediaInterface: MediaInterface, pair: SocketPair, kind: FlowKind) {
    this.owner = owner;
    this.pair = pair;
    this.kind = kind;
    this.mediaInterface = mediaInterface.name;
    this.localAddress = mediaInterface.localAddress;
    this.advertisedAddress = mediaInterface.advertisedAddress;
    this.localPort = pair.rtpPort;
    this.rtcpPort = pair.rtpPort + 1;
    this.lastPacketMs = owner.clock.monotonicMs();
    pair.user = this;
  }

  get id(): string {
    return endpointId(this.mediaInterface, this.localPort);
  }

  get isOpen(): boolean {
    return this.isEndpointOpen;
  }

  get isHeld(): boolean {
    return this.isSideHeld;
  }

  get lastReceivedMs(): number {
    return this.isSideHeld ? this.owner.clock.monotonicMs() : this.lastPacketMs;
  }

  get received(): DirectionStatistics {
    const { drops, reception } = this;
    return {
      packets: this.packets,
      bytes: this.bytes,
      lost: reception.lost,
      reordered: reception.reordered,
      duplicates: reception.duplicates,
      jitterMs: reception.jitterMs,
      events: reception.events,
      dropped: drops["no-remote"] + drops["source-address"] + drops["source-port"] + drops["not-rtp"],
      droppedByReason: { ...drops },
      rtcpPackets: this.rtcpPackets,
      unforwarded: this.unforwarded,
    };
  }

  get reported(): ReportedReception | undefined {
    return this.control?.reported(this.reception.clockRate);
  }

  setRemote(remote: RelayRemote | undefined): void {
    this.remote = remote;
    this.rtpGate.setRemote(this.reachable(remote?.address), portOf(remote?.port));
    this.rtcpGate.setRemote(this.reachable(remote?.rtcpAddress), portOf(remote?.rtcpPort));
  }

  setPolicy(policy: RelayPolicy): void {
    this.policy = policy;
    this.pair.mark(policy.dscp ?? this.owner.dscp);
    const signalingAddress = canonicalAddress(policy.signalingAddress);
    const trustedNetworks = trustedNetworksOf(policy.trustedNetworks);
    setPolicyOf(this.rtpGate, policy.source, signalingAddress, trustedNetworks);
    setPolicyOf(this.rtcpGate, policy.source, signalingAddress, trustedNetworks);
  }

  setKind(kind: FlowKind): void {
    this.kind = kind;
  }

  setClockRate(clockRate: number): void {
    if (clockRate > 0) this.reception.clockRate = clockRate;
  }

  setEventTypes(payloadTypes: readonly number[]): void {
    this.eventTypes = countedEventTypes(payloadTypes);
  }

  setHeld(isHeld: boolean): void {
    // The silence of the hold must not count once it is over.
    if (this.isSideHeld && !isHeld) this.lastPacketMs = this.owner.clock.monotonicMs();
    this.isSideHeld = isHeld;
  }

  toJournal(): EndpointJournal {
    const { source, signalingAddress, trustedNetworks, dscp } = this.policy;
    return {
      mediaInterface: this.mediaInterface,
      localPort: this.localPort,
      kind: this.kind,
      clockRate: this.reception.clockRate,
      ...(this.eventTypes.length === 0 ? {} : { eventTypes: this.eventTypes }),
      isHeld: this.isSideHeld,
      remote: this.remote ?? null,
      policy: {
        source,
        signalingAddress: signalingAddress ?? null,
        trustedNetworks,
        ...(dscp === undefined ? {} : { dscp }),
      },
      latched: this.rtpGate.latched ?? null,
      latchedRtcp: this.rtcpGate.latched ?? null,
      partner: this.partner?.id ?? this.expectedPartner ?? null,
    };
  }

  /** Takes over what a journal says, but for the partner. */
  restore(journal: EndpointJournal): void {
    const { policy, latched, latchedRtcp } = journal;
    this.setRemote(journal.remote ?? undefined);
    this.setPolicy({ ...policy, signalingAddress: policy.signalingAddress ?? undefined });
    this.setClockRate(journal.clockRate);
    this.setEventTypes(journal.eventTypes ?? noEventTypes);
    this.setHeld(journal.isHeld);
    this.expectedPartner = journal.partner ?? undefined;
    const nowMs = this.owner.clock.monotonicMs();
    if (latched !== null) this.rtpGate.latch(latched.address, latched.port, nowMs);
    if (latchedRtcp !== null) this.rtcpGate.latch(latchedRtcp.address, latchedRtcp.port, nowMs);
  }

  close(): void {
    if (!this.isEndpointOpen) return;
    this.isEndpointOpen = false;
    if (this.partner !== undefined) this.partner.partner = undefined;
    this.partner = undefined;
    this.owner.onEndpointClosed(this, this.pair);
  }

  /** A packet on the even port. */
  onRtp(data: Buffer, address: string, port: number): void {
    const nowMs = this.owner.clock.monotonicMs();
    let ssrc = 0;
    if (this.kind === "rtp") {
      // We decline rtcp-mux, yet some send RTCP to the RTP port.
      if (isRtcp(data)) {
        this.onMuxedRtcp(data, address, port, nowMs);
        return;
      }
      if (!isRtp(data)) {
        this.drops["not-rtp"] += 1;
        return;
      }
      ssrc = ssrcOf(data);
    }
    const verdict = this.rtpGate.admit(address, port, ssrc, nowMs);
    if (verdict !== "accepted") {
      this.drops[verdict] += 1;
      return;
    }
    this.lastPacketMs = nowMs;
    this.packets += 1;
    this.bytes += data.length;
    const { partner } = this;
    if (this.kind === "rtp") this.reception.receive(data, nowMs, partner?.eventTypes);
    if (partner === undefined || !partner.sendRtp(data)) this.unforwarded += 1;
  }

  /** A packet on the odd port. */
  onRtcp(data: Buffer, address: string, port: number): void {
    if (this.kind !== "rtp" || !isRtcp(data)) {
      this.drops["not-rtp"] += 1;
      return;
    }
    const nowMs = this.owner.clock.monotonicMs();
    const verdict = this.rtcpGate.admit(address, port, rtcpSsrcOf(data), nowMs);
    if (verdict === "accepted") this.takeRtcp(data, nowMs);
    else this.drops[verdict] += 1;
  }

  /** It neither locks nor latches anything, and leaves from the RTCP port: the other side has not asked for mux. */
  private onMuxedRtcp(data: Buffer, address: string, port: number, nowMs: number): void {
    const verdict = this.rtpGate.judge(address, port, nowMs);
    if (verdict === "accepted") this.takeRtcp(data, nowMs);
    else this.drops[verdict] += 1;
  }

  private takeRtcp(data: Buffer, nowMs: number): void {
    this.lastPacketMs = nowMs;
    this.rtcpPackets += 1;
    const { partner } = this;
    if (partner === undefined) {
      this.unforwarded += 1;
      return;
    }
    if (!partner.sendRtcp(data)) this.unforwarded += 1;
    // It is on its way: reading it delays nobody.
    this.observer().receive(data, nowMs, partner.observer());
  }

  private observer(): ControlObserver {
    this.control ??= new ControlObserver();
    return this.control;
  }

  /** An address of the other IP version is as good as none. */
  private reachable(address: string | undefined): string | undefined {
    const canonical = canonicalAddress(address);
    return canonical?.includes(":") === this.localAddress.includes(":") ? canonical : undefined;
  }

  private sendRtp(data: Buffer): boolean {
    const gate = this.rtpGate;
    if (gate.sendPort === 0) return false;
    this.pair.rtp.send(data, gate.sendPort, gate.sendAddress);
    return true;
  }

  private sendRtcp(data: Buffer): boolean {
    const gate = this.rtcpGate;
    if (gate.sendPort === 0) return false;
    this.pair.rtcp.send(data, gate.sendPort, gate.sendAddress);
    return true;
  }
}

function setPolicyOf(
  gate: SourceGate,
  source: SourcePolicy,
  signalingAddress: string | undefined,
  trustedNetworks: TrustedNetworks | undefined,
): void {
  gate.signalingAddress = signalingAddress;
  gate.trustedNetworks = trustedNetworks;
  gate.setSource(source);
}

/** A port one can send to, else 0. */
function portOf(port: number | undefined): number {
  return port !== undefined && Number.isInteger(port) && port > 0 && port <= 65_535 ? port : 0;
}
