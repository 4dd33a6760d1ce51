import { createSocket, type Socket } from "node:dgram";
import { bindDatagramSocket, markDescriptor } from "@tandem/sockets";
import type { MediaSocket, MediaSocketUser } from "./media-socket.ts";

/** A socket of `node:dgram`: wherever there is no native one. */
export class NodeMediaSocket implements MediaSocket {
  readonly kind = "node";
  readonly port: number;
  readonly #socket: Socket;
  /** Undefined: known to node:dgram alone. */
  readonly #descriptor: number | undefined;
  #isOpen = true;

  private constructor(socket: Socket, descriptor: number | undefined, user: MediaSocketUser) {
    this.#socket = socket;
    this.#descriptor = descriptor;
    this.port = socket.address().port;
    socket.on("message", (data, info) => user.onPacket(data, info.address, info.port));
    socket.on("error", () => user.onSocketError());
  }

  /**
   * The system's error code when the port can't be had. With a lookup that answers at once, node:dgram binds before `bind`
   * returns, and sends without waiting a tick.
   */
  static bind(address: string, port: number, user: MediaSocketUser): NodeMediaSocket | string {
    const descriptor = bindDatagramSocket(address, port);
    if (typeof descriptor === "string") return descriptor;
    const isIpv6 = address.includes(":");
    const socket = createSocket({
      type: isIpv6 ? "udp6" : "udp4",
      ipv6Only: isIpv6,
      lookup: isIpv6 ? answerIpv6 : answerIpv4,
    });
    let outcome = "EINPROGRESS";
    const onListening = (): void => {
      outcome = "";
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      outcome = error.code ?? "EUNKNOWN";
    };
    socket.on("listening", onListening);
    socket.on("error", onError);
    socket.bind(
      descriptor === undefined ? { address, port, exclusive: true } : { fd: descriptor, exclusive: true },
    );
    socket.off("listening", onListening);
    if (outcome !== "") {
      socket.close();
      return outcome;
    }
    socket.off("error", onError);
    return new NodeMediaSocket(socket, descriptor, user);
  }

  /**
   * A copy: node:dgram may keep it until the kernel has room, and `data` is the next packet's by then. What the kernel does
   * not take is lost without being counted: node:dgram would tell it by a callback for every packet.
   */
  send(data: Buffer, port: number, address: string): void {
    if (this.#isOpen) this.#socket.send(Buffer.from(data), port, address);
  }

  mark(codePoint: number): void {
    if (this.#isOpen && this.#descriptor !== undefined) markDescriptor(this.#descriptor, codePoint);
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    const closed = Promise.withResolvers<void>();
    this.#socket.close(() => closed.resolve());
    await closed.promise;
  }
}

type LookupAnswer = (error: null, address: string, family: number) => void;

function answerIpv4(address: string, _options: unknown, answer: LookupAnswer): void {
  answer(null, address, 4);
}

function answerIpv6(address: string, _options: unknown, answer: LookupAnswer): void {
  answer(null, address, 6);
}
