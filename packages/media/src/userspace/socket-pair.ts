import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { bindDatagramSocket, markDescriptor } from "@tandem/sockets";

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

/**
 * Two bound UDP sockets, RTP on an even port and RTCP on the next (RFC 3550 §11). They stay bound while nobody uses
 * them, so that handing them out costs nothing; what arrives then is stray. No bigger buffers are asked for: the
 * kernel's default holds seconds of telephone audio.
 */
export class SocketPair {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly rtpPort: number;
  user: PairUser | undefined = undefined;
  /** When it was last given back, monotonic. */
  releasedAtMs = 0;
  private readonly descriptors: readonly [rtp: number | undefined, rtcp: number | undefined];
  private codePoint = 0;
  private readonly counters: PairCounters;

  private constructor(rtp: BoundSocket, rtcp: BoundSocket, rtpPort: number, counters: PairCounters) {
    this.rtp = rtp.socket;
    this.rtcp = rtcp.socket;
    this.descriptors = [rtp.descriptor, rtcp.descriptor];
    this.rtpPort = rtpPort;
    this.counters = counters;
    this.rtp.on("message", (data, info) => this.onRtpMessage(data, info));
    this.rtcp.on("message", (data, info) => this.onRtcpMessage(data, info));
    this.rtp.on("error", () => this.onError());
    this.rtcp.on("error", () => this.onError());
  }

  /** Binds both ports at once, or neither; then the system's error code is returned. */
  static bind(address: string, rtpPort: number, counters: PairCounters): SocketPair | string {
    const rtp = bindSocket(address, rtpPort);
    if (typeof rtp === "string") return rtp;
    const rtcp = bindSocket(address, rtpPort + 1);
    if (typeof rtcp !== "string") return new SocketPair(rtp, rtcp, rtpPort, counters);
    rtp.socket.close();
    return rtcp;
  }

  /** Marks what is sent from now on with a differentiated services code point, 0 to 63, where that is possible. */
  mark(codePoint: number): void {
    if (codePoint === this.codePoint) return;
    this.codePoint = codePoint;
    for (const descriptor of this.descriptors) {
      if (descriptor !== undefined) markDescriptor(descriptor, codePoint);
    }
  }

  /** To be called once. */
  close(): Promise<void> {
    this.user = undefined;
    const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));
    return Promise.all([closed(this.rtp), closed(this.rtcp)]).then(() => undefined);
  }

  private onRtpMessage(data: Buffer, info: RemoteInfo): void {
    if (this.user === undefined) this.counters.strayPackets += 1;
    else this.user.onRtp(data, info.address, info.port);
  }

  private onRtcpMessage(data: Buffer, info: RemoteInfo): void {
    if (this.user === undefined) this.counters.strayPackets += 1;
    else this.user.onRtcp(data, info.address, info.port);
  }

  /** A packet that could not be sent is lost, as any may be. */
  private onError(): void {
    this.counters.socketErrors += 1;
  }
}

interface BoundSocket {
  readonly socket: Socket;
  /** Undefined: known to node:dgram alone. */
  readonly descriptor: number | undefined;
}

/** With a lookup that answers at once, node:dgram binds before `bind` returns, and sends without waiting a tick. */
function bindSocket(address: string, port: number): BoundSocket | string {
  const descriptor = bindDatagramSocket(address, port);
  if (typeof descriptor === "string") return descriptor;
  const isIpv6 = address.includes(":");
  const socket = createSocket({
    type: isIpv6 ? "udp6" : "udp4",
    ipv6Only: isIpv6,
    lookup: isIpv6 ? answerIpv6 : answerIpv4,
  });
  let outcome = "EINPROGRESS";
  const onListening = (): void => {
    outcome = "";
  };
  const onError = (error: NodeJS.ErrnoException): void => {
    outcome = error.code ?? "EUNKNOWN";
  };
  socket.on("listening", onListening);
  socket.on("error", onError);
  socket.bind(
    descriptor === undefined ? { address, port, exclusive: true } : { fd: descriptor, exclusive: true },
  );
  socket.off("listening", onListening);
  if (outcome !== "") {
    socket.close();
    return outcome;
  }
  socket.off("error", onError);
  return { socket, descriptor };
}

type LookupAnswer = (error: null, address: string, family: number) => void;

function answerIpv4(address: string, _options: unknown, answer: LookupAnswer): void {
  answer(null, address, 4);
}

function answerIpv6(address: string, _options: unknown, answer: LookupAnswer): void {
  answer(null, address, 6);
}
