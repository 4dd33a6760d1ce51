/** What a name server has done since it started. */
export interface ServerCounts {
  udpQueries: number;
  tcpQueries: number;
  /** By type of the question; types that this server knows by name, and `other`. */
  types: Record<string, number>;
  /** By response code. */
  responses: Record<string, number>;
  /** Above the rate: sent with TC only. */
  slipped: number;
  /** Above the rate: not answered. */
  dropped: number;
  /** Answers over UDP that had TC for their size. */
  truncated: number;
}

export function noCounts(): ServerCounts {
  return { udpQueries: 0, tcpQueries: 0, types: {}, responses: {}, slipped: 0, dropped: 0, truncated: 0 };
}
