import { createSocket, type Socket } from "node:dgram";

/** Chunk of HEP3 that joins the messages of a call. */
const correlationChunk = 0x11;
const payloadChunk = 0x0f;

/** A SIP message as a gateway told it. */
export interface CollectedMessage {
  readonly text: string;
  readonly correlationId: string | undefined;
}

/** Takes what gateways trace by HEP3, keeps it, and hands it on to another collector, as it came. */
export class HepCollector {
  readonly messages: CollectedMessage[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket, next: { readonly address: string; readonly port: number }) {
    this.#socket = socket;
    socket.on("message", (packet) => {
      this.messages.push(messageIn(packet));
      socket.send(packet, next.port, next.address);
    });
  }

  static open(
    at: { readonly address: string; readonly port: number },
    next: { readonly address: string; readonly port: number },
  ): Promise<HepCollector> {
    const socket = createSocket("udp4");
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(at.port, at.address, () => resolve(new HepCollector(socket, next)));
    });
  }

  close(): void {
    this.#socket.close();
  }
}

function messageIn(packet: Buffer): CollectedMessage {
  let text = "";
  let correlationId: string | undefined;
  for (let at = "HEP3".length + 2; at + 6 <= packet.length; at += packet.readUInt16BE(at + 4)) {
    const type = packet.readUInt16BE(at + 2);
    const value = packet.toString("latin1", at + 6, at + packet.readUInt16BE(at + 4));
    if (type === correlationChunk) correlationId = value;
    if (type === payloadChunk) text = value;
  }
  return { text, correlationId };
}
