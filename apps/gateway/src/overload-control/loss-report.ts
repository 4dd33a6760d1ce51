import type { Clock } from "@tandem/clock";
import type { OverloadReporter } from "@tandem/sip/message";
import type { LossPercentage } from "./loss-percentage.ts";

/** How long clients hold to the share that they were told, in milliseconds. */
export const lossValidityMs = 2000;
/** A share that lasts is told under a new number after this: only that makes it hold longer (RFC 7339 §5.4). */
export const renewAfterMs = 200;

/**
 * What responses tell clients that announce overload control (RFC 7339 §5.2). Without overload: 0, and that control is not
 * in force, under one number for as long as it stays so.
 */
export class LossReport implements OverloadReporter {
  readonly #clock: Pick<Clock, "monotonicMs" | "wallMs">;
  readonly #loss: LossPercentage;
  #text = "";
  #percentage = -1;
  #madeAtMs = 0;
  #sequenceMs = 0;

  constructor(clock: Pick<Clock, "monotonicMs" | "wallMs">, loss: LossPercentage) {
    this.#clock = clock;
    this.#loss = loss;
  }

  report(): string {
    const { percentage } = this.#loss;
    const isStale = percentage > 0 && this.#clock.monotonicMs() - this.#madeAtMs >= renewAfterMs;
    if (percentage !== this.#percentage || isStale) this.#make(percentage);
    return this.#text;
  }

  #make(percentage: number): void {
    this.#percentage = percentage;
    this.#madeAtMs = this.#clock.monotonicMs();
    // Numbers rise whatever happens to the machine's clock, and from one life of the process to the next.
    this.#sequenceMs = Math.max(Math.floor(this.#clock.wallMs()), this.#sequenceMs + 1);
    const seconds = Math.floor(this.#sequenceMs / 1000);
    const milliseconds = String(this.#sequenceMs % 1000).padStart(3, "0");
    const validityMs = percentage === 0 ? 0 : lossValidityMs;
    this.#text = `;oc=${percentage};oc-algo="loss";oc-validity=${validityMs};oc-seq=${seconds}.${milliseconds}`;
  }
}
