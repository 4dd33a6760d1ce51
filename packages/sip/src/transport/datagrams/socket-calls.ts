import {
  bindDatagramSocket,
  type DescriptorCalls,
  type DescriptorWatch,
  descriptorCalls,
  descriptorWatches,
  level,
  messageCalls,
  type OnDescriptorEvent,
  socketAddresses,
} from "@tandem/sockets";
import { batchSize, DatagramMemory } from "./datagram-memory.ts";

/** SO_SNDBUF, SO_RCVBUF */
const sendBufferOption = 7;
const receiveBufferOption = 8;

/** Minus EAGAIN, minus EINVAL, minus EMSGSIZE. */
export const tryAgain = -11;
export const invalidArgument = -22;
export const messageTooLarge = -90;

/**
 * What the native sockets of one family ask of the system. An error's name or, where it says "or minus the error number", its
 * number on Linux.
 */
export interface SocketCalls {
  readonly memory: DatagramMemory;
  /** A descriptor or the error's name. Undefined: not a numeric address. */
  bind(address: string, port: number): number | string | undefined;
  localPort(descriptor: number): number;
  /** Asks for both buffers and tells what was granted. */
  askForBuffers(descriptor: number, bytes: number): { readonly receive: number; readonly send: number };
  /** Fills the memory with what is there. Datagrams, or minus the error number. */
  receive(descriptor: number): number;
  /** Sends what was written to the memory. Bytes sent, or minus the error number. */
  send(descriptor: number): number;
  close(descriptor: number): void;
  /** The error's name when the event loop does not take it. @param onEvent must not throw: there is nobody above it */
  watch(descriptor: number, onEvent: OnDescriptorEvent): DescriptorWatch | string;
}

const byFamily = new Map<number, SocketCalls>();

/**
 * The same for all sockets of a family. A text says why there are none.
 *
 * @param like a numeric address of that family
 */
export function socketCalls(like: string): SocketCalls | string {
  const addresses = socketAddresses(like);
  const kept = byFamily.get(addresses.family);
  if (kept !== undefined) return kept;
  const [descriptors, messages, watch] = [descriptorCalls(), messageCalls(), descriptorWatches()];
  if (typeof descriptors === "string") return descriptors;
  if (typeof messages === "string") return messages;
  if (typeof watch === "string") return watch;
  const memory = new DatagramMemory(messages.pointerTo, addresses);
  const { incoming, outgoing } = memory;
  const calls: SocketCalls = {
    memory,
    bind: bindDatagramSocket,
    localPort: (descriptor) => descriptors.localPort(descriptor),
    askForBuffers: (descriptor, bytes) => ({
      receive: granted(descriptors, descriptor, receiveBufferOption, bytes),
      send: granted(descriptors, descriptor, sendBufferOption, bytes),
    }),
    receive: (descriptor) => messages.receiveMany(descriptor, incoming.pointer, batchSize),
    send: (descriptor) => messages.send(descriptor, outgoing.pointer),
    close: (descriptor) => descriptors.close(descriptor),
    watch,
  };
  byFamily.set(addresses.family, calls);
  return calls;
}

function granted(calls: DescriptorCalls, descriptor: number, option: number, bytes: number): number {
  calls.setNumber(descriptor, level.socket, option, bytes);
  return calls.number(descriptor, level.socket, option) ?? 0;
}
