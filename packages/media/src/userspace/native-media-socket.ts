import { markDescriptor, openPacketSocket, type PacketSocket } from "@tandem/sockets";
import type { MediaSocket, MediaSocketUser } from "./media-socket.ts";

/** A socket without an object for a packet: on Linux. */
export class NativeMediaSocket implements MediaSocket {
  readonly kind = "native";
  readonly port: number;
  readonly #socket: PacketSocket;
  readonly #user: MediaSocketUser;

  private constructor(socket: PacketSocket, port: number, user: MediaSocketUser) {
    this.#socket = socket;
    this.port = port;
    this.#user = user;
  }

  /** The system's error code when the port can't be had; undefined: not here, or not for this address. */
  static bind(address: string, port: number, user: MediaSocketUser): NativeMediaSocket | string | undefined {
    const socket = openPacketSocket(address, port, user);
    if (socket === undefined || typeof socket === "string") return socket;
    return new NativeMediaSocket(socket, port, user);
  }

  send(data: Buffer, port: number, address: string): void {
    if (!this.#socket.send(data, address, port)) this.#user.onSocketError();
  }

  mark(codePoint: number): void {
    markDescriptor(this.#socket.descriptor, codePoint);
  }

  async close(): Promise<void> {
    this.#socket.close();
  }
}
