import type { MessageCalls } from "./message-calls.ts";
import { Messages, maximumDatagramBytes } from "./messages.ts";
import type { PacketMemory } from "./packet-memory.ts";
import type { SocketAddresses } from "./socket-address.ts";

/** Where the packets of all families lie: a call may come by one of them and go by another. */
export interface PacketRoom {
  readonly incoming: PacketMemory;
  readonly outgoing: PacketMemory;
}

/** What all packet sockets of one family receive into and send from. */
export class PacketLane {
  /** What came last. */
  readonly incoming: Messages;
  readonly #calls: MessageCalls;
  readonly #room: PacketRoom;
  /** Sends what has come in, from where it lies. */
  readonly #passing: Messages;
  /** Sends anything else. */
  readonly #outgoing: Messages;

  constructor(calls: MessageCalls, room: PacketRoom, addresses: SocketAddresses) {
    this.#calls = calls;
    this.#room = room;
    this.incoming = new Messages(calls.pointerTo, addresses, room.incoming.bytes);
    this.#passing = new Messages(calls.pointerTo, addresses, room.incoming.bytes);
    this.#outgoing = new Messages(calls.pointerTo, addresses, room.outgoing.bytes);
  }

  /** The next packet of a socket, or undefined; `incoming` tells from where. It is the next one's when this is called again. */
  receive(descriptor: number): Buffer | undefined {
    const length = this.#calls.receive(descriptor, this.incoming.pointer);
    return length < 0 ? undefined : this.#room.incoming.view(length);
  }

  /** False: it was not taken. */
  send(descriptor: number, data: Buffer, address: string, port: number): boolean {
    const { length } = data;
    if (length > maximumDatagramBytes) return false;
    const isPassing = data === this.#room.incoming.view(length);
    const message = isPassing ? this.#passing : this.#outgoing;
    if (!message.direct(length, address, port)) return false;
    if (!isPassing) data.copy(this.#room.outgoing.bytes);
    return this.#calls.send(descriptor, message.pointer) >= 0;
  }
}
