/** Every limit and time of the gateway stream. */
export const gatewayStreamLimits = {
  /** Bytes of one frame from a gateway; ws closes with 1009 above. */
  maximumFrameBytes: 8 * 1024 * 1024,
  /** Frames of entries that wait for the database; at this many the socket is no longer read. */
  maximumWaitingEntryFrames: 8,
  /** Commands without a result, per gateway. */
  maximumPendingCommands: 1000,
  /** Bytes written to a gateway that it has not taken; above, commands are refused. */
  maximumUnsentBytes: 16 * 1024 * 1024,
  /** From the connection to `hello`. */
  helloTimeoutMs: 10_000,
  /** Between pings. After `maximumMissedPings` without a sign of life the connection is cut. */
  pingIntervalMs: 15_000,
  maximumMissedPings: 2,
  /** From our close frame until the connection is cut. */
  closeTimeoutMs: 2_000,
  /** Until a command counts as failed. */
  commandTimeoutMs: 5_000,
  /** Between two tries to store entries while the database is away. */
  storeRetryMs: 1_000,
  /** Connections at a time, those before `hello` included. */
  maximumConnections: 1000,
  /** Bytes of the text in a close frame (RFC 6455 §5.5). */
  maximumCloseTextBytes: 123,
} as const;
