import { randomBytes } from "node:crypto";
import type { Clock } from "@tandem/clock";
import type { Alert } from "@tandem/contracts";
import type { Reason } from "@tandem/reasons";
import type { Ledger } from "../ledger/ledger.ts";

export interface AlertFacts {
  readonly accountSid: string | null;
  readonly trunkSid: string | null;
  readonly callSid: string | null;
  readonly text: string;
}

/** Raises alerts towards control, through the outbox. */
export class Alerts {
  readonly #clock: Clock;
  readonly #ledger: Ledger;

  constructor(clock: Clock, ledger: Ledger) {
    this.#clock = clock;
    this.#ledger = ledger;
  }

  /** Gives the text of the alert, JSON. */
  raise(reason: Reason, facts: AlertFacts): string {
    const alert: Alert = {
      sid: `NO${randomBytes(16).toString("hex")}`,
      ...facts,
      code: reason.code,
      level: reason.level,
      atMs: this.#clock.wallMs(),
    };
    const text = JSON.stringify(alert);
    this.#ledger.alert(text);
    return text;
  }
}
