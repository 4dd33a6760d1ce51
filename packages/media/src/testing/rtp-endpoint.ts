import { createSocket, type Socket } from "node:dgram";
import type { Clock, Timer } from "@tandem/clock";
import { ReceptionStatistics } from "../reception-statistics.ts";
import { isRtcp, isRtp } from "../rtp-packet.ts";
import { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw, type G711Encoding } from "./g711.ts";
import { toneShare } from "./goertzel.ts";

const sampleRateHz = 8000;
const packetMs = 20;
const packetSamples = (sampleRateHz * packetMs) / 1000;
const headerBytes = 12;
const amplitude = 8000;
/** What is listened to: 100 ms, so that tones of whole tens of hertz fall on exact bins. */
const windowSamples = 800;
/** A tone is heard when this share of the energy is its. */
const hearingThreshold = 0.5;

/** Default tones told apart: those of demos, of progress tones and of DTMF rows. */
const commonTonesHz: readonly number[] = [
  300, 350, 400, 440, 480, 500, 600, 620, 700, 800, 900, 1000, 1200, 1400, 2000,
];

export interface RtpEndpointOptions {
  readonly clock: Clock;
  readonly localAddress: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly toneHz: number;
  /** Default PCMU. */
  readonly encoding?: G711Encoding;
  /** Tones told apart. */
  readonly listenForHz?: readonly number[];
  /** Default: by the port. */
  readonly ssrc?: number;
  /** Default 0. Set it near 65535 to see it wrap. */
  readonly firstSequenceNumber?: number;
  /** Every packet of that number in a row is lost on the way; 1: all are. Default: none. */
  readonly dropEvery?: number;
}

/** A telephone without a telephone: sends a G.711 tone every 20 ms and tells which tone comes back. For demo and lab. */
export class RtpEndpoint {
  readonly localAddress: string;
  readonly toneHz: number;
  readonly encoding: G711Encoding;
  sentPackets = 0;
  receivedPackets = 0;
  /** RTCP and anything else that came. */
  otherPackets = 0;
  /** Of the last RTP packet. */
  lastPayloadType: number | undefined = undefined;
  /** Source of the last RTP packet. */
  receivedFrom: { readonly address: string; readonly port: number } | undefined = undefined;
  private readonly options: RtpEndpointOptions;
  private readonly socket: Socket;
  private readonly reception: ReceptionStatistics = new ReceptionStatistics();
  private readonly heard: Int16Array = new Int16Array(windowSamples);
  private heardAt = 0;
  private remote: { address: string; port: number } | undefined = undefined;
  private sequenceNumber: number;
  /** Packets that were made, sent or not. */
  private madePackets = 0;
  private nextDueMs = 0;
  private timer: Timer | undefined = undefined;
  private isOpen = false;

  constructor(options: RtpEndpointOptions) {
    this.options = options;
    this.localAddress = options.localAddress;
    this.toneHz = options.toneHz;
    this.encoding = options.encoding ?? "PCMU";
    this.sequenceNumber = options.firstSequenceNumber ?? 0;
    this.socket = createSocket(options.localAddress.includes(":") ? "udp6" : "udp4");
    this.socket.on("message", (data, info) => this.onMessage(data, info.address, info.port));
  }

  /** Binds the socket; the port is known afterwards. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once("error", reject);
      this.socket.bind({ address: this.localAddress, port: this.options.port ?? 0, exclusive: true }, () => {
        this.socket.off("error", reject);
        // A packet that the other side's machine refuses is a lost packet.
        this.socket.on("error", () => undefined);
        resolve();
      });
    });
    this.isOpen = true;
  }

  get localPort(): number {
    return this.socket.address().port;
  }

  /** Packets lost on the way here, RFC 3550 A.3. */
  get lostPackets(): number {
    return this.reception.lost;
  }

  get jitterMs(): number {
    return this.reception.jitterMs;
  }

  /** The tone in the last 100 ms that came, if it is one of those listened for; undefined for silence and noise. */
  get heardToneHz(): number | undefined {
    let loudest: number | undefined;
    let share = hearingThreshold;
    for (const frequencyHz of this.options.listenForHz ?? commonTonesHz) {
      const itsShare = toneShare(this.heard, frequencyHz, sampleRateHz);
      if (itsShare <= share) continue;
      share = itsShare;
      loudest = frequencyHz;
    }
    return loudest;
  }

  /** Forgets the audio heard so far, so that `heardToneHz` tells of what comes from now on. */
  forgetHeard(): void {
    this.heard.fill(0);
  }

  /** Session description that offers, or answers with, this endpoint. Lines end in CRLF. */
  describe(direction: "sendrecv" | "sendonly" | "recvonly" | "inactive" = "sendrecv"): string {
    const family = this.localAddress.includes(":") ? "IP6" : "IP4";
    const payloadType = this.payloadType;
    return [
      "v=0",
      `o=- ${this.localPort} 1 IN ${family} ${this.localAddress}`,
      "s=-",
      `c=IN ${family} ${this.localAddress}`,
      "t=0 0",
      `m=audio ${this.localPort} RTP/AVP ${payloadType}`,
      `a=rtpmap:${payloadType} ${this.encoding}/8000`,
      `a=ptime:${packetMs}`,
      `a=${direction}`,
      "",
    ].join("\r\n");
  }

  setRemote(address: string, port: number): void {
    this.remote = { address, port };
  }

  /** Sends a packet now and every 20 ms of the clock. Without a remote, time passes but nothing is sent. */
  start(): void {
    if (this.timer?.isPending === true || !this.isOpen) return;
    this.nextDueMs = this.options.clock.monotonicMs();
    this.tick();
  }

  /**
   * One packet of an event (RFC 4733 §2.3) that began with the next speech packet's timestamp.
   * @param duration in timestamp units
   */
  sendEvent(payloadType: number, event: number, duration: number, isEnd: boolean): void {
    if (this.remote === undefined) return;
    const packet = Buffer.alloc(headerBytes + 4);
    this.writeHeader(packet, payloadType);
    packet[headerBytes] = event;
    packet[headerBytes + 1] = (isEnd ? 0x80 : 0) | 10;
    packet.writeUInt16BE(duration, headerBytes + 2);
    this.socket.send(packet, this.remote.port, this.remote.address);
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.stop();
    if (!this.isOpen) return;
    this.isOpen = false;
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private get payloadType(): number {
    return this.encoding === "PCMU" ? 0 : 8;
  }

  private tick(): void {
    if (this.remote !== undefined) {
      const packet = this.nextPacket();
      this.madePackets += 1;
      if (this.madePackets % (this.options.dropEvery ?? Number.POSITIVE_INFINITY) !== 0) {
        this.socket.send(packet, this.remote.port, this.remote.address);
        this.sentPackets += 1;
      }
    }
    const nowMs = this.options.clock.monotonicMs();
    this.nextDueMs += packetMs;
    this.timer = this.options.clock.schedule(this.nextDueMs - nowMs, sendNext, this);
  }

  /** Continues the sine where the last packet ended, so that the tone is pure across packets. */
  private nextPacket(): Buffer {
    const packet = Buffer.alloc(headerBytes + packetSamples);
    const firstSample = this.madePackets * packetSamples;
    this.writeHeader(packet, this.payloadType);
    const encode = this.encoding === "PCMU" ? encodeMuLaw : encodeALaw;
    for (let i = 0; i < packetSamples; i += 1) {
      const phase = (2 * Math.PI * this.toneHz * (firstSample + i)) / sampleRateHz;
      packet[headerBytes + i] = encode(Math.round(amplitude * Math.sin(phase)));
    }
    return packet;
  }

  private writeHeader(packet: Buffer, payloadType: number): void {
    packet[0] = 0x80;
    packet[1] = (this.madePackets === 0 ? 0x80 : 0) | payloadType;
    packet.writeUInt16BE(this.sequenceNumber, 2);
    packet.writeUInt32BE((this.madePackets * packetSamples) % 0x1_0000_0000, 4);
    packet.writeUInt32BE(this.options.ssrc ?? 0x54_00_00_00 + this.localPort, 8);
    this.sequenceNumber = (this.sequenceNumber + 1) & 0xffff;
  }

  private onMessage(data: Buffer, address: string, port: number): void {
    if (!isRtp(data) || isRtcp(data)) {
      this.otherPackets += 1;
      return;
    }
    this.receivedPackets += 1;
    this.receivedFrom = { address, port };
    this.reception.receive(data, this.options.clock.monotonicMs());
    const payloadType = (data[1] as number) & 0x7f;
    this.lastPayloadType = payloadType;
    if (payloadType !== 0 && payloadType !== 8) return;
    const decode = payloadType === 0 ? decodeMuLaw : decodeALaw;
    for (let i = headerBytes; i < data.length; i += 1) {
      this.heard[this.heardAt] = decode(data[i] as number);
      this.heardAt = (this.heardAt + 1) % windowSamples;
    }
  }

  /** For the timer only. */
  static sendNext(endpoint: RtpEndpoint): void {
    endpoint.tick();
  }
}

function sendNext(endpoint: RtpEndpoint): void {
  RtpEndpoint.sendNext(endpoint);
}
