/** How long a crashed program stays down before it is started again. */
export const restartDelays = {
  firstMs: 500,
  longestMs: 30_000,
  /** A program that ran this long has recovered: the next crash counts as the first. */
  recoveredAfterMs: 60_000,
} as const;

/** `crash` counts crashes in a row from 1. Doubles from the first delay up to the longest. */
export function restartDelayMs(crash: number): number {
  return Math.min(restartDelays.longestMs, restartDelays.firstMs * 2 ** Math.min(crash - 1, 20));
}

/** Number of a crash in its row, given the one before (0: none) and how long the program ran. */
export function crashNumber(before: number, ranMs: number): number {
  return ranMs >= restartDelays.recoveredAfterMs ? 1 : before + 1;
}
