import { getSystemErrorName } from "node:util";
import {
  addressNumber,
  type DescriptorWatch,
  markDescriptor,
  SocketAddresses,
  socketAddressBytes,
  writeSocketAddress,
} from "@tandem/sockets";
import { sendFailureFrom } from "../send-failure.ts";
import type { SendFailure } from "../target.ts";
import { batchSize, maximumDatagramBytes } from "./datagram-batch.ts";
import type { DatagramPort, DatagramPortOptions, DatagramReceiver } from "./datagram-port.ts";
import { invalidArgument, messageTooLarge, type SocketCalls, tryAgain } from "./socket-calls.ts";

/** Batches read before other sockets and timers get their turn: 32 datagrams, as libuv does. */
const batchesPerTurn = 2;

/** A datagram that waits for room in the kernel's send buffer. */
interface QueuedDatagram {
  readonly text: string;
  readonly address: number;
  readonly port: number;
  readonly onFailure: (failure: SendFailure) => void;
}

/**
 * An IPv4 socket that is read in batches and makes no object for a datagram that comes or goes.
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
  readonly #addresses = new SocketAddresses();
  readonly #watch: DescriptorWatch;
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
    this.#watch = calls.watch(descriptor, (isReadable, isWritable) => this.#onEvent(isReadable, isWritable));
  }

  /** Throws when the address or port cannot be had; `code` of the error is the system's. */
  static open(calls: SocketCalls, options: DatagramPortOptions): NativeDatagramPort {
    const { localAddress, port } = options;
    const number = addressNumber(localAddress);
    if (number === undefined) throw systemError("bind", invalidArgument, localAddress, port);
    const address = Buffer.alloc(socketAddressBytes);
    writeSocketAddress(address, number, port);
    const descriptor = calls.open();
    if (descriptor < 0) throw systemError("socket", descriptor, localAddress, port);
    const result = calls.bind(descriptor, address);
    if (result < 0) {
      calls.close(descriptor);
      throw systemError("bind", result, localAddress, port);
    }
    // Better unmarked than silent.
    if (options.codePoint > 0) markDescriptor(descriptor, options.codePoint);
    try {
      return new NativeDatagramPort(calls, descriptor, options);
    } catch (error) {
      calls.close(descriptor);
      throw error;
    }
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
    const { batch } = this.#calls;
    const start = index * maximumDatagramBytes;
    try {
      this.#receiver.onDatagram(
        batch.bytes,
        start,
        start + batch.lengthOf(index),
        this.#addresses.text(batch.addressOf(index)),
        batch.portOf(index),
      );
    } catch (error) {
      setImmediate(() => {
        throw error;
      });
    }
  }

  send(text: string, address: string, port: number, onFailure: (failure: SendFailure) => void): void {
    const number = this.#addresses.number(address);
    if (number === undefined) return fail(onFailure, systemError("send", invalidArgument, address, port));
    const result = this.#queue.length > 0 ? tryAgain : this.#sendNow(text, number, port);
    if (result === tryAgain) this.#enqueue({ text, address: number, port, onFailure });
    else if (result < 0) fail(onFailure, systemError("send", result, address, port));
  }

  /** Bytes sent, or minus the error number. */
  #sendNow(text: string, address: number, port: number): number {
    if (text.length > maximumDatagramBytes) return messageTooLarge;
    this.#calls.outgoing.set(text, address, port);
    return this.#calls.send(this.#descriptor);
  }

  #enqueue(datagram: QueuedDatagram): void {
    this.queuedBytes += datagram.text.length;
    if (this.#queue.push(datagram) === 1) this.#watch.setWritable(true);
  }

  #sendQueued(): void {
    let sent = 0;
    for (const { text, address, port, onFailure } of this.#queue) {
      const result = this.#sendNow(text, address, port);
      if (result === tryAgain) break;
      sent++;
      this.queuedBytes -= text.length;
      if (result < 0) fail(onFailure, systemError("send", result, this.#addresses.text(address), port));
    }
    this.#queue = this.#queue.slice(sent);
    if (this.#queue.length === 0 && !this.#isClosed) this.#watch.setWritable(false);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#watch.close();
    this.#calls.close(this.#descriptor);
  }
}

function nothing(): void {}

function fail(onFailure: (failure: SendFailure) => void, error: Error): void {
  process.nextTick(onFailure, sendFailureFrom(error));
}

/** As Node's own. @param result minus the error number */
function systemError(call: string, result: number, address: string, port: number): Error {
  const code = getSystemErrorName(result);
  return Object.assign(new Error(`${call} ${code} ${address}:${port}`), {
    code,
    errno: result,
    syscall: call,
    address,
    port,
  });
}
