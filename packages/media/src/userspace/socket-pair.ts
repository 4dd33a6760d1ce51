import {
  bindMediaSocket,
  type MediaSocket,
  type MediaSocketKind,
  type MediaSocketUser,
} from "./media-socket.ts";

/** Who gets the packets of a pair while it is handed out. */
export interface PairUser {
  onRtp(data: Buffer, address: string, port: number): void;
  onRtcp(data: Buffer, address: string, port: number): void;
}

/** What pairs report besides packets. Shared by all pairs of a relay. */
export interface PairCounters {
  strayPackets: number;
  socketErrors: number;
}

/** Where and how a pair is bound. */
export interface PairPlace {
  readonly kind: MediaSocketKind;
  readonly address: string;
  readonly counters: PairCounters;
}

/**
 * Two bound UDP sockets, RTP on an even port and RTCP on the next (RFC 3550 §11). They stay bound while nobody uses
 * them, so that handing them out costs nothing; what arrives then is stray. No bigger buffers are asked for: the
 * kernel's default holds seconds of telephone audio.
 */
export class SocketPair {
  readonly rtp: MediaSocket;
  readonly rtcp: MediaSocket;
  readonly rtpPort: number;
  /** When it was last given back, monotonic. */
  releasedAtMs = 0;
  private readonly side: PairSide;
  private codePoint = 0;

  private constructor(rtp: MediaSocket, rtcp: MediaSocket, rtpPort: number, side: PairSide) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.rtpPort = rtpPort;
    this.side = side;
  }

  /** Binds both ports at once, or neither; then the system's error code is returned. */
  static bind({ kind, address, counters }: PairPlace, rtpPort: number): SocketPair | string {
    const side = new PairSide(counters);
    const rtp = bindMediaSocket(kind, address, rtpPort, side);
    if (typeof rtp === "string") return rtp;
    const rtcp = bindMediaSocket(kind, address, rtpPort + 1, new ControlSide(side));
    if (typeof rtcp !== "string") return new SocketPair(rtp, rtcp, rtpPort, side);
    void rtp.close();
    return rtcp;
  }

  set user(user: PairUser | undefined) {
    this.side.user = user;
  }

  /** Marks what is sent from now on with a differentiated services code point, 0 to 63, where that is possible. */
  mark(codePoint: number): void {
    if (codePoint === this.codePoint) return;
    this.codePoint = codePoint;
    this.rtp.mark(codePoint);
    this.rtcp.mark(codePoint);
  }

  /** To be called once. */
  async close(): Promise<void> {
    this.user = undefined;
    await Promise.all([this.rtp.close(), this.rtcp.close()]);
  }
}

/** What comes on the port of RTP. */
class PairSide implements MediaSocketUser {
  user: PairUser | undefined = undefined;
  readonly counters: PairCounters;

  constructor(counters: PairCounters) {
    this.counters = counters;
  }

  onPacket(data: Buffer, address: string, port: number): void {
    if (this.user === undefined) this.counters.strayPackets += 1;
    else this.user.onRtp(data, address, port);
  }

  onSocketError(): void {
    this.counters.socketErrors += 1;
  }
}

/** What comes on the port of RTCP. */
class ControlSide implements MediaSocketUser {
  private readonly side: PairSide;

  constructor(side: PairSide) {
    this.side = side;
  }

  onPacket(data: Buffer, address: string, port: number): void {
    const { user, counters } = this.side;
    if (user === undefined) counters.strayPackets += 1;
    else user.onRtcp(data, address, port);
  }

  onSocketError(): void {
    this.side.onSocketError();
  }
}
