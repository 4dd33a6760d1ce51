import type { Socket } from "node:net";
import type { Clock, Timer } from "@tandem/clock";
import { serverLimits as limits } from "./limits.ts";

/** Bytes of the length in front of each message. RFC 1035 §4.2.2. */
const lengthBytes = 2;

/**
 * One client over TCP: as many questions as it likes, behind each other without waiting (RFC 7766 §6.2.1.1), answered in
 * order. Open → closed: by the client, by silence, by a question above the limit. A client that does not take its answers
 * is not read any more, and silence ends it.
 */
export class TcpConnection {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #answer: (bytes: Buffer) => Buffer | undefined;
  #received: Buffer = Buffer.alloc(0);
  #idle: Timer;

  constructor(socket: Socket, clock: Clock, answer: (bytes: Buffer) => Buffer | undefined) {
    this.#socket = socket;
    this.#clock = clock;
    this.#answer = answer;
    this.#idle = this.#armedIdle();
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#work();
    });
    socket.on("drain", () => {
      socket.resume();
      this.#work();
    });
    // "close" follows.
    socket.on("error", () => undefined);
    socket.once("close", () => this.#idle.cancel());
  }

  close(): void {
    this.#socket.destroy();
  }

  #work(): void {
    for (;;) {
      if (this.#socket.destroyed) return;
      if (this.#socket.writableLength > limits.maximumUnsentBytes) {
        this.#socket.pause();
        return;
      }
      const question = this.#nextQuestion();
      if (question === undefined) return;
      this.#idle.cancel();
      this.#idle = this.#armedIdle();
      const answer = this.#answer(question);
      if (answer === undefined) {
        this.close();
        return;
      }
      this.#socket.write(withLength(answer));
    }
  }

  #nextQuestion(): Buffer | undefined {
    if (this.#received.length < lengthBytes) return undefined;
    const length = this.#received.readUInt16BE(0);
    if (length > limits.maximumQuestionBytes) {
      this.close();
      return undefined;
    }
    const end = lengthBytes + length;
    if (this.#received.length < end) return undefined;
    const question = this.#received.subarray(lengthBytes, end);
    this.#received = this.#received.subarray(end);
    return question;
  }

  #armedIdle(): Timer {
    return this.#clock.schedule(limits.connectionIdleMs, (socket: Socket) => socket.destroy(), this.#socket);
  }
}

function withLength(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(lengthBytes + message.length);
  framed.writeUInt16BE(message.length);
  message.copy(framed, lengthBytes);
  return framed;
}
