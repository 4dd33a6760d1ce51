import type * as Ffi from "node:ffi";
import { isIPv6 } from "node:net";
import { bindDatagramSocket } from "./bind-datagram-socket.ts";
import { descriptorCalls } from "./descriptor-calls.ts";
import { type DescriptorWatch, descriptorWatches } from "./descriptor-watch.ts";
import { maximumReadySockets, type PacketCalls, packetCalls } from "./packet-calls.ts";
import { maximumPacketBytes, PacketMemory } from "./packet-memory.ts";
import { SocketAddresses, writeSocketAddress } from "./socket-address.ts";

/** Looks for sockets with packets before the rest of the process gets its turn. */
const looksPerTurn = 2;

export interface PacketReceiver {
  /** `data` is the next packet's when it returns. */
  onPacket(data: Buffer, address: string, port: number): void;
}

/** A bound UDP socket over IPv4. */
export interface PacketSocket {
  readonly descriptor: number;
  /** What was given to `onPacket` goes out without being copied. False: the kernel did not take it, and it is lost. */
  send(data: Buffer, address: string, port: number): boolean;
  /** At once. Idempotent. */
  close(): void;
}

let shared: PacketSockets | undefined;

/**
 * Binds a socket for packets that must be quick and may be lost: no object is made for one that comes or goes, and any number
 * of sockets is watched through one descriptor.
 *
 * The name of the system's error when it can't be had. Undefined: not here, or not for such an address (IPv6).
 *
 * @param address numeric
 */
export function openPacketSocket(
  address: string,
  port: number,
  receiver: PacketReceiver,
): PacketSocket | string | undefined {
  if (isIPv6(address) || typeof descriptorCalls() === "string") return undefined;
  const descriptor = bindDatagramSocket(address, port);
  if (typeof descriptor !== "number") return descriptor;
  shared ??= new PacketSockets(process.getBuiltinModule("node:ffi"));
  return shared.add(descriptor, receiver);
}

/** All packet sockets of the process: an epoll instance finds those that have packets. */
class PacketSockets {
  readonly #calls: PacketCalls;
  readonly #set: number;
  readonly #watch: DescriptorWatch;
  readonly #addresses = new SocketAddresses();
  readonly #incoming: PacketMemory;
  /** Sends what has come in, from where it lies. */
  readonly #passing: PacketMemory;
  /** Sends anything else. */
  readonly #outgoing: PacketMemory;
  readonly #incomingHeader: bigint;
  readonly #passingHeader: bigint;
  readonly #outgoingHeader: bigint;
  /** By descriptor. */
  readonly #receivers: (PacketReceiver | undefined)[] = [];
  #size = 0;

  constructor(ffi: typeof Ffi) {
    const pointerTo = (buffer: Buffer): bigint => ffi.getRawPointer(buffer);
    this.#calls = packetCalls(ffi);
    this.#incoming = new PacketMemory(pointerTo);
    this.#passing = new PacketMemory(pointerTo, this.#incoming.bytes);
    this.#outgoing = new PacketMemory(pointerTo);
    this.#incomingHeader = pointerTo(this.#incoming.header);
    this.#passingHeader = pointerTo(this.#passing.header);
    this.#outgoingHeader = pointerTo(this.#outgoing.header);
    this.#set = this.#calls.openSet();
    this.#watch = descriptorWatches(ffi)(this.#set, () => this.#onReadable());
    this.#watch.setNeeded(false);
  }

  add(descriptor: number, receiver: PacketReceiver): PacketSocket | string {
    if (!this.#calls.addToSet(this.#set, descriptor)) {
      closeDescriptor(descriptor);
      return "ENOSPC";
    }
    this.#receivers[descriptor] = receiver;
    this.#size++;
    if (this.#size === 1) this.#watch.setNeeded(true);
    let isOpen = true;
    return {
      descriptor,
      send: (data, address, port) => isOpen && this.#send(descriptor, data, address, port),
      close: () => {
        // Its number may be another's by now.
        if (isOpen) this.#remove(descriptor);
        isOpen = false;
      },
    };
  }

  /** The kernel takes a closed descriptor out of its set. */
  #remove(descriptor: number): void {
    this.#receivers[descriptor] = undefined;
    closeDescriptor(descriptor);
    this.#size--;
    if (this.#size === 0) this.#watch.setNeeded(false);
  }

  #onReadable(): void {
    for (let look = 0; look < looksPerTurn; look++) {
      const count = this.#calls.findReady(this.#set);
      for (let index = 0; index < count; index++) this.#receive(this.#calls.readyAt(index));
      if (count < maximumReadySockets) break;
    }
    setImmediate(nothing);
  }

  /** One packet; a socket that has more is found again. */
  #receive(descriptor: number): void {
    const receiver = this.#receivers[descriptor];
    // Closed by what an earlier packet of this turn brought about.
    if (receiver === undefined) return;
    const length = this.#calls.receive(descriptor, this.#incomingHeader);
    if (length < 0) return;
    const { address, port } = this.#incoming;
    try {
      receiver.onPacket(this.#incoming.view(length), this.#addresses.text(address), port);
    } catch (error) {
      // It belongs to the process, as from any callback of Node, not to native code.
      setImmediate(() => {
        throw error;
      });
    }
  }

  #send(descriptor: number, data: Buffer, address: string, port: number): boolean {
    const number = this.#addresses.number(address);
    const { length } = data;
    if (number === undefined || length > maximumPacketBytes) return false;
    const isPassing = data === this.#incoming.view(length);
    const memory = isPassing ? this.#passing : this.#outgoing;
    if (!isPassing) data.copy(memory.bytes);
    memory.length = length;
    writeSocketAddress(memory.name, number, port);
    return this.#calls.send(descriptor, isPassing ? this.#passingHeader : this.#outgoingHeader) >= 0;
  }
}

function closeDescriptor(descriptor: number): void {
  const calls = descriptorCalls();
  if (typeof calls !== "string") calls.close(descriptor);
}

function nothing(): void {}
