/**
 * What follows from the result of an attempt: the tables of the failover rules, total for both directions.
 * Pure: the caller performs the verdict.
 */
export type Direction = "termination" | "origination";

export type AttemptTimer = "first-response" | "progress" | "ring";

export type AttemptResult =
  | {
      readonly kind: "response";
      readonly statusCode: number;
      /** Cause of a `Reason: Q.850` header field, if there was one. */
      readonly q850Cause: number | undefined;
    }
  | { readonly kind: "timeout"; readonly timer: AttemptTimer }
  | { readonly kind: "transport-error" };

export type Verdict =
  /** Try the next candidate. */
  | "next"
  /** The call fails with this result. */
  | "stop"
  /** Follow the first Contact once, else next. */
  | "redirect"
  /** Same target with credentials, once, if there are any, else next. */
  | "authenticate"
  /** Same target with the Min-SE of the response, once, else next. */
  | "retry-with-min-se"
  /** Same target after the glare delay (RFC 3261 §14.1), once, else next. */
  | "retry-after-glare";

export interface FailoverFacts {
  readonly direction: Direction;
  readonly result: AttemptResult;
  /** A 180 or 183 of any attempt has been passed on to the caller. */
  readonly hasAlerted: boolean;
  /** SIP status code as text to verdict: the trunk's or carrier's exceptions. */
  readonly overrides: Readonly<Record<string, "next" | "stop">>;
}

/** Q.850 causes that tell what the called user did: another way would reach the same user. */
const userCauses: ReadonlySet<number> = new Set([1, 16, 17, 18, 19, 21, 22, 28]);

export function isUserCause(q850Cause: number | undefined): boolean {
  return q850Cause !== undefined && userCauses.has(q850Cause);
}

/** The verdict on a failed attempt. Total: every status code from 300 to 699 and every failure has one. */
export function verdictOf(facts: FailoverFacts): Verdict {
  const { result } = facts;
  if (facts.hasAlerted) return verdictAfterAlerting(result);
  if (result.kind !== "response") return "next";
  const override = facts.overrides[String(result.statusCode)];
  if (override !== undefined) return override;
  return facts.direction === "origination" ? originationVerdict(result) : terminationVerdict(result);
}

/** Once the caller hears ringing, only a failure of the network on the way may move the call. */
function verdictAfterAlerting(result: AttemptResult): Verdict {
  if (result.kind === "transport-error") return "next";
  if (result.kind === "timeout") return "stop";
  const isServerFailure =
    result.statusCode === 500 ||
    result.statusCode === 502 ||
    result.statusCode === 503 ||
    result.statusCode === 504;
  return isServerFailure && !isUserCause(result.q850Cause) ? "next" : "stop";
}

type Response = Extract<AttemptResult, { kind: "response" }>;

function originationVerdict(response: Response): Verdict {
  switch (response.statusCode) {
    case 302:
      return "redirect";
    case 400:
    case 404:
    case 405:
    case 410:
    case 416:
    case 482:
    case 484:
    case 486:
    case 501:
    case 505:
      return "stop";
    default:
      return sharedVerdict(response);
  }
}

function terminationVerdict(response: Response): Verdict {
  switch (response.statusCode) {
    case 404:
      return response.q850Cause === 1 ? "stop" : "next";
    case 410:
    case 484:
    case 486:
      return "stop";
    default:
      return sharedVerdict(response);
  }
}

/** Rows of the table that are the same both ways. */
function sharedVerdict(response: Response): Verdict {
  const { statusCode } = response;
  if (statusCode >= 600) return "stop";
  switch (statusCode) {
    case 401:
    case 407:
      return "authenticate";
    case 422:
      return "retry-with-min-se";
    case 480:
      return isUserCause(response.q850Cause) ? "stop" : "next";
    case 491:
      return "retry-after-glare";
    default:
      return "next";
  }
}
