import { Messages, maximumDatagramBytes, type SocketAddresses } from "@tandem/sockets";

/** Datagrams that one system call takes. */
export const batchSize = 16;

/** What all sockets of one family receive into and send from; nothing is made anew for a datagram. */
export class DatagramMemory {
  readonly incoming: Messages;
  readonly outgoing: Messages;
  /** Incoming datagram n begins at n * {@link maximumDatagramBytes}. */
  readonly incomingBytes: Buffer = Buffer.allocUnsafeSlow(batchSize * maximumDatagramBytes);
  readonly outgoingBytes: Buffer = Buffer.allocUnsafeSlow(maximumDatagramBytes);

  /** @param pointerTo where a buffer's bytes are */
  constructor(pointerTo: (buffer: Buffer) => bigint, addresses: SocketAddresses) {
    this.incoming = new Messages(pointerTo, addresses, this.incomingBytes, batchSize);
    this.outgoing = new Messages(pointerTo, addresses, this.outgoingBytes);
  }

  /**
   * What is sent next. False: `address` is no numeric address of this family.
   *
   * @param text latin1, at most {@link maximumDatagramBytes} long
   */
  write(text: string, address: string, port: number): boolean {
    this.outgoingBytes.write(text, 0, "latin1");
    return this.outgoing.direct(text.length, address, port);
  }
}
