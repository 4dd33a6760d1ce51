import { bindDatagramSocket } from "./bind-datagram-socket.ts";
import { type DescriptorCalls, descriptorCalls } from "./descriptor-calls.ts";
import { type DescriptorWatch, descriptorWatches, type WatchDescriptor } from "./descriptor-watch.ts";
import { type MessageCalls, messageCalls } from "./message-calls.ts";
import { PacketLane, type PacketRoom } from "./packet-lane.ts";
import { PacketMemory } from "./packet-memory.ts";
import { maximumReadySockets, type ReadyCalls, readyCalls } from "./ready-calls.ts";
import { type SocketAddresses, socketAddresses } from "./socket-address.ts";

/** Looks for sockets with packets before the rest of the process gets its turn. */
const looksPerTurn = 2;

export interface PacketReceiver {
  /** `data` is the next packet's when it returns. */
  onPacket(data: Buffer, address: string, port: number): void;
}

/** A bound UDP socket. */
export interface PacketSocket {
  readonly descriptor: number;
  /**
   * To a numeric address of the socket's family. What was given to `onPacket` goes out without being copied. False: the kernel
   * did not take it, and it is lost.
   */
  send(data: Buffer, address: string, port: number): boolean;
  /** At once. Idempotent. */
  close(): void;
}

let shared: PacketSockets | undefined;

/**
 * Binds a socket for packets that must be quick and may be lost: no object is made for one that comes or goes, and any number
 * of sockets is watched through one descriptor.
 *
 * The name of the system's error when it can't be had. Undefined: not here, or not a numeric address.
 *
 * @param address numeric
 */
export function openPacketSocket(
  address: string,
  port: number,
  receiver: PacketReceiver,
): PacketSocket | string | undefined {
  const calls = packetCalls();
  if (calls === undefined) return undefined;
  const descriptor = bindDatagramSocket(address, port);
  if (typeof descriptor !== "number") return descriptor;
  const sockets = shared ?? PacketSockets.open(calls);
  const socket =
    typeof sockets === "string" ? sockets : sockets.add(descriptor, socketAddresses(address), receiver);
  if (typeof socket === "string") calls.descriptors.close(descriptor);
  if (typeof sockets !== "string") shared = sockets;
  return socket;
}

interface PacketCalls {
  readonly descriptors: DescriptorCalls;
  readonly messages: MessageCalls;
  readonly ready: ReadyCalls;
  readonly watch: WatchDescriptor;
}

function packetCalls(): PacketCalls | undefined {
  const [descriptors, messages, ready, watch] = [
    descriptorCalls(),
    messageCalls(),
    readyCalls(),
    descriptorWatches(),
  ];
  const isMissing =
    typeof descriptors === "string" ||
    typeof messages === "string" ||
    typeof ready === "string" ||
    typeof watch === "string";
  return isMissing ? undefined : { descriptors, messages, ready, watch };
}

/** A socket that is open. */
interface Member {
  readonly lane: PacketLane;
  readonly receiver: PacketReceiver;
}

/** All packet sockets of the process: an epoll instance finds those that have packets. */
class PacketSockets {
  readonly #calls: PacketCalls;
  readonly #set: number;
  readonly #room: PacketRoom = { incoming: new PacketMemory(), outgoing: new PacketMemory() };
  /** By family. */
  readonly #lanes = new Map<number, PacketLane>();
  /** By descriptor. */
  readonly #members: (Member | undefined)[] = [];
  #watch: DescriptorWatch | undefined;
  #size = 0;

  private constructor(calls: PacketCalls, set: number) {
    this.#calls = calls;
    this.#set = set;
  }

  /** The name of the system's error when there is no room for the set or its watch. */
  static open(calls: PacketCalls): PacketSockets | string {
    const set = calls.ready.openSet();
    if (typeof set === "string") return set;
    const sockets = new PacketSockets(calls, set);
    const watch = calls.watch(set, () => sockets.#onReadable());
    if (typeof watch === "string") {
      calls.descriptors.close(set);
      return watch;
    }
    watch.setNeeded(false);
    sockets.#watch = watch;
    return sockets;
  }

  /** The name of the system's error when it has no room for one more. */
  add(descriptor: number, addresses: SocketAddresses, receiver: PacketReceiver): PacketSocket | string {
    const failure = this.#calls.ready.addToSet(this.#set, descriptor);
    if (failure !== undefined) return failure;
    const lane = this.#laneOf(addresses);
    this.#members[descriptor] = { lane, receiver };
    this.#size++;
    if (this.#size === 1) this.#watch?.setNeeded(true);
    let isOpen = true;
    return {
      descriptor,
      send: (data, address, port) => isOpen && lane.send(descriptor, data, address, port),
      close: () => {
        // Its number may be another's by now.
        if (isOpen) this.#remove(descriptor);
        isOpen = false;
      },
    };
  }

  #laneOf(addresses: SocketAddresses): PacketLane {
    const kept = this.#lanes.get(addresses.family);
    if (kept !== undefined) return kept;
    const lane = new PacketLane(this.#calls.messages, this.#room, addresses);
    this.#lanes.set(addresses.family, lane);
    return lane;
  }

  /** The kernel takes a closed descriptor out of its set. */
  #remove(descriptor: number): void {
    this.#members[descriptor] = undefined;
    this.#calls.descriptors.close(descriptor);
    this.#size--;
    if (this.#size === 0) this.#watch?.setNeeded(false);
  }

  #onReadable(): void {
    const { ready } = this.#calls;
    for (let look = 0; look < looksPerTurn; look++) {
      const count = ready.findReady(this.#set);
      for (let index = 0; index < count; index++) this.#receive(ready.readyAt(index));
      if (count < maximumReadySockets) break;
    }
    setImmediate(nothing);
  }

  /** One packet; a socket that has more is found again. */
  #receive(descriptor: number): void {
    const member = this.#members[descriptor];
    // Closed by what an earlier packet of this turn brought about.
    if (member === undefined) return;
    const { incoming } = member.lane;
    const data = member.lane.receive(descriptor);
    if (data === undefined) return;
    try {
      member.receiver.onPacket(data, incoming.addressOf(0), incoming.portOf(0));
    } catch (error) {
      // It belongs to the process, as from any callback of Node, not to native code.
      setImmediate(() => {
        throw error;
      });
    }
  }
}

function nothing(): void {}
