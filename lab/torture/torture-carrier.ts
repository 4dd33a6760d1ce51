import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { delay } from "../harness/wait.ts";
import { StreamCutter } from "../scenarios/runner/stream-cutter.ts";
import type { Endpoint, Protocol } from "../scenarios/runner/wire.ts";
import type { Verdict } from "./expectations.ts";

/**
 * Ports of sent-by in the messages: without rport a response goes to the address that the request came from, at the port of
 * its Via (RFC 3261 §18.2.2).
 */
const portsOfVias = [5060, 5050, 5070, 6050, 19_823];
/** What has not come by then, does not come. */
const silenceMs = 150;
/** Only what is wrong waits so long. */
const patienceMs = 8000;

/** A carrier that says things byte by byte and listens for what they get. */
export class TortureCarrier {
  readonly #address: string;
  readonly #gateway: Endpoint;
  readonly #protocol: Protocol;
  readonly #sockets: UdpSocket[] = [];
  readonly #known = new Set<string>();
  #heard: string[] = [];

  private constructor(protocol: Protocol, address: string, gateway: Endpoint) {
    this.#protocol = protocol;
    this.#address = address;
    this.#gateway = gateway;
  }

  static async open(protocol: Protocol, address: string, gateway: Endpoint): Promise<TortureCarrier> {
    const carrier = new TortureCarrier(protocol, address, gateway);
    if (protocol !== "UDP") return carrier;
    for (const port of portsOfVias) {
      const socket = createSocket("udp4");
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.bind({ address, port, exclusive: true }, resolve);
      });
      socket.on("message", (datagram) => carrier.#hear(datagram.toString("latin1")));
      carrier.#sockets.push(socket);
    }
    return carrier;
  }

  /** Sends a message and tells what it gets; waits for as much as `expected` says, or for silence. */
  async send(text: string, expected: Verdict): Promise<Verdict> {
    this.#heard = [];
    const bytes = Buffer.from(text, "latin1");
    if (this.#protocol === "UDP") {
      this.#sockets[0]?.send(bytes, this.#gateway.port, this.#gateway.address);
      return this.#verdict(expected, () => false);
    }
    const socket = await this.#connect();
    let isClosed = false;
    const cutter = new StreamCutter();
    socket.on("data", (chunk: Buffer) => {
      for (const one of cutter.push(chunk.toString("latin1"))) this.#hear(one);
    });
    socket.once("close", () => (isClosed = true));
    socket.write(bytes);
    const verdict = await this.#verdict(expected, () => isClosed);
    socket.destroy();
    return verdict;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  /** A final response that comes again was told before. */
  #hear(text: string): void {
    if (this.#known.has(text)) return;
    this.#known.add(text);
    if (text.startsWith("SIP/2.0 100 ")) return;
    this.#heard.push(text.startsWith("SIP/2.0 ") ? text.slice(8, 11) : (text.split(" ")[0] ?? ""));
  }

  async #verdict(expected: Verdict, isClosed: () => boolean): Promise<Verdict> {
    const now = (): Verdict => {
      const words = [...this.#heard, ...(isClosed() ? ["close"] : [])];
      return words.length === 0 ? "silence" : words.join(" ");
    };
    const deadlineMs = performance.now() + patienceMs;
    while (now() !== expected && performance.now() < deadlineMs) await delay(5);
    // A response and nothing behind it: another one, or the end of the connection, would have come with it.
    await delay(expected === "silence" ? silenceMs : silenceMs / 5);
    return now();
  }

  async #connect(): Promise<Socket> {
    const { address: host, port } = this.#gateway;
    const plain = connect({ host, port, localAddress: this.#address });
    const isTls = this.#protocol === "TLS";
    const socket = isTls ? tlsConnect({ socket: plain, rejectUnauthorized: false }) : plain;
    socket.on("error", () => undefined);
    await new Promise<void>((resolve) => socket.once(isTls ? "secureConnect" : "connect", () => resolve()));
    return socket;
  }
}
