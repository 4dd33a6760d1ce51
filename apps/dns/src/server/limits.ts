/** Every limit and time of the name server's sockets. */
export const serverLimits = {
  /** UDP answers to one source network in a second, and at once after silence. */
  responsesPerSecond: 200,
  responseBurst: 400,
  /** One of so many answers above the rate is sent with TC and no records: a real client then comes by TCP. */
  slip: 2,
  /** Source networks whose rate is remembered; the one that was silent longest is forgotten first. */
  maximumNetworks: 20_000,
  /** Heartbeats from one source network in a second, and at once. */
  heartbeatsPerSecond: 500,
  heartbeatBurst: 1000,
  /** TCP connections at a time, in all and from one source network. */
  maximumConnections: 128,
  maximumConnectionsPerNetwork: 32,
  /** From the connection, or the last whole question, to the next whole question and its answer being taken. */
  connectionIdleMs: 10_000,
  /** Bytes of one question over TCP. */
  maximumQuestionBytes: 4096,
  /** Bytes of answers that a client has not taken; above, its next question waits. */
  maximumUnsentBytes: 64 * 1024,
} as const;
