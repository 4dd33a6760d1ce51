import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type ApiFault, toFault } from "../api/api-fault.ts";
import { everyMs } from "./time.ts";

/** Data of an element: read when it is shown, again every `refreshMs` (0: never), until it is gone. */
export class Loaded<T> implements ReactiveController {
  /** The newest; undefined until there is some. It stays when a later reading fails. */
  value: T | undefined;
  /** Why the last reading failed. */
  fault: ApiFault | undefined;
  readonly #host: ReactiveControllerHost;
  readonly #read: () => Promise<T>;
  readonly #refreshMs: number;
  #stop: (() => void) | undefined;
  /** Counts readings: an answer that comes after a newer question is not wanted. */
  #reading = 0;

  constructor(host: ReactiveControllerHost, read: () => Promise<T>, refreshMs = 0) {
    this.#host = host;
    this.#read = read;
    this.#refreshMs = refreshMs;
    host.addController(this);
  }

  hostConnected(): void {
    void this.reload();
    if (this.#refreshMs > 0) this.#stop = everyMs(this.#refreshMs, () => void this.reload());
  }

  hostDisconnected(): void {
    this.#reading += 1;
    this.#stop?.();
  }

  /** Never throws: what went wrong stands in `fault`. */
  async reload(): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    try {
      const value = await this.#read();
      if (reading !== this.#reading) return;
      this.value = value;
      this.fault = undefined;
    } catch (thrown) {
      if (reading !== this.#reading) return;
      this.fault = toFault(thrown);
    }
    this.#host.requestUpdate();
  }
}
