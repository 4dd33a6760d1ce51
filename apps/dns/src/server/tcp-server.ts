import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "@tandem/clock";
import { serverLimits as limits } from "./limits.ts";
import { sourceNetwork } from "./source-network.ts";
import { TcpConnection } from "./tcp-connection.ts";

/** One listening TCP socket, with a bounded number of clients in all and of one network. */
export class TcpServer {
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #answer: (bytes: Buffer) => Buffer | undefined;
  readonly #connections = new Set<TcpConnection>();
  readonly #networks = new Map<string, number>();

  /** `onError`: errors after it is open; the server goes on. */
  constructor(clock: Clock, answer: (bytes: Buffer) => Buffer | undefined, onError: (error: Error) => void) {
    this.#clock = clock;
    this.#answer = answer;
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.on("error", (error) => {
      if (this.#server.listening) onError(error);
    });
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** The bound port. Rejects when the address or port cannot be had. */
  open(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: address, port, exclusive: true }, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  close(): void {
    this.#server.close();
    for (const connection of this.#connections) connection.close();
  }

  #accept(socket: Socket): void {
    const network = sourceNetwork(socket.remoteAddress ?? "");
    const count = this.#networks.get(network) ?? 0;
    const isFull =
      this.#connections.size >= limits.maximumConnections || count >= limits.maximumConnectionsPerNetwork;
    if (isFull) {
      socket.on("error", () => undefined);
      socket.destroy();
      return;
    }
    const connection = new TcpConnection(socket, this.#clock, this.#answer);
    this.#connections.add(connection);
    this.#networks.set(network, count + 1);
    socket.once("close", () => {
      this.#connections.delete(connection);
      const left = (this.#networks.get(network) ?? 1) - 1;
      if (left === 0) this.#networks.delete(network);
      else this.#networks.set(network, left);
    });
  }
}
