/** How many transactions there may be at a time. Each costs a few kilobytes for up to 32 seconds. */
export interface TransactionLimits {
  /** Server transactions of requests outside a dialog. At the limit such a request gets a stateless 503. */
  readonly maximumServerTransactions: number;
  /** Client transactions of requests outside a dialog. At the limit `send` fails with a transport error. */
  readonly maximumClientTransactions: number;
  /** So many more of either kind for requests inside a dialog and CANCEL: calls must be able to end under load. */
  readonly reservedTransactions: number;
}

export const defaultTransactionLimits: TransactionLimits = {
  maximumServerTransactions: 100_000,
  maximumClientTransactions: 100_000,
  reservedTransactions: 20_000,
};
