/** One proof that a domain is ours. */
export interface Challenge {
  readonly domain: string;
  readonly token: string;
  /** http-01: the body of the answer. dns-01: the value of the TXT record. */
  readonly proof: string;
}

/** How challenges of one type are met. */
export interface Solver {
  readonly type: "http-01" | "dns-01";
  /** Resolves when the authority may look. Rejects when the proof can't be put there. */
  add(challenge: Challenge): Promise<void>;
  /** Takes it away; after `add`, whatever became of it. */
  remove(challenge: Challenge): Promise<void>;
}
