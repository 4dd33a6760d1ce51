import type { Clock } from "@tandem/clock";
import type { LogFields, Logger } from "@tandem/telemetry";

const intervalMs = 60_000;

/** For what strangers can make happen as often as they like: one line a minute for each event, with a count. */
export class RareLog {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Its keys are names of events, which stand in our code. */
  readonly #events = new Map<string, { writtenAtMs: number; unwritten: number }>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  warn(event: string, fields: LogFields): void {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#events.get(event);
    if (known !== undefined && nowMs - known.writtenAtMs < intervalMs) {
      known.unwritten += 1;
      return;
    }
    this.#events.set(event, { writtenAtMs: nowMs, unwritten: 0 });
    this.#logger.warn(event, { ...fields, unwritten: known?.unwritten ?? 0 });
  }
}
