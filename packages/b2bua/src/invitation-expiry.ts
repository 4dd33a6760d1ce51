import type { Clock, Timer } from "@tandem/clock";
import { parseExpires, type SipRequest } from "@tandem/sip/message";

export interface InvitationExpiryUser {
  onInvitationExpired(): void;
}

/**
 * How long the caller's INVITE is good for (RFC 3261 §13.3.1). One without a readable Expires is good for as long as our own
 * timers let it ring.
 *
 *   new ──start()──▶ running ──its time has come──▶ expired          running ──stop()──▶ stopped
 */
export class InvitationExpiry {
  readonly #clock: Clock;
  readonly #user: InvitationExpiryUser;
  readonly #seconds: number | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, invite: SipRequest, user: InvitationExpiryUser) {
    this.#clock = clock;
    this.#user = user;
    const value = invite.value("Expires");
    const expires = value === undefined ? undefined : parseExpires(value);
    this.#seconds = expires?.ok === true ? expires.value : undefined;
  }

  /** `Expires: 0`: nobody is to be asked any more. */
  get isOverAtOnce(): boolean {
    return this.#seconds === 0;
  }

  start(): void {
    if (this.#seconds !== undefined)
      this.#timer = this.#clock.schedule(this.#seconds * 1000, expired, this.#user);
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

function expired(user: InvitationExpiryUser): void {
  user.onInvitationExpired();
}
