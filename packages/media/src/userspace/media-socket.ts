import { NativeMediaSocket } from "./native-media-socket.ts";
import { NodeMediaSocket } from "./node-media-socket.ts";

/** `native` is for Linux, and falls back to `node` everywhere else. */
export type MediaSocketKind = "native" | "node";

export interface MediaSocketUser {
  /** `data` is the next packet's when it returns. */
  onPacket(data: Buffer, address: string, port: number): void;
  /** A packet could not be sent, as far as the kind of socket tells. It is lost, as any may be. */
  onSocketError(): void;
}

/** A bound UDP socket of media. */
export interface MediaSocket {
  readonly kind: MediaSocketKind;
  readonly port: number;
  /** @param address numeric, of the socket's family */
  send(data: Buffer, port: number, address: string): void;
  /** Marks what is sent from now on with a differentiated services code point, 0 to 63, where that is possible. */
  mark(codePoint: number): void;
  /** To be called once. Resolves when the port can be bound again. */
  close(): Promise<void>;
}

/** The system's error code when the port can't be had. */
export function bindMediaSocket(
  kind: MediaSocketKind,
  address: string,
  port: number,
  user: MediaSocketUser,
): MediaSocket | string {
  const native = kind === "native" ? NativeMediaSocket.bind(address, port, user) : undefined;
  return native ?? NodeMediaSocket.bind(address, port, user);
}
