import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** A socket for tests: what is written is kept, what is received is given by hand, at once. */
export class FakeSocket extends Duplex {
  readonly remoteAddress = "198.51.100.7";
  readonly remotePort = 40000;
  readonly localAddress = "192.0.2.1";
  readonly localPort = 5060;
  /** While true nothing is taken: a peer that does not read. */
  isStuck = false;
  wasDestroyedSoon = false;
  /** Nagle's algorithm is off. */
  hasNoDelay = false;
  #written = "";
  #stuckWrite: ((error: Error) => void) | undefined;

  asSocket(): Socket {
    return this as unknown as Socket;
  }

  takeWritten(): string {
    const written = this.#written;
    this.#written = "";
    return written;
  }

  receive(text: string): void {
    this.emit("data", Buffer.from(text, "latin1"));
  }

  setNoDelay(): this {
    this.hasNoDelay = true;
    return this;
  }

  /** The peer reads again. */
  takeStuck(): void {
    const taken = this.#stuckWrite as (() => void) | undefined;
    this.#stuckWrite = undefined;
    this.isStuck = false;
    taken?.();
  }

  destroySoon(): void {
    this.wasDestroyedSoon = true;
    if (this.writableLength === 0) this.destroy();
    else this.end(() => this.destroy());
  }

  /** As the kernel does: what is under way is cancelled. */
  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.#stuckWrite !== undefined) process.nextTick(this.#stuckWrite, new Error("cancelled"));
    callback(error);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error) => void): void {
    if (this.isStuck) {
      this.#stuckWrite = callback;
      return;
    }
    this.#written += chunk.toString("latin1");
    callback();
  }
}
