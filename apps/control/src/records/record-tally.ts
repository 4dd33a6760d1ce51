import type { Clock } from "@tandem/clock";
import type { OutboxEntry } from "@tandem/contracts";
import { reasonByCode } from "@tandem/reasons";
import { Histogram } from "@tandem/telemetry";

const lagBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600];

export interface TakenEntries {
  readonly sound: readonly OutboxEntry[];
  readonly quarantined: number;
  /** Stored before. */
  readonly duplicates: number;
  /** Of alerts that are new. */
  readonly alertCodes: readonly number[];
}

/** What came from the gateways' outboxes since this control began, and how late. */
export class RecordTally {
  readonly taken: Record<OutboxEntry["kind"], number> = { "call-record": 0, "leg-record": 0, alert: 0 };
  quarantined = 0;
  duplicates = 0;
  /** By stable name and code; a code that is in no catalogue counts under `other`. */
  readonly alerts: Map<string, { readonly code: string; count: number }> = new Map();
  readonly lag: Histogram = new Histogram(lagBounds);
  readonly #clock: Pick<Clock, "wallMs">;

  constructor(clock: Pick<Clock, "wallMs">) {
    this.#clock = clock;
  }

  took({ sound, quarantined, duplicates, alertCodes }: TakenEntries): void {
    const lag = this.lag.with({});
    const nowMs = this.#clock.wallMs();
    for (const entry of sound) {
      this.taken[entry.kind] += 1;
      const atMs = momentOf(entry);
      if (atMs !== null) lag.observe(Math.max(0, nowMs - atMs) / 1000);
    }
    this.quarantined += quarantined;
    this.duplicates += duplicates;
    for (const code of alertCodes) this.#countAlert(code);
  }

  #countAlert(code: number): void {
    const name = reasonByCode(code)?.name ?? "other";
    const known = this.alerts.get(name);
    if (known === undefined) this.alerts.set(name, { code: name === "other" ? "0" : String(code), count: 1 });
    else known.count += 1;
  }
}

/** Wall clock of the gateway when it was written. */
function momentOf(entry: OutboxEntry): number | null {
  if (entry.kind === "call-record") return entry.record.releasedAtMs;
  return entry.kind === "leg-record" ? entry.leg.releasedAtMs : entry.alert.atMs;
}
