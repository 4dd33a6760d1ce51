import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";

/** Answer to a datagram; undefined: none. */
export type DatagramHandler = (bytes: Buffer, address: string) => Buffer | undefined;

/** One UDP socket. Answers leave from the address that was asked. */
export class UdpServer {
  readonly #socket: Socket;
  readonly #onError: (error: Error) => void;
  #isClosed = false;

  /** `onError`: errors after it is open; the socket goes on. */
  constructor(address: string, handler: DatagramHandler, onError: (error: Error) => void) {
    this.#onError = onError;
    this.#socket = createSocket(isIPv6(address) ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
    this.#socket.on("message", (bytes, remote) => {
      // Nobody can be answered at port 0, and Node throws when one tries.
      const answer = remote.port === 0 ? undefined : handler(bytes, remote.address);
      // A destination that cannot be reached is the client's trouble.
      if (answer !== undefined) this.#socket.send(answer, remote.port, remote.address, () => undefined);
    });
  }

  /** The bound port. Rejects when the address or port cannot be had. */
  open(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#socket.once("error", reject);
      this.#socket.bind({ address, port, exclusive: true }, () => {
        this.#socket.off("error", reject);
        this.#socket.on("error", this.#onError);
        resolve(this.#socket.address().port);
      });
    });
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}
