import type { Logger } from "@tandem/telemetry";

/** Errors of ours, logged with their stack and counted. Whoever caught one has ended what it may have harmed. */
export class FaultLog {
  readonly #logger: Pick<Logger, "error">;
  #count = 0;

  constructor(logger: Pick<Logger, "error">) {
    this.#logger = logger;
  }

  /** Since the start. */
  get count(): number {
    return this.#count;
  }

  onFault(error: unknown, fields: Record<string, unknown>): void {
    this.#count += 1;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#logger.error("fault", { ...fields, error: text });
  }
}
