import { isIPv6 } from "node:net";
import type { DatagramPort, DatagramReceiver } from "./datagrams/datagram-port.ts";
import { type DatagramKind, openDatagramPort } from "./datagrams/open-datagram-port.ts";
import type { MessageReceiver } from "./message-receiver.ts";
import { failLater } from "./send-failure.ts";
import type { SendFailure, Target } from "./target.ts";
import type { TransportInterface } from "./transport-interface.ts";
import type { TransportLimits } from "./transport-limits.ts";
import type { UdpFlow } from "./udp-flow.ts";
import { UdpFlows } from "./udp-flows.ts";

/** What a UDP socket needs of its layer. */
export interface UdpSocketOptions {
  readonly transportInterface: TransportInterface;
  readonly port: number;
  readonly datagrams: DatagramKind;
  readonly limits: TransportLimits;
  /** Asked for every datagram: the receiver may be set after the socket. */
  readonly receiver: () => MessageReceiver;
}

/**
 * The UDP socket of one interface. Open from `open` to `close`.
 *
 * The kernel tells an ICMP error to connected sockets only, and this one is not: what fails here is what the kernel
 * refuses at once (no route, too large, no permission). A silent peer is found by the transaction's timer.
 */
export class UdpSocket implements DatagramReceiver {
  readonly interfaceName: string;
  readonly localAddress: string;
  localPort = 0;
  isOpen = false;
  /** Datagrams the receiver did not accept. */
  refusedDatagrams = 0;
  /** Datagrams without a message: CRLF and NUL keep-alives. */
  keepAlives = 0;
  readonly #options: UdpSocketOptions;
  readonly #isIPv6: boolean;
  readonly #flows = new UdpFlows(this);
  #port: DatagramPort | undefined;
  #isClosed = false;

  constructor(options: UdpSocketOptions) {
    this.#options = options;
    this.interfaceName = options.transportInterface.name;
    this.localAddress = options.transportInterface.localAddress;
    this.#isIPv6 = isIPv6(this.localAddress);
  }

  get isNative(): boolean {
    return this.#port?.kind === "native";
  }

  /** Granted by the kernel; Linux tells twice the usable size, since it counts its own overhead. */
  get receiveBufferBytes(): number {
    return this.#port?.receiveBufferBytes ?? 0;
  }

  get sendBufferBytes(): number {
    return this.#port?.sendBufferBytes ?? 0;
  }

  /** Binds. Rejects when the address or port cannot be had, or `close` was called meanwhile. */
  async open(): Promise<void> {
    const { datagrams, port, limits } = this.#options;
    const socket = await openDatagramPort(datagrams, {
      localAddress: this.localAddress,
      port,
      bufferBytes: limits.udpBufferBytes,
      receiver: this,
      codePoint: this.#options.transportInterface.codePoint ?? 0,
    });
    if (this.#isClosed) {
      await socket.close();
      throw new Error(`the UDP socket of ${this.interfaceName} was closed while it was opened`);
    }
    this.#port = socket;
    this.localPort = socket.localPort;
    this.isOpen = true;
  }

  onDatagram(bytes: Buffer, start: number, end: number, address: string, port: number): void {
    const receiver = this.#options.receiver();
    if (receiver.accept !== undefined && !receiver.accept(address, this.interfaceName, "UDP")) {
      this.refusedDatagrams++;
      return;
    }
    if (isKeepAlive(bytes, start, end)) {
      this.keepAlives++;
      return;
    }
    const connection = receiver.connectionOf?.(address, this.interfaceName);
    receiver.onMessage(bytes.toString("latin1", start, end), this.#flows.from(connection, address, port));
  }

  /** Sends one datagram of latin1 text. Returns false, and reports, when that cannot be. */
  send(text: string, address: string, port: number, onFailure: (failure: SendFailure) => void): boolean {
    const socket = this.#port;
    if (!this.isOpen || socket === undefined) {
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
    if (socket.queuedBytes + text.length > this.#options.limits.maximumUdpQueueBytes) {
      failLater(onFailure, "send-queue-full", "the kernel takes datagrams too slowly");
      return false;
    }
    socket.send(text, address, port, onFailure);
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
    this.#isClosed = true;
    const socket = this.#port;
    this.#port = undefined;
    await socket?.close();
  }
}

/** Nothing but CR, LF and NUL, at most 4 bytes: NAT keep-alives that many devices send over UDP. */
function isKeepAlive(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > 4) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    if (byte !== 13 && byte !== 10 && byte !== 0) return false;
  }
  return true;
}
