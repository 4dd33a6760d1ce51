import type { Clock, Timer } from "@tandem/clock";

/** What keep-alives need of their connection. */
export interface KeepAliveOptions {
  readonly clock: Clock;
  readonly pingIntervalMs: number;
  readonly pongTimeoutMs: number;
  readonly sendPing: () => void;
  readonly onDead: () => void;
}

/**
 * Pings of an outgoing connection (RFC 5626 §3.5.1): a double CRLF every interval. Silence counts as death only
 * for a peer that has ever answered, since peers without RFC 5626 never do.
 */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #pingTimer: Timer | undefined;
  #pongTimer: Timer | undefined;
  #hasEverPonged = false;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  start(): void {
    this.#pingTimer = this.#options.clock.schedule(this.#options.pingIntervalMs, ping, this);
  }

  ping(): void {
    this.start();
    this.#options.sendPing();
    if (!this.#hasEverPonged || this.#pongTimer?.isPending === true) return;
    this.#pongTimer = this.#options.clock.schedule(
      this.#options.pongTimeoutMs,
      this.#options.onDead,
      undefined,
    );
  }

  onPong(): void {
    this.#hasEverPonged = true;
    this.#pongTimer?.cancel();
    this.#pongTimer = undefined;
  }

  stop(): void {
    this.#pingTimer?.cancel();
    this.#pongTimer?.cancel();
  }
}

function ping(keepAlive: KeepAlive): void {
  keepAlive.ping();
}
