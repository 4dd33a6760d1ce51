import type { Clock, Timer } from "@tandem/clock";

export interface SuccessRetransmissionUser {
  /** Send the 2xx once more. */
  retransmitSuccess(): void;
  /** 64*T1 have gone by without an ACK: the TU ends the dialog (RFC 3261 §13.3.1.4). */
  onNoAck(): void;
}

/**
 * Retransmission of a 2xx to INVITE by the UAS core until its ACK comes (RFC 3261 §13.3.1.4): after T1, then doubling
 * up to T2, on every transport, for 64*T1 in all.
 *
 *   running ──acknowledged──▶ stopped        running ──64*T1──▶ stopped (onNoAck)
 */
export class SuccessRetransmission {
  readonly #clock: Clock;
  readonly #user: SuccessRetransmissionUser;
  readonly #t2Ms: number;
  readonly #giveUpAtMs: number;
  #intervalMs: number;
  #timer: Timer | undefined;

  constructor(clock: Clock, timers: { t1Ms: number; t2Ms: number }, user: SuccessRetransmissionUser) {
    this.#clock = clock;
    this.#user = user;
    this.#t2Ms = timers.t2Ms;
    this.#intervalMs = timers.t1Ms;
    this.#giveUpAtMs = clock.monotonicMs() + 64 * timers.t1Ms;
    this.#arm();
  }

  /** The ACK has come, or the dialog ended otherwise. Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    const leftMs = this.#giveUpAtMs - this.#clock.monotonicMs();
    this.#timer = this.#clock.schedule(Math.min(this.#intervalMs, leftMs), onTimer, this);
  }

  /** @internal */
  expire(): void {
    if (this.#clock.monotonicMs() >= this.#giveUpAtMs) {
      this.#user.onNoAck();
      return;
    }
    this.#user.retransmitSuccess();
    this.#intervalMs = Math.min(this.#intervalMs * 2, this.#t2Ms);
    this.#arm();
  }
}

function onTimer(retransmission: SuccessRetransmission): void {
  retransmission.expire();
}
