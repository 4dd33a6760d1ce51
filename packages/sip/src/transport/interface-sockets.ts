import { isIPv6 } from "node:net";
import type { ConnectionPool } from "./connection-pool.ts";
import type { DatagramKind } from "./datagrams/open-datagram-port.ts";
import type { TransportProtocol } from "./flow.ts";
import type { MessageReceiver } from "./message-receiver.ts";
import { StreamListener } from "./stream-listener.ts";
import type { TransportInterface } from "./transport-interface.ts";
import type { TransportLimits } from "./transport-limits.ts";
import { UdpSocket } from "./udp-socket.ts";

export interface InterfaceSocketsOptions {
  readonly transportInterface: TransportInterface;
  readonly limits: TransportLimits;
  readonly datagrams: DatagramKind;
  readonly receiver: () => MessageReceiver;
  readonly pool: ConnectionPool;
}

/** What one interface listens on: at most one UDP socket, one TCP and one TLS listener. */
export class InterfaceSockets {
  readonly transportInterface: TransportInterface;
  readonly udp: UdpSocket | undefined;
  readonly tcp: StreamListener | undefined;
  readonly tls: StreamListener | undefined;
  readonly #host: string;
  /** Every message and its transaction hold one: they share it. */
  readonly #sentBy: Record<TransportProtocol, { readonly host: string; readonly port: number }>;

  constructor(options: InterfaceSocketsOptions) {
    const { transportInterface, limits, datagrams, receiver, pool } = options;
    this.transportInterface = transportInterface;
    const { udpPort, tcpPort, tlsPort, localAddress, advertisedAddress, codePoint = 0 } = transportInterface;
    this.#host = isIPv6(advertisedAddress) ? `[${advertisedAddress}]` : advertisedAddress;
    const nothingOpen = { host: this.#host, port: 0 };
    this.#sentBy = { UDP: nothingOpen, TCP: nothingOpen, TLS: nothingOpen };
    if (udpPort !== undefined) {
      this.udp = new UdpSocket({ transportInterface, port: udpPort, datagrams, limits, receiver });
    }
    if (tcpPort !== undefined) {
      this.tcp = new StreamListener({
        localAddress,
        port: tcpPort,
        codePoint,
        onSocket: (socket) => pool.accept(socket, transportInterface, "TCP"),
      });
    }
    if (tlsPort !== undefined) {
      this.tls = new StreamListener({
        localAddress,
        port: tlsPort,
        codePoint,
        onSocket: (socket) => pool.accept(socket, transportInterface, "TLS"),
      });
    }
  }

  /** Whether this protocol is spoken here, in and out. */
  serves(protocol: TransportProtocol): boolean {
    return this.#socketOf(protocol) !== undefined;
  }

  /** Sent-by of a Via. Port 0: that protocol is not served here, or nothing is open yet. */
  sentBy(protocol: TransportProtocol): { readonly host: string; readonly port: number } {
    const port = this.#portOf(protocol);
    if (this.#sentBy[protocol].port !== port) this.#sentBy[protocol] = { host: this.#host, port };
    return this.#sentBy[protocol];
  }

  #portOf(protocol: TransportProtocol): number {
    if (protocol === "UDP") return this.udp?.localPort ?? 0;
    return (protocol === "TCP" ? this.tcp?.port : this.tls?.port) ?? 0;
  }

  #socketOf(protocol: TransportProtocol): UdpSocket | StreamListener | undefined {
    if (protocol === "UDP") return this.udp;
    return protocol === "TCP" ? this.tcp : this.tls;
  }

  /** Binds all. Rejects with the first that cannot be had; the caller closes the rest. */
  async open(): Promise<void> {
    await this.udp?.open();
    await this.tcp?.open();
    await this.tls?.open();
  }

  async close(): Promise<void> {
    this.tcp?.close();
    this.tls?.close();
    await this.udp?.close();
  }
}
