import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { markStream } from "@tandem/sockets";

export interface StreamListenerOptions {
  readonly localAddress: string;
  readonly port: number;
  /** Differentiated services code point of what accepted connections send, 0 to 63. */
  readonly codePoint: number;
  /** Gets every accepted socket; for TLS before the handshake. */
  readonly onSocket: (socket: Socket) => void;
}

/** A listening TCP socket, for TCP and TLS alike. */
export class StreamListener {
  readonly #options: StreamListenerOptions;
  readonly #server: Server;
  port = 0;

  constructor(options: StreamListenerOptions) {
    this.#options = options;
    this.#server = createServer(options.onSocket);
  }

  /** Rejects when the address or port cannot be had. */
  async open(): Promise<void> {
    const listening = Promise.withResolvers<void>();
    this.#server.once("error", listening.reject);
    this.#server.listen(
      {
        host: this.#options.localAddress,
        port: this.#options.port,
        exclusive: true,
        ipv6Only: this.#options.localAddress.includes(":"),
      },
      listening.resolve,
    );
    await listening.promise;
    this.#server.off("error", listening.reject);
    // An accept that fails (too many files) costs that one connection.
    this.#server.on("error", ignore);
    this.port = portOf(this.#server.address());
    if (this.#options.codePoint > 0) markStream(this.#server, this.#options.codePoint);
  }

  /** Idempotent. Accepted connections are the pool's and stay. */
  close(): void {
    this.#server.close();
  }
}

function portOf(address: AddressInfo | string | null): number {
  return address !== null && typeof address === "object" ? address.port : 0;
}

function ignore(): void {}
