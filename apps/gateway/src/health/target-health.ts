import type { AttemptSignal } from "@tandem/b2bua";
import type { Clock } from "@tandem/clock";
import type { Path } from "@tandem/sip/user-agent";

/** Consecutive calls without any response after which a target counts as down. */
export const silentCallsUntilDown = 2;
/** Consecutive unanswered probes after which a target that used to answer them counts as down. */
export const silentProbesUntilDown = 2;
/** A target that calls found dead, and that no probe can bring back, is tried again after this. */
export const downForMs = 30_000;
/** Longest Retry-After that is believed. */
export const longestRetryAfterSeconds = 3600;

/** One way to one target. The same URL by a line, by another line and over the internet are three. */
export interface TargetPath {
  /** Of the origination URL or the carrier gateway. */
  readonly sid: string;
  /** What is located, with the transport that it names. */
  readonly uri: string;
  readonly edge: string | undefined;
  readonly path: Path;
}

export interface TargetVerdict {
  readonly isDown: boolean;
  readonly reason: string;
}

/** As it is reported. */
export interface DescribedTarget {
  readonly path: Path;
  readonly state: "up" | "down" | "unknown";
  readonly reason: string | null;
}

interface State {
  readonly target: TargetPath;
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
 * What calls and probes told about each target on each of its ways.
 *
 * Any response but 408 and 503 means alive. A refused connection counts at once, silence after the second call.
 * `Retry-After` of a 503 holds as long as it says. A target that has never answered a probe is judged by calls only.
 */
export class TargetHealthTable {
  readonly #clock: Clock;
  readonly #states = new Map<string, State>();
  /** The ways of each target. */
  readonly #byTarget = new Map<string, State[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  stateOf(target: TargetPath): TargetVerdict {
    const state = this.#states.get(keyOf(target));
    return state === undefined ? up : this.#verdict(state);
  }

  /** Whether anything was ever heard of that target by that way. */
  knows(target: TargetPath): boolean {
    return this.#states.has(keyOf(target));
  }

  /** Every way to a target that something was heard of; `unknown` until it answered once. */
  describe(target: Pick<TargetPath, "sid" | "uri">): readonly DescribedTarget[] {
    return (this.#byTarget.get(targetKey(target)) ?? []).map((state) => {
      const { isDown, reason } = this.#verdict(state);
      const { path } = state.target;
      if (isDown) return { path, state: "down", reason };
      return { path, state: state.hasAnswered ? "up" : "unknown", reason: null };
    });
  }

  /** Ways to targets by state; `unknown`: never answered yet. */
  counts(): Record<DescribedTarget["state"], number> {
    const counts = { up: 0, down: 0, unknown: 0 };
    for (const state of this.#states.values()) {
      if (this.#verdict(state).isDown) counts.down += 1;
      else if (state.hasAnswered) counts.up += 1;
      else counts.unknown += 1;
    }
    return counts;
  }

  /** How an attempt of a call ended. One that found no address says nothing about any way. */
  onAttempt(signal: AttemptSignal): void {
    const { candidate, path } = signal;
    if (path === undefined) return;
    const { sid, nextHop: uri, edge } = candidate;
    const state = this.#state({ sid, uri, edge, path });
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
  onProbe(target: TargetPath, statusCode: number | undefined): void {
    const state = this.#state(target);
    if (isAlive(statusCode)) {
      state.hasAnsweredProbe = true;
      state.hasAnswered = true;
      state.silentProbes = 0;
      // What answers OPTIONS may still be deaf to calls: silent ones go on counting, until they were too many.
      if (state.downUntilMs !== 0) this.#alive(state);
      return;
    }
    state.silentProbes += 1;
    if (!state.hasAnsweredProbe || state.silentProbes < silentProbesUntilDown) return;
    state.downUntilMs = Number.POSITIVE_INFINITY;
    state.reason =
      statusCode === undefined ? "does not answer OPTIONS" : `answers OPTIONS with ${statusCode}`;
  }

  /** A line is back: what its targets did while it was away says nothing about them. */
  forgive(connectionSid: string): void {
    for (const state of this.#states.values()) {
      if (state.target.path.connection !== connectionSid) continue;
      state.silentCalls = 0;
      state.silentProbes = 0;
      state.downUntilMs = 0;
    }
  }

  /** Forgets targets that are configured no more. */
  retain(targets: readonly Pick<TargetPath, "sid" | "uri">[]): void {
    const kept = new Set(targets.map(targetKey));
    for (const [key, states] of this.#byTarget) {
      if (!kept.has(key)) this.#forget(key, states);
    }
  }

  /** That target is no more, or is called at another place now. */
  forget(target: Pick<TargetPath, "sid" | "uri">): void {
    const key = targetKey(target);
    this.#forget(key, this.#byTarget.get(key) ?? []);
  }

  #forget(key: string, states: readonly State[]): void {
    this.#byTarget.delete(key);
    for (const { target } of states) this.#states.delete(keyOf(target));
  }

  #verdict(state: State): TargetVerdict {
    const now = this.#clock.monotonicMs();
    if (state.downUntilMs > now) return { isDown: true, reason: state.reason };
    if (state.busyUntilMs <= now) return up;
    return { isDown: true, reason: `answered 503 with Retry-After ${state.retryAfterSeconds}` };
  }

  #state(target: TargetPath): State {
    const key = keyOf(target);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state: State = {
      target,
      hasAnsweredProbe: false,
      silentCalls: 0,
      silentProbes: 0,
      downUntilMs: 0,
      reason: "",
      busyUntilMs: 0,
      retryAfterSeconds: 0,
      hasAnswered: false,
    };
    this.#states.set(key, state);
    const ways = this.#byTarget.get(targetKey(target));
    if (ways === undefined) this.#byTarget.set(targetKey(target), [state]);
    else ways.push(state);
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

const up: TargetVerdict = { isDown: false, reason: "" };

function targetKey({ sid, uri }: Pick<TargetPath, "sid" | "uri">): string {
  return `${sid}|${uri}`;
}

function keyOf(target: TargetPath): string {
  const { edge = "", path } = target;
  return `${targetKey(target)}|${edge}|${path.interfaceName}|${path.connection ?? ""}`;
}

function isAlive(statusCode: number | undefined): boolean {
  return statusCode !== undefined && statusCode !== 408 && statusCode !== 503;
}
