/** Bounds of one session description. A description beyond any of them is refused, never cut. */
export const sdpLimits = {
  /** Length of the whole text in bytes (latin1: one char is one byte). */
  maximumBytes: 32_768,
  /** Lines of all kinds, empty ones included. */
  maximumLines: 512,
  /** Media descriptions (m= lines), rejected ones included. */
  maximumMediaDescriptions: 16,
} as const;
