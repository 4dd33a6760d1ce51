import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { MessageReceiver } from "./message-receiver.ts";
import { failLater, sendFailureFrom } from "./send-failure.ts";
import type { SendFailure, Target } from "./target.ts";
import type { TransportInterface } from "./transport-interface.ts";
import type { TransportLimits } from "./transport-limits.ts";
import type { UdpFlow } from "./udp-flow.ts";
import { UdpFlows } from "./udp-flows.ts";

type LookupCallback = (error: Error | null, address: string, family: number) => void;

/** What a UDP socket needs of its layer. */
export interface UdpSocketOptions {
  readonly transportInterface: TransportInterface;
  readonly port: number;
  readonly limits: TransportLimits;
  /** Asked for every datagram: the receiver may be set after the socket. */
  readonly receiver: () => MessageReceiver;
}

/**
 * The UDP socket of one interface. Open from `open` to `close`.
 *
 * Node reports an ICMP error only for connected sockets, and this one is not: what fails here is what the kernel
 * refuses at once (no route, too large, no permission). A silent peer is found by the transaction's timer.
 */
export class UdpSocket {
  readonly interfaceName: string;
  readonly localAddress: string;
  localPort = 0;
  isOpen = false;
  /** Granted by the kernel; Linux tells twice the usable size, since it counts its own overhead. */
  receiveBufferBytes = 0;
  sendBufferBytes = 0;
  /** Datagrams the receiver did not accept. */
  refusedDatagrams = 0;
  /** Datagrams without a message: CRLF and NUL keep-alives. */
  keepAlives = 0;
  readonly #options: UdpSocketOptions;
  readonly #isIPv6: boolean;
  readonly #socket: Socket;
  readonly #flows = new UdpFlows(this);
  #isClosed = false;

  constructor(options: UdpSocketOptions) {
    this.#options = options;
    this.interfaceName = options.transportInterface.name;
    this.localAddress = options.transportInterface.localAddress;
    this.#isIPv6 = isIPv6(this.localAddress);
    const family = this.#isIPv6 ? 6 : 4;
    this.#socket = createSocket({
      type: this.#isIPv6 ? "udp6" : "udp4",
      ipv6Only: this.#isIPv6,
      // Addresses are numeric: without this every send would take the long way through getaddrinfo.
      lookup: (hostname: string, _options: unknown, callback: LookupCallback) =>
        callback(null, hostname, family),
    });
  }

  /** Binds. Rejects when the address or port cannot be had. */
  async open(): Promise<void> {
    const bound = Promise.withResolvers<void>();
    this.#socket.once("error", bound.reject);
    this.#socket.bind(
      { address: this.localAddress, port: this.#options.port, exclusive: true },
      bound.resolve,
    );
    await bound.promise;
    this.#socket.off("error", bound.reject);
    // A socket that fails later (interface gone) must not end the process; sends report it one by one.
    this.#socket.on("error", ignore);
    this.localPort = this.#socket.address().port;
    this.#askForBuffers();
    this.isOpen = true;
    this.#socket.on("message", (datagram, remote) => this.#receive(datagram, remote));
  }

  #askForBuffers(): void {
    this.#socket.setRecvBufferSize(this.#options.limits.udpBufferBytes);
    this.#socket.setSendBufferSize(this.#options.limits.udpBufferBytes);
    this.receiveBufferBytes = this.#socket.getRecvBufferSize();
    this.sendBufferBytes = this.#socket.getSendBufferSize();
  }

  #receive(datagram: Buffer, remote: RemoteInfo): void {
    const receiver = this.#options.receiver();
    if (receiver.accept !== undefined && !receiver.accept(remote.address, this.interfaceName, "UDP")) {
      this.refusedDatagrams++;
      return;
    }
    if (isKeepAlive(datagram)) {
      this.keepAlives++;
      return;
    }
    const connection = receiver.connectionOf?.(remote.address, this.interfaceName);
    receiver.onMessage(
      datagram.toString("latin1"),
      this.#flows.from(connection, remote.address, remote.port),
    );
  }

  /** Sends one datagram of latin1 text. Returns false, and reports, when that cannot be. */
  send(text: string, address: string, port: number, onFailure: (failure: SendFailure) => void): boolean {
    if (!this.isOpen) {
      failLater(onFailure, "closed", "the UDP socket is closed");
      return false;
    }
    if (address.includes(":") !== this.#isIPv6) {
      failLater(
        onFailure,
        "address-family-mismatch",
        `${address} cannot be reached from ${this.localAddress}`,
      );
      return false;
    }
    if (!(port >= 1 && port <= 65535)) {
      failLater(onFailure, "invalid-target", `${port} is not a port`);
      return false;
    }
    if (this.#socket.getSendQueueSize() + text.length > this.#options.limits.maximumUdpQueueBytes) {
      failLater(onFailure, "send-queue-full", "the kernel takes datagrams too slowly");
      return false;
    }
    this.#socket.send(Buffer.from(text, "latin1"), port, address, (error) => {
      if (error !== null) onFailure(sendFailureFrom(error));
    });
    return true;
  }

  /** Sends a request. The flow is undefined when it was not sent. */
  sendTo(text: string, target: Target, onFailure: (failure: SendFailure) => void): UdpFlow | undefined {
    if (!this.send(text, target.address, target.port, onFailure)) return undefined;
    return this.#flows.from(target.connection, target.address, target.port);
  }

  /** Idempotent. Resolves when the socket is gone. */
  async close(): Promise<void> {
    this.isOpen = false;
    if (this.#isClosed) return;
    this.#isClosed = true;
    const closed = Promise.withResolvers<void>();
    this.#socket.close(() => closed.resolve());
    await closed.promise;
  }
}

/** Nothing but CR, LF and NUL, at most 4 bytes: NAT keep-alives that many devices send over UDP. */
function isKeepAlive(datagram: Buffer): boolean {
  if (datagram.length > 4) return false;
  for (const byte of datagram) {
    if (byte !== 13 && byte !== 10 && byte !== 0) return false;
  }
  return true;
}

function ignore(): void {}
