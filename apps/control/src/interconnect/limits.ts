/** Every limit and time of private lines. */
export const interconnectLimits = {
  /** From the start of a transition until it is given up. */
  transitionTimeoutMs: 60_000,
  /** Between two looks at what is in transition, is being deleted or has expired. */
  watchIntervalMs: 1_000,
  /** A gateway that no control has heard of for so long does not count as connected. */
  gatewaySilentAfterMs: 30_000,
  /** Characters of the cause of a transition. */
  maximumCauseLength: 1_000,
  /** Transitions that a connection shows itself. */
  shownTransitions: 10,
} as const;
