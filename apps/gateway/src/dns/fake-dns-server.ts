import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { type Answer, type DecodedPacket, decode, encode, type Packet, type Question } from "dns-packet";
import type { DnsServer } from "./dns-servers.ts";

export type DnsTransport = "udp" | "tcp";

/** Given a query: bytes or packets to answer with, in order; none for silence. */
export type DnsHandler = (
  query: DecodedPacket,
  question: Question,
  transport: DnsTransport,
) => readonly (Packet | Buffer)[];

/** A DNS server for tests, UDP and TCP on one port of 127.0.0.1. */
export class FakeDnsServer {
  /** "udp A a.test" and so on, in order. */
  readonly queries: string[] = [];
  readonly sourcePorts = new Set<number>();
  readonly ids = new Set<number>();
  lastQuery: DecodedPacket | undefined;
  handler: DnsHandler = () => [];
  /** TCP answers come in pieces of this size. */
  tcpPieceBytes = 65_537;
  readonly #udp: UdpSocket = createSocket("udp4");
  readonly #tcp: Server = createServer();
  server: DnsServer = { address: "127.0.0.1", port: 0 };

  async open(): Promise<this> {
    this.#udp.on("message", (bytes, remote) => {
      this.sourcePorts.add(remote.port);
      for (const answer of this.#answersTo(bytes, "udp")) this.#udp.send(answer, remote.port, remote.address);
    });
    this.#tcp.on("connection", (socket) => {
      socket.on("error", () => {});
      socket.on("data", (bytes: Buffer) => {
        const answers = this.#answersTo(bytes.subarray(2), "tcp");
        if (answers.length === 0) socket.destroy();
        for (const answer of answers) {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(answer.length);
          const whole = Buffer.concat([length, answer]);
          for (let at = 0; at < whole.length; at += this.tcpPieceBytes) {
            socket.write(whole.subarray(at, at + this.tcpPieceBytes));
          }
        }
      });
    });
    await this.#bind();
    return this;
  }

  /** A port that is free for both. */
  async #bind(): Promise<void> {
    await new Promise<void>((resolve) => this.#tcp.listen(0, "127.0.0.1", resolve));
    const address = this.#tcp.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    await new Promise<void>((resolve, reject) => {
      this.#udp.once("error", reject);
      this.#udp.bind(port, "127.0.0.1", resolve);
    });
    this.server = { address: "127.0.0.1", port };
  }

  #answersTo(bytes: Buffer, transport: DnsTransport): Buffer[] {
    const query = decode(bytes);
    const question = query.questions?.[0];
    if (question === undefined) return [];
    this.lastQuery = query;
    this.ids.add(query.id ?? -1);
    this.queries.push(`${transport} ${question.type} ${question.name}`);
    return this.handler(query, question, transport).map((answer) =>
      Buffer.isBuffer(answer) ? answer : encode(answer),
    );
  }

  close(): void {
    this.#udp.close();
    this.#tcp.close();
  }
}

/** A proper response; `responseCode` and other flags in `flags`. */
export function responseTo(query: DecodedPacket, answers: Answer[], more: Partial<Packet> = {}): Packet {
  return { type: "response", id: query.id, flags: 0, questions: query.questions, answers, ...more };
}
