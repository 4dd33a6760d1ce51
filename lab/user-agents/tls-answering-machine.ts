import { readFileSync } from "node:fs";
import { createServer, type Server, type TLSSocket } from "node:tls";

export interface TlsAnsweringMachineOptions {
  readonly address: string;
  readonly port: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Undefined: it takes requests and says nothing. */
  readonly statusCode: number | undefined;
  /** PEM of who must have issued the certificates of its clients; left out: it asks for none. */
  readonly clientAuthority?: string;
}

/** A SIP server behind TLS that answers every INVITE with one status, or never, and keeps what it got. */
export class TlsAnsweringMachine {
  readonly invites: string[] = [];
  readonly #options: TlsAnsweringMachineOptions;
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();

  constructor(options: TlsAnsweringMachineOptions) {
    this.#options = options;
    const cert = readFileSync(options.certificateFile);
    const { clientAuthority: ca } = options;
    const demands = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
    this.#server = createServer({ cert, key: readFileSync(options.keyFile), ...demands }, (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      let buffered = "";
      socket.on("data", (chunk: Buffer) => {
        buffered = this.#take(socket, buffered + chunk.toString("latin1"));
      });
    });
  }

  open(): Promise<void> {
    const { address, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, address, () => resolve());
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** What is left of the text once every whole message is dealt with. */
  #take(socket: TLSSocket, text: string): string {
    const end = text.indexOf("\r\n\r\n");
    if (end === -1) return text;
    const head = text.slice(0, end);
    const length = Number(/^Content-Length: *(\d+)$/im.exec(head)?.[1] ?? 0);
    const next = end + 4 + length;
    if (text.length < next) return text;
    if (head.startsWith("INVITE ")) this.#onInvite(socket, text.slice(0, next));
    return this.#take(socket, text.slice(next));
  }

  #onInvite(socket: TLSSocket, invite: string): void {
    this.invites.push(invite);
    const { statusCode } = this.#options;
    if (statusCode === undefined) return;
    const back = invite.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
    const rows = back.map((line) => (/^To:/i.test(line) ? `${line};tag=machine` : line));
    socket.write([`SIP/2.0 ${statusCode} No`, ...rows, "Content-Length: 0", "", ""].join("\r\n"));
  }
}
