import { getSystemErrorName } from "node:util";
import { type DescriptorWatch, markDescriptor, maximumDatagramBytes } from "@tandem/sockets";
import { sendFailureFrom } from "../send-failure.ts";
import type { SendFailure } from "../target.ts";
import { batchSize } from "./datagram-memory.ts";
import type { DatagramPort, DatagramPortOptions, DatagramReceiver } from "./datagram-port.ts";
import { invalidArgument, messageTooLarge, type SocketCalls, tryAgain } from "./socket-calls.ts";

/** Batches read before other sockets and timers get their turn: 32 datagrams, as libuv does. */
const batchesPerTurn = 2;

/** A datagram that waits for room in the kernel's send buffer. */
interface QueuedDatagram {
  readonly text: string;
  readonly address: string;
  readonly port: number;
  readonly onFailure: (failure: SendFailure) => void;
}

/**
 * A socket that is read in batches and makes no object for a datagram that comes or goes.
 *
 * The event loop calls it from outside Node's own callbacks. An immediate after each turn is one of those: with it run
 * what was left for `process.nextTick` and for promises.
 */
export class NativeDatagramPort implements DatagramPort {
  readonly kind = "native";
  readonly localPort: number;
  readonly receiveBufferBytes: number;
  readonly sendBufferBytes: number;
  queuedBytes = 0;
  readonly #calls: SocketCalls;
  readonly #descriptor: number;
  readonly #receiver: DatagramReceiver;
  #watch: DescriptorWatch | undefined;
  #queue: QueuedDatagram[] = [];
  #isClosed = false;

  private constructor(
    calls: SocketCalls,
    descriptor: number,
    { bufferBytes, receiver }: DatagramPortOptions,
  ) {
    this.#calls = calls;
    this.#descriptor = descriptor;
    this.#receiver = receiver;
    this.localPort = calls.localPort(descriptor);
    const granted = calls.askForBuffers(descriptor, bufferBytes);
    this.receiveBufferBytes = granted.receive;
    this.sendBufferBytes = granted.send;
  }

  /** Throws when the address or port cannot be had; `code` of the error is the system's. */
  static open(calls: SocketCalls, options: DatagramPortOptions): NativeDatagramPort {
    const { localAddress, port, codePoint } = options;
    const descriptor = calls.bind(localAddress, port) ?? "EINVAL";
    if (typeof descriptor === "string") throw systemError("bind", descriptor, localAddress, port);
    // Better unmarked than silent.
    if (codePoint > 0) markDescriptor(descriptor, codePoint);
    const datagramPort = new NativeDatagramPort(calls, descriptor, options);
    const watch = calls.watch(descriptor, (isReadable, isWritable) =>
      datagramPort.#onEvent(isReadable, isWritable),
    );
    if (typeof watch === "string") {
      calls.close(descriptor);
      throw systemError("uv_poll_init", watch, localAddress, port);
    }
    datagramPort.#watch = watch;
    return datagramPort;
  }

  #onEvent(isReadable: boolean, isWritable: boolean): void {
    if (isWritable) this.#sendQueued();
    if (isReadable) this.#receive();
    setImmediate(nothing);
  }

  #receive(): void {
    for (let turn = 0; turn < batchesPerTurn && !this.#isClosed; turn++) {
      const count = this.#calls.receive(this.#descriptor);
      for (let index = 0; index < count && !this.#isClosed; index++) this.#take(index);
      if (count < batchSize) return;
    }
  }

  /** What the receiver throws belongs to the process, as it would from any callback of Node, not to native code. */
  #take(index: number): void {
    const { incoming, incomingBytes } = this.#calls.memory;
    const start = index * maximumDatagramBytes;
    try {
      this.#receiver.onDatagram(
        incomingBytes,
        start,
        start + incoming.lengthOf(index),
        incoming.addressOf(index),
        incoming.portOf(index),
      );
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  }

  send(text: string, address: string, port: number, onFailure: (failure: SendFailure) => void): void {
    const result = this.#queue.length > 0 ? tryAgain : this.#sendNow(text, address, port);
    if (result === tryAgain) this.#enqueue({ text, address, port, onFailure });
    else if (result < 0) fail(onFailure, result, address, port);
  }

  /** Bytes sent, or minus the error number. */
  #sendNow(text: string, address: string, port: number): number {
    if (text.length > maximumDatagramBytes) return messageTooLarge;
    if (!this.#calls.memory.write(text, address, port)) return invalidArgument;
    return this.#calls.send(this.#descriptor);
  }

  #enqueue(datagram: QueuedDatagram): void {
    this.queuedBytes += datagram.text.length;
    if (this.#queue.push(datagram) === 1) this.#watch?.setWritable(true);
  }

  #sendQueued(): void {
    let sent = 0;
    for (const { text, address, port, onFailure } of this.#queue) {
      const result = this.#sendNow(text, address, port);
      if (result === tryAgain) break;
      sent++;
      this.queuedBytes -= text.length;
      if (result < 0) fail(onFailure, result, address, port);
    }
    this.#queue = this.#queue.slice(sent);
    if (this.#queue.length === 0 && !this.#isClosed) this.#watch?.setWritable(false);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#watch?.close();
    this.#calls.close(this.#descriptor);
  }
}

function nothing(): void {}

/** @param result minus the error number */
function fail(
  onFailure: (failure: SendFailure) => void,
  result: number,
  address: string,
  port: number,
): void {
  const error = systemError("send", getSystemErrorName(result), address, port);
  process.nextTick(onFailure, sendFailureFrom(error));
}

/** As Node's own. */
function systemError(call: string, code: string, address: string, port: number): Error {
  return Object.assign(new Error(`${call} ${code} ${address}:${port}`), {
    code,
    syscall: call,
    address,
    port,
  });
}
