import type { Clock, Timer } from "@tandem/clock";
import type { HeaderFields, SipRequest, SipResponse } from "@tandem/sip/message";
import {
  agreementFor,
  agreementIn,
  type SessionAgreement,
  type SessionPolicy,
  sessionLimits,
} from "./session-interval.ts";

export interface SessionTimerUser {
  /** We are the refresher, and half of the interval is over; or an earlier refresh is to be tried again. */
  onRefreshDue(timer: SessionTimer): void;
  /** Nobody refreshed the session: the call is over (RFC 4028 §10). */
  onSessionExpired(timer: SessionTimer): void;
}

/** Plain JSON: what a restarted gateway needs to go on refreshing. */
export interface SessionTimerJournal {
  readonly intervalSeconds: number;
  readonly weRefresh: boolean;
  readonly isPeerAware: boolean;
  readonly minSeSeconds: number;
  readonly allowsUpdate: boolean;
  /** Wall clock, Unix ms. */
  readonly refreshedAtMs: number;
}

/** After a restart refreshes of all calls would come due at once: they are spread over so long. */
const adoptionSpreadMs = 10_000;
/** A refresh that failed is tried again no sooner. */
const shortestRetryMs = 10_000;

/**
 * The session timer of one leg (RFC 4028).
 *
 *   off ──agreed──▶ waiting ──half of the interval, we refresh──▶ due ──refreshed──▶ waiting
 *                   waiting, due ──end of the interval less the grace──▶ expired
 *                   any ──2xx without Session-Expires, stop()──▶ off
 */
export class SessionTimer {
  /** Whether the peer takes UPDATE: set by who has seen its Allow. */
  allowsUpdate = false;
  readonly #clock: Clock;
  readonly #policy: SessionPolicy;
  readonly #user: SessionTimerUser;
  #agreement: SessionAgreement | undefined;
  /** The highest Min-SE that the peer named. */
  #minSeSeconds: number;
  #timer: Timer | undefined;
  #isDue = false;
  #refreshedAtMs = 0;
  #expiresAtMs = 0;

  constructor(clock: Clock, policy: SessionPolicy, user: SessionTimerUser) {
    this.#clock = clock;
    this.#policy = policy;
    this.#user = user;
    this.#minSeSeconds = policy.minimumSeconds;
  }

  get agreement(): SessionAgreement | undefined {
    return this.#agreement;
  }

  /** A request of the peer that we are going to answer with 2xx: agrees, and counts from now. */
  accept(request: SipRequest): void {
    this.#agree(agreementFor(request, this.#policy, this.#agreement?.weRefresh === true));
  }

  /** Session-Expires for our 2xx to the request accepted last (RFC 4028 §9). */
  fillAnswer(fields: HeaderFields): void {
    const agreement = this.#agreement;
    if (agreement === undefined) return;
    const { intervalSeconds, weRefresh, isPeerAware } = agreement;
    fields.append("Session-Expires", `${intervalSeconds};refresher=${weRefresh ? "uas" : "uac"}`);
    if (isPeerAware) fields.append("Require", "timer");
  }

  /** Session-Expires for a request of ours: without it a 2xx would end the timer (RFC 4028 §7.4). */
  fillRequest(fields: HeaderFields): void {
    const agreement = this.#agreement;
    if (agreement === undefined) return;
    const { intervalSeconds, weRefresh } = agreement;
    const seconds = Math.max(intervalSeconds, this.#minSeSeconds);
    fields.append("Session-Expires", `${seconds};refresher=${weRefresh ? "uac" : "uas"}`);
    fields.append("Min-SE", String(this.#minSeSeconds));
  }

  /** The 2xx to a request of ours: agrees, and counts from now. */
  onSuccess(response: SipResponse): void {
    this.#agree(agreementIn(response));
  }

  /** A 422 named a Min-SE; false when ours was as high already. */
  raise(minSeSeconds: number): boolean {
    if (minSeSeconds <= this.#minSeSeconds || minSeSeconds > sessionLimits.longestSeconds) return false;
    this.#minSeSeconds = minSeSeconds;
    return true;
  }

  /** A refresh failed: it is due again after `delayMs`, or after half of what is left. */
  retry(delayMs?: number): void {
    if (this.#agreement === undefined) return;
    const leftMs = this.#expiresAtMs - this.#clock.monotonicMs();
    const waitMs = delayMs ?? Math.max(leftMs / 2, shortestRetryMs);
    if (waitMs < leftMs) this.#arm(waitMs, true);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#agreement = undefined;
  }

  toJournal(): SessionTimerJournal | undefined {
    if (this.#agreement === undefined) return undefined;
    const agoMs = this.#clock.monotonicMs() - this.#refreshedAtMs;
    return {
      ...this.#agreement,
      minSeSeconds: this.#minSeSeconds,
      allowsUpdate: this.allowsUpdate,
      refreshedAtMs: this.#clock.wallMs() - agoMs,
    };
  }

  /** Goes on where an earlier process left off. `random` is 0 to 1. */
  adopt(journal: SessionTimerJournal, random: number): void {
    const { intervalSeconds, weRefresh, isPeerAware } = journal;
    this.allowsUpdate = journal.allowsUpdate;
    this.#minSeSeconds = journal.minSeSeconds;
    const agoMs = Math.max(0, this.#clock.wallMs() - journal.refreshedAtMs);
    this.#agree({ intervalSeconds, weRefresh, isPeerAware }, agoMs);
    const intervalMs = intervalSeconds * 1000;
    if (weRefresh) this.#arm(Math.max(intervalMs / 2 - agoMs, 0) + random * adoptionSpreadMs, true);
    // Whoever refreshes may have tried while nobody listened.
    else this.#armExpiry(this.#clock.monotonicMs(), intervalMs);
  }

  /** @internal */
  expire(): void {
    this.#timer = undefined;
    const nowMs = this.#clock.monotonicMs();
    if (!this.#isDue || nowMs >= this.#expiresAtMs) {
      this.#user.onSessionExpired(this);
      return;
    }
    this.#arm(this.#expiresAtMs - nowMs, false);
    this.#user.onRefreshDue(this);
  }

  #agree(agreement: SessionAgreement | undefined, agoMs = 0): void {
    this.stop();
    if (agreement === undefined) return;
    this.#agreement = agreement;
    const nowMs = this.#clock.monotonicMs();
    const intervalMs = agreement.intervalSeconds * 1000;
    this.#refreshedAtMs = nowMs - agoMs;
    this.#armExpiry(nowMs, intervalMs);
    if (agreement.weRefresh) this.#arm(intervalMs / 2, true);
  }

  #armExpiry(nowMs: number, intervalMs: number): void {
    const graceMs = Math.min(sessionLimits.graceSeconds * 1000, intervalMs / 3);
    this.#expiresAtMs = nowMs + intervalMs - graceMs;
    this.#arm(intervalMs - graceMs, false);
  }

  #arm(delayMs: number, isDue: boolean): void {
    this.#timer?.cancel();
    this.#isDue = isDue;
    this.#timer = this.#clock.schedule(delayMs, onTimer, this);
  }
}

function onTimer(timer: SessionTimer): void {
  timer.expire();
}
