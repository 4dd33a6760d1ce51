import { noStatistics } from "../engines/sum-of-statistics.ts";
import { countedEventTypes } from "../event-types.ts";
import type {
  DirectionStatistics,
  EndpointJournal,
  FlowKind,
  RelayEndpoint,
  RelayPolicy,
  RelayRemote,
  ReportedReception,
} from "../media-relay.ts";

/** What a double is born with. */
export interface EndpointDoubleOptions {
  readonly mediaInterface: string;
  readonly localAddress: string;
  readonly advertisedAddress: string;
  readonly localPort: number;
  readonly kind: FlowKind;
  readonly nowMs: () => number;
  readonly onClosed: (endpoint: EndpointDouble) => void;
}

/** An endpoint without sockets: keeps what it was told, for tests to look at. */
export class EndpointDouble implements RelayEndpoint {
  readonly id: string;
  readonly mediaInterface: string;
  readonly localAddress: string;
  readonly advertisedAddress: string;
  readonly localPort: number;
  readonly rtcpPort: number;
  kind: FlowKind;
  remote: RelayRemote | undefined = undefined;
  policy: RelayPolicy | undefined = undefined;
  partner: EndpointDouble | undefined = undefined;
  expectedPartner: string | undefined = undefined;
  clockRate = 8000;
  eventTypes: readonly number[] = [];
  isOpen = true;
  isHeld = false;
  /** For tests to set. */
  received: DirectionStatistics = noStatistics;
  /** For tests to set. */
  reported: ReportedReception | undefined = undefined;
  private lastPacketMs: number;
  private readonly options: EndpointDoubleOptions;

  constructor(options: EndpointDoubleOptions) {
    this.options = options;
    this.mediaInterface = options.mediaInterface;
    this.localAddress = options.localAddress;
    this.advertisedAddress = options.advertisedAddress;
    this.localPort = options.localPort;
    this.rtcpPort = options.localPort + 1;
    this.kind = options.kind;
    this.id = `${options.mediaInterface}/${options.localPort}`;
    this.lastPacketMs = options.nowMs();
  }

  get lastReceivedMs(): number {
    return this.isHeld ? this.options.nowMs() : this.lastPacketMs;
  }

  /** As if `count` packets of 172 bytes had come now. */
  receive(count = 1): void {
    const { packets, bytes } = this.received;
    this.received = { ...this.received, packets: packets + count, bytes: bytes + 172 * count };
    this.lastPacketMs = this.options.nowMs();
  }

  setRemote(remote: RelayRemote | undefined): void {
    this.remote = remote;
  }

  setPolicy(policy: RelayPolicy): void {
    this.policy = policy;
  }

  setKind(kind: FlowKind): void {
    this.kind = kind;
  }

  setClockRate(clockRate: number): void {
    this.clockRate = clockRate;
  }

  setEventTypes(payloadTypes: readonly number[]): void {
    this.eventTypes = countedEventTypes(payloadTypes);
  }

  setHeld(isHeld: boolean): void {
    if (this.isHeld && !isHeld) this.lastPacketMs = this.options.nowMs();
    this.isHeld = isHeld;
  }

  toJournal(): EndpointJournal {
    return {
      mediaInterface: this.mediaInterface,
      localPort: this.localPort,
      kind: this.kind,
      clockRate: this.clockRate,
      ...(this.eventTypes.length === 0 ? {} : { eventTypes: this.eventTypes }),
      isHeld: this.isHeld,
      remote: this.remote ?? null,
      policy: {
        source: this.policy?.source ?? "address",
        signalingAddress: this.policy?.signalingAddress ?? null,
        trustedNetworks: this.policy?.trustedNetworks ?? [],
      },
      latched: null,
      latchedRtcp: null,
      partner: this.partner?.id ?? this.expectedPartner ?? null,
    };
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.partner !== undefined) this.partner.partner = undefined;
    this.partner = undefined;
    this.options.onClosed(this);
  }
}
