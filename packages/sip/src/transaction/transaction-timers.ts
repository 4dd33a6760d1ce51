/** The times of RFC 3261 §17, per instance. B, F, H, J, L and M are 64*T1. */
export interface TransactionTimers {
  /** Estimate of the round-trip time. Default 500; more on slow links, less only on private networks. */
  readonly t1Ms: number;
  /** Longest interval between retransmissions of a non-INVITE request or of a final response to INVITE. Default 4000. */
  readonly t2Ms: number;
  /** How long a message stays in the network. Default 5000. */
  readonly t4Ms: number;
  /** Timer D on unreliable transports: at least 32000, the peer's timer H. */
  readonly timerDMs: number;
}

/** RFC 3261 table 4. */
export const defaultTransactionTimers: TransactionTimers = {
  t1Ms: 500,
  t2Ms: 4000,
  t4Ms: 5000,
  timerDMs: 32_000,
};

/** 64*T1: how long a client retransmits before it gives up, and a server before it stops hoping for an ACK. */
export function giveUpMs(timers: TransactionTimers): number {
  return 64 * timers.t1Ms;
}

/** How long it takes until a client's timer E is reset to T2 (RFC 4320 §4.1): 3.5 s with the default times. */
export function timerEAtT2Ms(timers: TransactionTimers): number {
  let elapsedMs = 0;
  for (let intervalMs = timers.t1Ms; intervalMs < timers.t2Ms; intervalMs *= 2) elapsedMs += intervalMs;
  return elapsedMs;
}
