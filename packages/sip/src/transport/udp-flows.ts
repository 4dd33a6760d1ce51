import { UdpFlow } from "./udp-flow.ts";
import type { UdpSocket } from "./udp-socket.ts";

/** Flows that a socket keeps at hand: as many remote ports as a gateway's customers and carriers have, and then some. */
export const maximumKeptFlows = 4096;

/**
 * The flows of one socket. Datagrams between the same two ends share one object: transactions hold on to their flow for
 * half a minute, and a carrier sends hundreds of datagrams in that time from one port.
 */
export class UdpFlows {
  readonly #socket: UdpSocket;
  /** The last flow of each remote port, whatever the address. */
  readonly #byPort = new Map<number, UdpFlow>();

  constructor(socket: UdpSocket) {
    this.#socket = socket;
  }

  get size(): number {
    return this.#byPort.size;
  }

  from(connection: string | undefined, remoteAddress: string, remotePort: number): UdpFlow {
    const kept = this.#byPort.get(remotePort);
    if (kept?.remoteAddress === remoteAddress && kept.connection === connection) return kept;
    const flow = new UdpFlow(this.#socket, connection, remoteAddress, remotePort);
    // Strangers are not remembered for long, and who is in use is back with its next datagram.
    if (kept === undefined && this.#byPort.size >= maximumKeptFlows) this.#byPort.clear();
    this.#byPort.set(remotePort, flow);
    return flow;
  }
}
