/** Limits on what one peer may make us hold or look at. All inclusive: the limit itself still passes. */
export const messageLimits = {
  /** Largest UDP payload there can be. */
  maximumDatagramBytes: 65_535,
  /** Start line and header fields with the empty line behind them, on a stream. */
  maximumHeaderBytes: 65_536,
  /** Body on a stream. */
  maximumBodyBytes: 262_144,
  /** Header field rows of one message. */
  maximumHeaderRows: 256,
} as const;
