import type { SendFailure } from "../target.ts";

/** Where datagrams come in. Called for one after the other; the bytes are those of the next datagram when it returns. */
export interface DatagramReceiver {
  onDatagram(bytes: Buffer, start: number, end: number, address: string, port: number): void;
}

export interface DatagramPortOptions {
  /** Numeric. */
  readonly localAddress: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Asked of the kernel for each direction. */
  readonly bufferBytes: number;
  readonly receiver: DatagramReceiver;
  /** Differentiated services code point of what is sent, 0 to 63. */
  readonly codePoint: number;
}

/** A bound UDP socket. */
export interface DatagramPort {
  readonly kind: "native" | "node";
  readonly localPort: number;
  /** Granted by the kernel; Linux tells twice the usable size, since it counts its own overhead. */
  readonly receiveBufferBytes: number;
  readonly sendBufferBytes: number;
  /** Bytes that wait in this process, since the kernel's send buffer is full. */
  readonly queuedBytes: number;
  /**
   * Sends one datagram of latin1 text to a numeric address of this socket's family. What the kernel refuses is told after
   * the return.
   */
  send(text: string, address: string, port: number, onFailure: (failure: SendFailure) => void): void;
  /** Once. Resolves when the socket is gone. */
  close(): Promise<void>;
}
