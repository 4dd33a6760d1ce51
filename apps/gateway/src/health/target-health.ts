import type { AttemptSignal } from "@tandem/b2bua";
import type { Clock } from "@tandem/clock";
import type { HealthView } from "@tandem/routing";

/** Consecutive calls without any response after which a target counts as down. */
export const silentCallsUntilDown = 2;
/** Consecutive unanswered probes after which a target that used to answer them counts as down. */
export const silentProbesUntilDown = 2;
/** A target that calls found dead, and that no probe can bring back, is tried again after this. */
export const downForMs = 30_000;
/** Longest Retry-After that is believed. */
export const longestRetryAfterSeconds = 3600;

interface State {
  hasAnsweredProbe: boolean;
  silentCalls: number;
  silentProbes: number;
  /** Monotonic; 0: up as far as we know. Infinity: until a probe is answered. */
  downUntilMs: number;
  reason: string;
  /** Monotonic; end of the time that a 503 asked for. Nothing but time shortens it. */
  busyUntilMs: number;
  retryAfterSeconds: number;
  hasAnswered: boolean;
}

/**
 * What calls and probes told about each target, by candidate SID.
 *
 * Any response but 408 and 503 means alive. A refused connection counts at once, silence after the second call.
 * `Retry-After` of a 503 holds as long as it says. A target that has never answered a probe is judged by calls only.
 */
export class TargetHealthTable implements HealthView {
  readonly #clock: Clock;
  readonly #states = new Map<string, State>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  stateOf(candidateSid: string): { readonly isDown: boolean; readonly reason: string } {
    const state = this.#states.get(candidateSid);
    if (state === undefined) return up;
    const now = this.#clock.monotonicMs();
    if (state.downUntilMs > now) return { isDown: true, reason: state.reason };
    if (state.busyUntilMs <= now) return up;
    return { isDown: true, reason: `answered 503 with Retry-After ${state.retryAfterSeconds}` };
  }

  /** `unknown` until anything was heard of it. */
  describe(candidateSid: string): {
    readonly state: "up" | "down" | "unknown";
    readonly reason: string | null;
  } {
    const { isDown, reason } = this.stateOf(candidateSid);
    if (isDown) return { state: "down", reason };
    return { state: this.#states.get(candidateSid)?.hasAnswered === true ? "up" : "unknown", reason: null };
  }

  /** How an attempt of a call ended. */
  onAttempt(signal: AttemptSignal): void {
    const state = this.#state(signal.candidate.sid);
    if (signal.failure === "transport-error") {
      this.#down(state, "could not be reached by the last call");
    } else if (signal.failure === "timeout") {
      state.silentCalls += 1;
      if (state.silentCalls >= silentCallsUntilDown) this.#down(state, "did not answer the last calls");
    } else if (signal.statusCode === 503 && signal.retryAfterSeconds !== undefined) {
      const seconds = Math.min(signal.retryAfterSeconds, longestRetryAfterSeconds);
      state.busyUntilMs = this.#clock.monotonicMs() + seconds * 1000;
      state.retryAfterSeconds = seconds;
    } else if (isAlive(signal.statusCode)) {
      this.#alive(state);
    }
  }

  /** How an OPTIONS probe ended; undefined: no response. */
  onProbe(candidateSid: string, statusCode: number | undefined): void {
    const state = this.#state(candidateSid);
    if (isAlive(statusCode)) {
      state.hasAnsweredProbe = true;
      this.#alive(state);
      return;
    }
    state.silentProbes += 1;
    if (!state.hasAnsweredProbe || state.silentProbes < silentProbesUntilDown) return;
    state.downUntilMs = Number.POSITIVE_INFINITY;
    state.reason =
      statusCode === undefined ? "does not answer OPTIONS" : `answers OPTIONS with ${statusCode}`;
  }

  /** Forgets targets that are configured no more. */
  retain(candidateSids: ReadonlySet<string>): void {
    for (const sid of this.#states.keys()) if (!candidateSids.has(sid)) this.#states.delete(sid);
  }

  #state(sid: string): State {
    const known = this.#states.get(sid);
    if (known !== undefined) return known;
    const state: State = {
      hasAnsweredProbe: false,
      silentCalls: 0,
      silentProbes: 0,
      downUntilMs: 0,
      reason: "",
      busyUntilMs: 0,
      retryAfterSeconds: 0,
      hasAnswered: false,
    };
    this.#states.set(sid, state);
    return state;
  }

  #down(state: State, reason: string): void {
    state.downUntilMs = state.hasAnsweredProbe
      ? Number.POSITIVE_INFINITY
      : this.#clock.monotonicMs() + downForMs;
    state.reason = reason;
  }

  #alive(state: State): void {
    state.silentCalls = 0;
    state.silentProbes = 0;
    state.downUntilMs = 0;
    state.hasAnswered = true;
  }
}

const up = { isDown: false, reason: "" };

function isAlive(statusCode: number | undefined): boolean {
  return statusCode !== undefined && statusCode !== 408 && statusCode !== 503;
}
