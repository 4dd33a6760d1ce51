/** The MediaRelay port: what a call needs of whatever carries its media. Engines stand in folders of their own. */
import type { FlowKind } from "@tandem/sdp";
import type { ReportedReception } from "./quality/control-observer.ts";

export type { FlowKind } from "@tandem/sdp";
export type { ReportedReception } from "./quality/control-observer.ts";

/**
 * Whose packets an endpoint takes.
 * - `address`: from the SDP address, any port; locked to one port after 5 packets of one SSRC.
 * - `strict`: from the SDP address and port only.
 * - `symmetric`: from the first source that sends, if its address is the signaling address, the SDP address or in the
 *   trusted networks; media goes back to that source.
 */
export type SourcePolicy = "address" | "strict" | "symmetric";

/** Transport addresses of the far side, as its SDP gives them. */
export interface RelayRemote {
  readonly address: string;
  /** 0: send nothing there. */
  readonly port: number;
  readonly rtcpAddress: string;
  /** 0: there is no RTCP. */
  readonly rtcpPort: number;
}

export interface RelayPolicy {
  readonly source: SourcePolicy;
  /** Where the far side's SIP messages come from. */
  readonly signalingAddress: string | undefined;
  /** Networks (`10.0.0.0/8`) or single addresses. Keep the array while it is the same: it is compiled once per array. */
  readonly trustedNetworks: readonly string[];
  /** Differentiated services code point of packets to the far side, 0 to 63. Default: the relay's. */
  readonly dscp?: number;
}

/**
 * Why a packet was not taken:
 * - `no-remote`: the far side's address is not known yet, or it takes no media;
 * - `source-address`, `source-port`: the source policy;
 * - `not-rtp`: no RTP or RTCP where there should be (RFC 3550 §5.1).
 */
export type DropReason = "no-remote" | "source-address" | "source-port" | "not-rtp";

/** A media address of ours. */
export interface MediaInterface {
  /** Unique in the relay. */
  readonly name: string;
  /** Address to bind. */
  readonly localAddress: string;
  /** Address that stands in SDP. */
  readonly advertisedAddress: string;
  /** Device that its packets come and go by, for an address that is on no such device itself. */
  readonly device?: string;
  /** Address in the packets on that device, when rules of the host put `localAddress` in its place. */
  readonly wireAddress?: string;
}

/** What came from one side. RTCP is counted apart. */
export interface DirectionStatistics {
  readonly packets: number;
  /** UDP payload bytes of `packets`. */
  readonly bytes: number;
  /** RFC 3550 A.3, never negative, summed over all SSRCs; 0 for a flow that is not RTP. */
  readonly lost: number;
  /** Came later than a packet with a higher number, by at most 99; 0 for a flow that is not RTP. */
  readonly reordered: number;
  /** Came again, among the 100 numbers before the highest; 0 for a flow that is not RTP. */
  readonly duplicates: number;
  /** RFC 3550 A.8, of the present SSRC. */
  readonly jitterMs: number;
  /**
   * Telephone events that this side began (RFC 4733), over all SSRCs: packets of the partner's event types with a newer
   * timestamp than that of the event before; 0 for a flow that is not RTP.
   */
  readonly events: number;
  /** Sum of `droppedByReason`. */
  readonly dropped: number;
  readonly droppedByReason: Readonly<Record<DropReason, number>>;
  readonly rtcpPackets: number;
  /** Taken, but with nowhere to go: no partner, or a partner whose far side takes nothing. RTCP included. */
  readonly unforwarded: number;
}

/** One port pair of ours towards one far side. */
export interface RelayEndpoint {
  /** Unique among open endpoints of the relay; the same after `adopt`. */
  readonly id: string;
  readonly mediaInterface: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly rtcpPort: number;
  /** Address that stands in SDP. */
  readonly advertisedAddress: string;
  readonly isOpen: boolean;
  readonly isHeld: boolean;
  /** What this side sent to us. A copy of the moment. */
  readonly received: DirectionStatistics;
  /** What this side has said over RTCP; undefined: nothing, or this engine does not read RTCP. */
  readonly reported: ReportedReception | undefined;
  /** Monotonic, RTP or RTCP; opening time at first; the present time while this side is on hold. */
  readonly lastReceivedMs: number;
  /**
   * What the far side said in SDP. Undefined: not known yet, or it takes no media (nothing is taken but by `symmetric`).
   * Each call, as each offer or answer, arms lock and latch anew.
   */
  setRemote(remote: RelayRemote | undefined): void;
  setPolicy(policy: RelayPolicy): void;
  setKind(kind: FlowKind): void;
  /** Hz, for jitter. 8000 at first. */
  setClockRate(clockRate: number): void;
  /**
   * RTP payload types of telephone-event in the far side's SDP: of packets that go to it (RFC 3264 §5.1), so events of the
   * partner are known by them. 0 to 127; beyond `maximumEventTypes` they are not counted. None at first.
   */
  setEventTypes(payloadTypes: readonly number[]): void;
  /** This side is on hold: its silence is no inactivity. */
  setHeld(isHeld: boolean): void;
  toJournal(): EndpointJournal;
  /** Idempotent. The ports rest for the quarantine time, then are handed out again. */
  close(): void;
}

/** Plain JSON: what a restarted gateway needs to go on relaying on the same ports. */
export interface EndpointJournal {
  readonly mediaInterface: string;
  readonly localPort: number;
  readonly kind: FlowKind;
  readonly clockRate: number;
  /** Left out: none, or it was written before they were known. */
  readonly eventTypes?: readonly number[];
  readonly isHeld: boolean;
  readonly remote: RelayRemote | null;
  readonly policy: {
    readonly source: SourcePolicy;
    readonly signalingAddress: string | null;
    readonly trustedNetworks: readonly string[];
    readonly dscp?: number;
  };
  /** Where media goes by latching, when it is not `remote`. */
  readonly latched: { readonly address: string; readonly port: number } | null;
  readonly latchedRtcp: { readonly address: string; readonly port: number } | null;
  /** `id` of the endpoint it was joined with. */
  readonly partner: string | null;
}

export interface RelayCounts {
  readonly open: number;
  /** Bound and ready to be handed out. */
  readonly free: number;
  readonly quarantined: number;
  readonly sockets: number;
  /** Packets that came to a port nobody had open. */
  readonly strayPackets: number;
  /** Port pairs left alone since another program has one of the ports. */
  readonly busyPorts: number;
}

/** Port pairs of one engine on one media address. */
export interface PortCounts {
  readonly engine: "kernel" | "userspace";
  readonly mediaInterface: string;
  readonly used: number;
  /** That can be handed out, bound or not. */
  readonly free: number;
  readonly quarantined: number;
}

export interface MediaRelay {
  /** Binds what is bound beforehand. @throws when a media address is not of this machine. */
  open(): Promise<void>;
  /**
   * Takes one more media address while the others go on, with `preboundEndpoints` bound beforehand. The system's error
   * code when no port of it can be bound; nothing is left of it then.
   * @throws RangeError when the name is taken.
   */
  addInterface(mediaInterface: MediaInterface, preboundEndpoints: number): string | undefined;
  /** Ends a media address with the endpoints that it still has. Nothing happens when there is none of that name. */
  removeInterface(name: string): Promise<void>;
  /**
   * Undefined: there is no free port pair. `mediaInterface` names one of the media addresses.
   * @throws RangeError when there is no such media address.
   */
  openEndpoint(options: { mediaInterface: string; kind: FlowKind }): RelayEndpoint | undefined;
  /** Packets taken on one leave from the other. Replaces earlier partners of both. */
  join(a: RelayEndpoint, b: RelayEndpoint): void;
  /**
   * After a restart: the same local ports, joined again as soon as both partners are adopted. To be called before
   * `openEndpoint` hands those ports to others. Undefined: the ports cannot be had.
   */
  adopt(journal: EndpointJournal): RelayEndpoint | undefined;
  /** Whether an open endpoint of this relay receives there, RTP or RTCP, by its local or its advertised address. */
  isOwnAddress(address: string, port: number): boolean;
  counts(): RelayCounts;
  ports(): readonly PortCounts[];
  /** Closes all endpoints and sockets. Idempotent. */
  close(): Promise<void>;
}
