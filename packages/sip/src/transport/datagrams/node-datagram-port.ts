import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { bindDatagramSocket, markDescriptor } from "@tandem/sockets";
import { sendFailureFrom } from "../send-failure.ts";
import type { SendFailure } from "../target.ts";
import type { DatagramPort, DatagramPortOptions } from "./datagram-port.ts";

type LookupCallback = (error: Error | null, address: string, family: number) => void;

/** A socket of `node:dgram`: wherever there is no native one. */
export class NodeDatagramPort implements DatagramPort {
  readonly kind = "node";
  readonly localPort: number;
  readonly receiveBufferBytes: number;
  readonly sendBufferBytes: number;
  readonly #socket: Socket;

  private constructor(socket: Socket, { bufferBytes, receiver }: DatagramPortOptions) {
    this.#socket = socket;
    this.localPort = socket.address().port;
    socket.setRecvBufferSize(bufferBytes);
    socket.setSendBufferSize(bufferBytes);
    this.receiveBufferBytes = socket.getRecvBufferSize();
    this.sendBufferBytes = socket.getSendBufferSize();
    socket.on("message", (bytes, remote) => {
      receiver.onDatagram(bytes, 0, bytes.length, remote.address, remote.port);
    });
  }

  /** Rejects when the address or port cannot be had; `code` of the error is the system's. */
  static async open(options: DatagramPortOptions): Promise<NodeDatagramPort> {
    const isSix = isIPv6(options.localAddress);
    const socket = createSocket({
      type: isSix ? "udp6" : "udp4",
      ipv6Only: isSix,
      // Addresses are numeric: without this every send would take the long way through getaddrinfo.
      lookup: (hostname: string, _options: unknown, callback: LookupCallback) =>
        callback(null, hostname, isSix ? 6 : 4),
    });
    await bind(socket, options);
    // A socket that fails later (interface gone) must not end the process; sends report it one by one.
    socket.on("error", ignore);
    return new NodeDatagramPort(socket, options);
  }

  get queuedBytes(): number {
    return this.#socket.getSendQueueSize();
  }

  send(text: string, address: string, port: number, onFailure: (failure: SendFailure) => void): void {
    this.#socket.send(Buffer.from(text, "latin1"), port, address, (error) => {
      if (error !== null) onFailure(sendFailureFrom(error));
    });
  }

  async close(): Promise<void> {
    const closed = Promise.withResolvers<void>();
    this.#socket.close(() => closed.resolve());
    await closed.promise;
  }
}

async function bind(socket: Socket, options: DatagramPortOptions): Promise<void> {
  const { localAddress: address, port, codePoint } = options;
  const bound = Promise.withResolvers<void>();
  socket.once("error", bound.reject);
  const descriptor = codePoint > 0 ? markedSocket(options) : undefined;
  if (descriptor === undefined) socket.bind({ address, port, exclusive: true }, bound.resolve);
  else socket.bind({ fd: descriptor, exclusive: true }, bound.resolve);
  await bound.promise;
  socket.off("error", bound.reject);
}

/** Undefined where packets can't be marked, or the port can't be had: node:dgram says why better than anybody. */
function markedSocket({ localAddress, port, codePoint }: DatagramPortOptions): number | undefined {
  const descriptor = bindDatagramSocket(localAddress, port);
  if (typeof descriptor !== "number") return undefined;
  markDescriptor(descriptor, codePoint);
  return descriptor;
}

function ignore(): void {}
