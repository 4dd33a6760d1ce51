/** One way to where the gateways of a region leave their counts for each other. Made to be used once: opened, used, closed. */
export interface CountStore {
  /** Rejects when there is no way, or the store refuses us. */
  open(): Promise<void>;
  /**
   * Leaves `text` as what this gateway says, for `expiryMs`, and gives what those of `others` say that have not expired.
   * Rejects when the store refuses or the way is lost. Never called again before it is done.
   */
  exchange(text: string, others: readonly string[], expiryMs: number): Promise<ReadonlyMap<string, string>>;
  /** Takes back what this gateway says. */
  withdraw(): Promise<void>;
  /** At once, whatever is under way. Idempotent; also before it is open. */
  close(): void;
}
