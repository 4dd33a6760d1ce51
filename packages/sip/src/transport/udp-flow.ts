import type { Flow } from "./flow.ts";
import type { UdpSocket } from "./udp-socket.ts";

/** Four fields, one shape, nothing computed before it is asked for. */
export class UdpFlow implements Flow {
  readonly socket: UdpSocket;
  readonly connection: string | undefined;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(socket: UdpSocket, connection: string | undefined, remoteAddress: string, remotePort: number) {
    this.socket = socket;
    this.connection = connection;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  get interfaceName(): string {
    return this.socket.interfaceName;
  }
  get protocol(): "UDP" {
    return "UDP";
  }
  get localAddress(): string {
    return this.socket.localAddress;
  }
  get localPort(): number {
    return this.socket.localPort;
  }
  get isReliable(): boolean {
    return false;
  }
  get isSecure(): boolean {
    return false;
  }
  get isOpen(): boolean {
    return this.socket.isOpen;
  }
  /** The same for every datagram between the same two ends. */
  get id(): string {
    return `udp:${this.localAddress}:${this.localPort}-${this.remoteAddress}:${this.remotePort}`;
  }
}
