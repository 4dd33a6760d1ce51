/** What the caller gets when no candidate answered: the best of the attempts' responses (RFC 3261 §16.7, step 6). */
export interface FinalResponse {
  readonly statusCode: number;
  readonly reasonPhrase: string;
  /** Values of Reason header fields (RFC 3326, RFC 6432). */
  readonly reasonValues: readonly string[];
}

/**
 * The best response: a 6xx first, else the lowest class; within a class the first that came, except that 401, 407
 * (they would leak a carrier's challenge) are never chosen and 415, 420, 484 win over their class (RFC 3261 §16.7).
 * A 503 becomes 500, as do 482 and 483 that our own routing caused, and 422: a session interval is one leg's; 3xx never leaves us. No usable response: 500, or
 * 408 when some attempt ran into a timer.
 */
export function chooseResponse(responses: readonly FinalResponse[], anyTimeout: boolean): FinalResponse {
  const best = bestOf(responses);
  if (best === undefined) {
    return anyTimeout
      ? { statusCode: 408, reasonPhrase: "Request Timeout", reasonValues: [] }
      : { statusCode: 500, reasonPhrase: "Server Internal Error", reasonValues: [] };
  }
  const { statusCode } = best;
  if (statusCode === 503 || statusCode === 482 || statusCode === 483 || statusCode === 422) {
    return { statusCode: 500, reasonPhrase: "Server Internal Error", reasonValues: best.reasonValues };
  }
  return best;
}

function bestOf(responses: readonly FinalResponse[]): FinalResponse | undefined {
  let best: FinalResponse | undefined;
  for (const response of responses) {
    if (!isPresentable(response.statusCode)) continue;
    if (best === undefined || rank(response.statusCode) < rank(best.statusCode)) best = response;
  }
  return best;
}

function isPresentable(statusCode: number): boolean {
  return statusCode >= 400 && statusCode !== 401 && statusCode !== 407;
}

/** Lower is better. */
function rank(statusCode: number): number {
  if (statusCode >= 600) return 0;
  if (statusCode >= 500) return 3;
  return statusCode === 415 || statusCode === 420 || statusCode === 484 ? 1 : 2;
}
