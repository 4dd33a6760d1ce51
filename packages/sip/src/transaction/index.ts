/** The transaction layer (RFC 3261 §17, RFC 6026, RFC 4320). */
export { BranchGenerator } from "./branch.ts";
export {
  type ClientFailureKind,
  ClientTransaction,
  type ClientTransactionUser,
} from "./client-transaction.ts";
export type { OverloadControl } from "./overload-control.ts";
export { ServerTransaction } from "./server-transaction.ts";
export type { StatelessResponseOptions } from "./stateless-response.ts";
export { TransactionLayer, type TransactionLayerOptions } from "./transaction-layer.ts";
export { defaultTransactionLimits, type TransactionLimits } from "./transaction-limits.ts";
export { defaultTransactionTimers, type TransactionTimers } from "./transaction-timers.ts";
export type { TransactionUser } from "./transaction-user.ts";
