import type { Clock, Timer } from "@tandem/clock";

/** No target is asked more often while it answers: many SBCs ban who does. */
export const shortestProbeIntervalSeconds = 15;
/** A target that has answered before and does not is asked again so soon; then twice as late each time, up to the interval. */
export const firstRetryMs = 2000;
/** A target of which there is news is asked within this time. */
export const hurryMs = 500;

export interface ProbeScheduleOptions {
  readonly clock: Clock;
  readonly intervalSeconds: number;
  /** 0 to 1; spreads the probes. */
  readonly random: () => number;
  readonly onDue: (sid: string) => void;
}

interface Entry {
  timer: Timer;
  /** Monotonic. */
  dueMs: number;
  hasAnswered: boolean;
  retryMs: number;
}

/** When each target is asked next: once per interval, sooner after it has fallen silent. */
export class ProbeSchedule {
  readonly #options: ProbeScheduleOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ProbeScheduleOptions) {
    this.#options = options;
  }

  /** Replaces the targets; those that stay keep their moment. */
  setTargets(sids: ReadonlySet<string>): void {
    for (const sid of this.#entries.keys()) if (!sids.has(sid)) this.remove(sid);
    for (const sid of sids) this.add(sid);
  }

  /** One that is there keeps its moment. */
  add(sid: string): void {
    if (!this.#entries.has(sid)) this.#add(sid, this.#options.random() * this.#intervalMs);
  }

  remove(sid: string): void {
    this.#entries.get(sid)?.timer.cancel();
    this.#entries.delete(sid);
  }

  /** The target is being asked: its next moment. */
  next(sid: string): void {
    this.#move(sid, this.#intervalMs * (0.9 + this.#options.random() * 0.2));
  }

  onAnswered(sid: string): void {
    const entry = this.#entries.get(sid);
    if (entry === undefined) return;
    entry.hasAnswered = true;
    entry.retryMs = firstRetryMs;
  }

  /** One that never answered OPTIONS is not pressed. */
  onUnanswered(sid: string): void {
    const entry = this.#entries.get(sid);
    if (entry?.hasAnswered !== true) return;
    this.#advance(sid, entry.retryMs);
    entry.retryMs = Math.min(entry.retryMs * 2, this.#intervalMs);
  }

  hurry(sid: string): void {
    if (this.#entries.get(sid)?.hasAnswered === true) this.#advance(sid, this.#options.random() * hurryMs);
  }

  get #intervalMs(): number {
    return Math.max(this.#options.intervalSeconds, shortestProbeIntervalSeconds) * 1000;
  }

  #add(sid: string, delayMs: number): void {
    this.#entries.set(sid, { ...this.#timed(sid, delayMs), hasAnswered: false, retryMs: firstRetryMs });
  }

  /** Never later than it was to come. */
  #advance(sid: string, delayMs: number): void {
    const entry = this.#entries.get(sid);
    if (entry !== undefined && entry.dueMs > this.#options.clock.monotonicMs() + delayMs)
      this.#move(sid, delayMs);
  }

  #move(sid: string, delayMs: number): void {
    const entry = this.#entries.get(sid);
    if (entry === undefined) return;
    entry.timer.cancel();
    Object.assign(entry, this.#timed(sid, delayMs));
  }

  #timed(sid: string, delayMs: number): Pick<Entry, "timer" | "dueMs"> {
    const { clock, onDue } = this.#options;
    return {
      timer: clock.schedule(delayMs, () => onDue(sid), undefined),
      dueMs: clock.monotonicMs() + delayMs,
    };
  }
}
