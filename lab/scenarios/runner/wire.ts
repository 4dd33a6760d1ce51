import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket, connect as tlsConnect } from "node:tls";
import { StreamCutter } from "./stream-cutter.ts";

export type Protocol = "UDP" | "TCP" | "TLS";

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface WireOptions {
  readonly protocol: Protocol;
  readonly local: Endpoint;
  /** The gateway's address for this peer. */
  readonly gateway: Endpoint;
  /** PEM texts; for TLS. */
  readonly certificate: { readonly key: string; readonly cert: string };
  /** False: nothing listens, so that a connection is refused. */
  readonly listens: boolean;
  readonly onMessage: (text: string, reply: (text: string) => void) => void;
  readonly onClosed: () => void;
}

/** How bytes are written to a stream. */
export interface Writing {
  /** Sizes of the pieces, the last one takes the rest; "bytes": one each. Streams only. */
  readonly pieces?: readonly number[] | "bytes";
}

/** The sockets of one peer: a UDP socket, or a listening one and connections. Says nothing by itself. */
export class Wire {
  readonly #options: WireOptions;
  #udp: UdpSocket | undefined;
  #server: Server | undefined;
  /** The connection to the gateway that we opened. */
  #outgoing: Socket | undefined;
  readonly #connections = new Set<Socket>();

  private constructor(options: WireOptions) {
    this.#options = options;
  }

  static async open(options: WireOptions): Promise<Wire> {
    const wire = new Wire(options);
    if (!options.listens) return wire;
    if (options.protocol === "UDP") await wire.#bind();
    else await wire.#listen();
    return wire;
  }

  /** Sends to the gateway; over a stream by the connection that we opened, which is opened now if need be. */
  async send(text: string, writing: Writing = {}): Promise<void> {
    if (this.#options.protocol === "UDP") {
      const { address, port } = this.#options.gateway;
      this.#udp?.send(Buffer.from(text, "latin1"), port, address);
      return;
    }
    const socket = await this.connected();
    await writePieces(socket, text, writing);
  }

  /** The connection to the gateway. */
  async connected(): Promise<Socket> {
    if (this.#outgoing?.writable === true) return this.#outgoing;
    const { gateway, local, protocol } = this.#options;
    const plain = connect({ host: gateway.address, port: gateway.port, localAddress: local.address });
    const socket = protocol === "TLS" ? tlsConnect({ socket: plain, rejectUnauthorized: false }) : plain;
    this.#outgoing = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once(protocol === "TLS" ? "secureConnect" : "connect", () => resolve());
      socket.once("error", reject);
    });
    this.#attach(socket);
    return socket;
  }

  /** Closes what is open towards the gateway, politely or with a reset; listening goes on. */
  dropConnections(how: "end" | "reset" = "reset"): void {
    for (const socket of this.#connections) {
      if (how === "end") socket.end();
      else if (socket instanceof TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
    }
    this.#outgoing = undefined;
  }

  /** No more reading from any connection: a peer that hangs. */
  pauseReading(): void {
    for (const socket of this.#connections) socket.pause();
  }

  get connections(): number {
    return this.#connections.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    await new Promise<void>((resolve) => {
      if (this.#udp !== undefined) this.#udp.close(() => resolve());
      else if (this.#server !== undefined) this.#server.close(() => resolve());
      else resolve();
    });
  }

  async #bind(): Promise<void> {
    const udp = createSocket("udp4");
    this.#udp = udp;
    const { address, port } = this.#options.local;
    await new Promise<void>((resolve, reject) => {
      udp.once("error", reject);
      udp.bind({ address, port, exclusive: true }, resolve);
    });
    udp.on("message", (datagram, from) =>
      this.#options.onMessage(datagram.toString("latin1"), (text) =>
        udp.send(Buffer.from(text, "latin1"), from.port, from.address),
      ),
    );
  }

  async #listen(): Promise<void> {
    const { protocol, certificate, local } = this.#options;
    const take = (socket: Socket): void => this.#attach(socket);
    const server = protocol === "TLS" ? createTlsServer(certificate, take) : createServer(take);
    this.#server = server;
    server.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(local.port, local.address, resolve);
    });
  }

  #attach(socket: Socket): void {
    this.#connections.add(socket);
    const cutter = new StreamCutter();
    socket.on("data", (chunk: Buffer) => {
      for (const text of cutter.push(chunk.toString("latin1"))) {
        this.#options.onMessage(text, (reply) => socket.write(reply, "latin1"));
      }
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#connections.delete(socket);
      if (this.#outgoing === socket) this.#outgoing = undefined;
      this.#options.onClosed();
    });
  }
}

async function writePieces(socket: Socket, text: string, { pieces = [] }: Writing): Promise<void> {
  socket.setNoDelay(true);
  const sizes = pieces === "bytes" ? Array.from({ length: text.length - 1 }, () => 1) : pieces;
  let at = 0;
  for (const size of sizes) {
    await written(socket, text.slice(at, at + size));
    at += size;
  }
  await written(socket, text.slice(at));
}

/** Turns of the event loop between pieces, so that each is a segment of its own. */
async function written(socket: Socket, text: string): Promise<void> {
  await new Promise<void>((resolve) => socket.write(text, "latin1", () => setImmediate(resolve)));
}
