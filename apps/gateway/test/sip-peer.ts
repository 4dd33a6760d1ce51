/** A far end over a real UDP socket: says what the test says, and keeps what it hears. */
import assert from "node:assert/strict";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { setTimeout as delay } from "node:timers/promises";

export interface Heard {
  readonly text: string;
  readonly from: RemoteInfo;
}

/** Generous: only a failing test waits this long. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 5) {
    assert.ok(waitedMs < 60_000, `still waiting until ${what}`);
    await delay(5);
  }
}

export class SipPeer {
  readonly heard: Heard[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (data, from) => this.heard.push({ text: data.toString("latin1"), from }));
  }

  static async open(address: string, port = 0): Promise<SipPeer> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, address, resolve);
    });
    return new SipPeer(socket);
  }

  get address(): string {
    return this.#socket.address().address;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(text: string, port: number, address: string): void {
    this.#socket.send(Buffer.from(text, "latin1"), port, address);
  }

  /** Sends to where a message came from. */
  reply(to: Heard, text: string): void {
    this.send(text, to.from.port, to.from.address);
  }

  /** The next message that begins so; others before it are passed over. */
  async next(start: string, callId?: string): Promise<Heard> {
    const isIt = ({ text }: Heard): boolean =>
      text.startsWith(start) && (callId === undefined || text.includes(`Call-ID: ${callId}\r\n`));
    await until(`${this.address} hears ${start}`, () => this.heard.some(isIt));
    const index = this.heard.findIndex(isIt);
    const [found] = this.heard.splice(0, index + 1).slice(-1);
    assert.ok(found !== undefined);
    return found;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}
