import type { TcpSocketConnectOpts } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { delay } from "../harness/wait.ts";

export interface HandshakeOptions {
  readonly address: string;
  readonly port: number;
  /** Address they come from. */
  readonly localAddress: string;
  /** PEM of the authority that the certificate must be of. */
  readonly authority: string;
}

/** Only a failing handshake takes so long. */
const patienceMs = 15_000;

/** New TLS connections at a steady rate, each closed at once, and some that stay. Keeps which certificates were seen. */
export class Handshakes {
  readonly serialNumbers = new Set<string>();
  readonly failures: string[] = [];
  made = 0;
  /** Connections that were to stay and did not. */
  lost = 0;
  readonly #options: HandshakeOptions;
  readonly #held: TLSSocket[] = [];
  #isEnding = false;

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  get held(): number {
    return this.#held.length;
  }

  /** One handshake: the certificate that was shown must be of the authority and bear the address. */
  open(): Promise<TLSSocket> {
    const { address: host, port, localAddress, authority: ca } = this.#options;
    return new Promise((resolve, reject) => {
      const options: ConnectionOptions & Pick<TcpSocketConnectOpts, "localAddress"> = {
        host,
        port,
        localAddress,
        ca,
      };
      const socket = connect(options, () => {
        this.made += 1;
        this.serialNumbers.add(socket.getPeerCertificate().serialNumber);
        resolve(socket);
      });
      socket.setTimeout(patienceMs);
      socket.once("timeout", () => socket.destroy(new Error("no handshake in time")));
      socket.on("error", (error) => {
        this.failures.push(error.message);
        reject(error);
      });
    });
  }

  /** Opens connections that stay until `close`. */
  async hold(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const socket = await this.open();
      socket.setTimeout(0);
      socket.on("close", () => {
        if (!this.#isEnding) this.lost += 1;
      });
      this.#held.push(socket);
    }
  }

  /** Each connection that was held is asked by a double CRLF and must answer (RFC 5626 §4.4.1). */
  async ping(): Promise<void> {
    await Promise.all(this.#held.map((socket) => this.#pingOne(socket)));
  }

  async #pingOne(socket: TLSSocket): Promise<void> {
    const answered = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), patienceMs);
      socket.once("data", () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    socket.write("\r\n\r\n");
    if (!(await answered)) this.lost += 1;
  }

  /** Handshakes until `isOver`. A rate that the machine does not give is not made up for later. */
  async run(ratePerSecond: number, isOver: () => boolean): Promise<void> {
    const running = new Set<Promise<void>>();
    while (!isOver()) {
      const one = this.open().then(
        (socket) => void socket.destroy(),
        () => undefined,
      );
      running.add(one);
      void one.finally(() => running.delete(one));
      await delay(1000 / ratePerSecond);
    }
    await Promise.all(running);
  }

  close(): void {
    this.#isEnding = true;
    for (const socket of this.#held) socket.destroy();
  }
}
