import type { SourcePolicy } from "./media-relay.ts";
import type { TrustedNetworks } from "./trusted-networks.ts";

/** What a gate says to one packet. */
export type SourceVerdict = "accepted" | "no-remote" | "source-address" | "source-port";

/** Packets of one SSRC from one port after which policy `address` takes no other port. */
export const packetsToLock = 5;
/** Silence of the locked or latched source after which another may take its place. */
export const relatchSilenceMs = 2000;

/**
 * The source policy of one socket: whom to take packets from and where to send.
 *
 *   armed ──first packet (symmetric), 5 of one SSRC (address)──▶ bound to one source
 *     ▲                                                              │
 *     └──────────── arm(), or 2 s of silence of that source ─────────┘
 *
 * `strict` is always armed. Addresses are in canonical form, ports numbers; port 0 is none.
 */
export class SourceGate {
  source: SourcePolicy = "address";
  signalingAddress: string | undefined = undefined;
  trustedNetworks: TrustedNetworks | undefined = undefined;
  /** Where packets to the far side go; port 0: nowhere. */
  sendAddress = "";
  sendPort = 0;
  private remoteAddress: string | undefined = undefined;
  private remotePort = 0;
  /** The source that the gate is bound to; port 0 while armed. */
  private boundAddress = "";
  private boundPort = 0;
  private candidatePort = 0;
  private candidateSsrc = 0;
  private candidatePackets = 0;
  private lastAcceptedMs = 0;

  /** Sets the SDP address and arms the gate. Where we send stays latched when the address is what it was. */
  setRemote(address: string | undefined, port: number): void {
    if (address !== this.remoteAddress || port !== this.remotePort) {
      this.remoteAddress = address;
      this.remotePort = port;
      this.sendToRemote();
    }
    this.arm();
  }

  /** Forgets lock and latch, and sends to the SDP address when the new policy does not latch. */
  setSource(source: SourcePolicy): void {
    this.source = source;
    if (source !== "symmetric") this.sendToRemote();
    this.arm();
  }

  /** Binds the gate as if a packet from there had come now. */
  latch(address: string, port: number, nowMs: number): void {
    this.boundAddress = address;
    this.boundPort = port;
    this.lastAcceptedMs = nowMs;
    this.sendAddress = address;
    this.sendPort = port;
  }

  /** Where media goes by latching; undefined when it goes to the SDP address. */
  get latched(): { address: string; port: number } | undefined {
    if (this.sendPort === 0) return undefined;
    if (this.sendAddress === this.remoteAddress && this.sendPort === this.remotePort) return undefined;
    return { address: this.sendAddress, port: this.sendPort };
  }

  /** Judges one packet by its source, and remembers it. */
  admit(address: string, port: number, ssrc: number, nowMs: number): SourceVerdict {
    const verdict = this.judge(address, port, nowMs);
    if (verdict !== "accepted") return verdict;
    // Another source than the bound one is accepted only after that one's silence.
    if (this.boundPort !== 0 && !this.isBoundTo(address, port)) this.arm();
    this.lastAcceptedMs = nowMs;
    if (this.boundPort === 0) this.learn(address, port, ssrc, nowMs);
    return "accepted";
  }

  /** Judges one packet without remembering it: RTCP that came to the RTP port. */
  judge(address: string, port: number, nowMs: number): SourceVerdict {
    if (this.boundPort !== 0) {
      if (this.isBoundTo(address, port)) return "accepted";
      if (nowMs - this.lastAcceptedMs < relatchSilenceMs) {
        return address === this.boundAddress ? "source-port" : "source-address";
      }
    }
    if (this.source === "symmetric") return this.mayLatch(address) ? "accepted" : "source-address";
    if (this.remoteAddress === undefined) return "no-remote";
    if (address !== this.remoteAddress) return "source-address";
    return this.source === "strict" && port !== this.remotePort ? "source-port" : "accepted";
  }

  private mayLatch(address: string): boolean {
    return (
      address === this.remoteAddress ||
      address === this.signalingAddress ||
      this.trustedNetworks?.has(address) === true
    );
  }

  private learn(address: string, port: number, ssrc: number, nowMs: number): void {
    if (this.source === "symmetric") {
      this.latch(address, port, nowMs);
    } else if (this.source === "address") {
      this.countTowardsLock(address, port, ssrc);
    }
  }

  private countTowardsLock(address: string, port: number, ssrc: number): void {
    if (port !== this.candidatePort || ssrc !== this.candidateSsrc) {
      this.candidatePort = port;
      this.candidateSsrc = ssrc;
      this.candidatePackets = 0;
    }
    this.candidatePackets += 1;
    if (this.candidatePackets < packetsToLock) return;
    this.boundAddress = address;
    this.boundPort = port;
  }

  private isBoundTo(address: string, port: number): boolean {
    return port === this.boundPort && address === this.boundAddress;
  }

  private arm(): void {
    this.boundAddress = "";
    this.boundPort = 0;
    this.candidatePort = 0;
    this.candidatePackets = 0;
  }

  private sendToRemote(): void {
    this.sendAddress = this.remoteAddress ?? "";
    this.sendPort = this.remoteAddress === undefined ? 0 : this.remotePort;
  }
}
