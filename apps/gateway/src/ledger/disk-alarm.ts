import type { Clock } from "@tandem/clock";
import { type Reason, reasons } from "@tandem/reasons";

/** A disk that is full, has room for a moment and is full again is one story. */
export const quietMs = 60_000;

export interface AlarmWays {
  /** Puts an alert into the outbox, from where it comes to control when the disk takes it; gives its text. */
  readonly raise: (reason: Reason, text: string) => string;
  /** Brings the alert to control now, past the disk. */
  tell(alertText: string): void;
}

export interface AlarmLog {
  info(event: string, fields: Record<string, unknown>): void;
  error(event: string, fields: Record<string, unknown>): void;
}

/**
 * Says that the disk refuses journal and outbox: at once in the log, and as alerts to control, once in `quietMs` at most. The same
 * alert goes both ways, and control keeps one of each SID.
 */
export class DiskAlarm {
  readonly #clock: Clock;
  readonly #log: AlarmLog;
  #ways: AlarmWays | undefined;
  #error: string | undefined;
  /** Of the last alerts. */
  #texts: readonly string[] = [];
  #raisedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, log: AlarmLog) {
    this.#clock = clock;
    this.#log = log;
  }

  /** From here on there is somebody to raise it with; what came before is raised now. */
  follow(ways: AlarmWays): void {
    this.#ways = ways;
    this.#raise();
  }

  /** Control may not have heard of it: it was away, or the disk was full before the stream was open. */
  onConnected(): void {
    if (this.#error !== undefined) this.#tell();
  }

  /** @param lost operations that were given up since the start, because too many waited for the disk */
  onDegraded(isDegraded: boolean, error: string | undefined, lost: number): void {
    this.#error = isDegraded ? (error ?? "the disk refuses") : undefined;
    if (isDegraded) this.#log.error("ledger-degraded", { error: this.#error, lost });
    else this.#log.info("ledger-recovered", { lost });
    this.#raise();
  }

  #raise(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#error === undefined || this.#ways === undefined || nowMs - this.#raisedAtMs < quietMs) return;
    this.#raisedAtMs = nowMs;
    const { raise } = this.#ways;
    const error = this.#error;
    this.#texts = [reasons.outboxFull, reasons.journalUnavailable].map((reason) => raise(reason, error));
    this.#tell();
  }

  #tell(): void {
    for (const text of this.#texts) this.#ways?.tell(text);
  }
}
