import type { Clock, Timer } from "@tandem/clock";
import type { Ledger } from "../ledger/ledger.ts";

/** Entries in one frame. */
export const entriesPerFrame = 500;
/** Entries that come within this span go in one frame. */
const gatherMs = 50;
/**
 * The same while frames bring so many: a database takes a record in a frame of a hundred for half of what it takes for one in
 * a frame of 25. A full frame says that more are waiting, and they must not wait longer.
 */
const busyGatherMs = 250;
const busyEntries = 10;
/** Without a word from control the frame is sent again: storing twice does no harm. */
const resendMs = 30_000;
/** Of an alert that goes past the outbox: no entry there has it, so confirming it moves nothing. */
const noSequence = 0;

/**
 * Carries the outbox to control, one frame at a time: the next leaves when control has stored the last.
 *
 *   stopped ──start()──▶ idle ──entries──▶ gathering ──▶ sent ──stored──▶ idle        any ──stop()──▶ stopped
 *
 * After a reconnect it begins again with the oldest entry that control has not confirmed.
 */
export class OutboxPump {
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #send: (text: string) => void;
  #state: "stopped" | "idle" | "gathering" | "reading" | "sent" = "stopped";
  #confirmed = 0;
  /** Last sequence of the frame that was sent last. */
  #awaited = 0;
  /** In the frame that was sent last. */
  #entries = 0;
  #timer: Timer | undefined;
  /** Counts starts: a read of an earlier connection must not be sent on this one. */
  #epoch = 0;

  constructor(clock: Clock, ledger: Ledger, send: (text: string) => void) {
    this.#clock = clock;
    this.#ledger = ledger;
    this.#send = send;
    ledger.onEntries = () => this.#gather();
  }

  start(): void {
    this.#epoch += 1;
    this.#state = "idle";
    this.#confirmed = 0;
    this.#gather();
  }

  stop(): void {
    this.#state = "stopped";
    this.#timer?.cancel();
  }

  /** Sends an alert past the outbox. `alertText`: JSON, as in the outbox, from where control gets it once more. */
  sendAlert(alertText: string): void {
    if (this.#state === "stopped") return;
    this.#send(
      `{"kind":"entries","entries":[{"sequence":${noSequence},"kind":"alert","alert":${alertText}}]}`,
    );
  }

  /** Control has stored everything up to there; more than was sent it can't have. */
  onStored(sequence: number): void {
    if (this.#state === "stopped" || sequence === noSequence || sequence > this.#awaited) return;
    this.#ledger.stored(sequence);
    this.#confirmed = Math.max(this.#confirmed, sequence);
    if (this.#state !== "sent" || sequence < this.#awaited) return;
    this.#timer?.cancel();
    this.#state = "idle";
    this.#gather();
  }

  /** @internal */
  onGathered(): void {
    if (this.#state !== "gathering") return;
    this.#state = "reading";
    const epoch = this.#epoch;
    void this.#ledger.read(this.#confirmed, entriesPerFrame).then((batch) => {
      if (this.#state !== "reading" || epoch !== this.#epoch) return;
      if (batch === undefined) {
        this.#state = "idle";
        return;
      }
      this.#state = "sent";
      this.#awaited = batch.lastSequence;
      this.#entries = batch.lastSequence - batch.firstSequence + 1;
      this.#timer = this.#clock.schedule(resendMs, onUnconfirmed, this);
      this.#send(`{"kind":"entries","entries":${batch.text}}`);
    });
  }

  /** @internal */
  onUnconfirmed(): void {
    if (this.#state !== "sent") return;
    this.#state = "idle";
    this.#gather();
  }

  #gather(): void {
    if (this.#state !== "idle") return;
    this.#state = "gathering";
    const isBusy = this.#entries >= busyEntries && this.#entries < entriesPerFrame;
    this.#timer = this.#clock.schedule(isBusy ? busyGatherMs : gatherMs, onGathered, this);
  }
}

function onGathered(pump: OutboxPump): void {
  pump.onGathered();
}

function onUnconfirmed(pump: OutboxPump): void {
  pump.onUnconfirmed();
}
