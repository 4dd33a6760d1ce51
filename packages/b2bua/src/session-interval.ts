import {
  hasOptionTag,
  type Message,
  parseMinSe,
  parseSessionExpires,
  type SipRequest,
  type SipResponse,
} from "@tandem/sip/message";

/** Session intervals in seconds (RFC 4028). */
export const sessionLimits = {
  /** No smaller interval is ever agreed (§4). */
  shortestSeconds: 90,
  /** What we ask for unless told otherwise. */
  defaultSeconds: 1800,
  /** What a peer asks for is cut to this. */
  longestSeconds: 86_400,
  /** A side that is not refreshed hangs up so long before the end, or a third of the interval (§10). */
  graceSeconds: 32,
} as const;

export interface SessionPolicy {
  /** What we ask for. */
  readonly intervalSeconds: number;
  /** Our Min-SE: a smaller one is refused with 422. */
  readonly minimumSeconds: number;
}

export const defaultSessionPolicy: SessionPolicy = {
  intervalSeconds: sessionLimits.defaultSeconds,
  minimumSeconds: sessionLimits.shortestSeconds,
};

/** What both ends of one leg have agreed on. */
export interface SessionAgreement {
  readonly intervalSeconds: number;
  /** We refresh; else the peer does. */
  readonly weRefresh: boolean;
  /** The peer knows session timers, and did not only pass on what a proxy wrote. */
  readonly isPeerAware: boolean;
}

/** Whether a request must be refused with 422 (RFC 4028 §9): only a peer that knows session timers understands it. */
export function isTooSmall(request: SipRequest, policy: SessionPolicy): boolean {
  const asked = intervalIn(request);
  return asked !== undefined && asked.sessionIntervalSeconds < policy.minimumSeconds && knowsTimer(request);
}

/**
 * What we as UAS answer to an INVITE or UPDATE (RFC 4028 §9); undefined: there is no session timer. Who is left to choose
 * goes on refreshing; in the first request the peer starts.
 */
export function agreementFor(
  request: SipRequest,
  policy: SessionPolicy,
  weRefreshNow: boolean,
): SessionAgreement | undefined {
  const asked = intervalIn(request);
  const isPeerAware = knowsTimer(request);
  if (asked === undefined && !isPeerAware) return undefined;
  const minSe = minSeIn(request) ?? sessionLimits.shortestSeconds;
  const lowest = Math.max(minSe, policy.minimumSeconds);
  const wanted = Math.min(asked?.sessionIntervalSeconds ?? policy.intervalSeconds, policy.intervalSeconds);
  const intervalSeconds = Math.min(Math.max(wanted, lowest), sessionLimits.longestSeconds);
  // Table 2: a peer that knows nothing of it can't refresh.
  const weRefresh =
    !isPeerAware || (asked?.refresher === undefined ? weRefreshNow : asked.refresher === "uas");
  return { intervalSeconds, weRefresh, isPeerAware };
}

/** What the 2xx to our request says (RFC 4028 §7.2); undefined: the peer wants none. */
export function agreementIn(response: SipResponse): SessionAgreement | undefined {
  const agreed = intervalIn(response);
  if (agreed === undefined) return undefined;
  const { sessionIntervalSeconds, refresher } = agreed;
  const { shortestSeconds, longestSeconds } = sessionLimits;
  const intervalSeconds = Math.min(Math.max(sessionIntervalSeconds, shortestSeconds), longestSeconds);
  return { intervalSeconds, weRefresh: refresher !== "uas", isPeerAware: true };
}

/** Min-SE of a message, in seconds. */
export function minSeIn(message: Message): number | undefined {
  const value = message.value("Min-SE");
  if (value === undefined) return undefined;
  const minSe = parseMinSe(value);
  return minSe.ok ? minSe.value : undefined;
}

/** Whether the peer takes UPDATE (RFC 3311 §4). */
export function allowsUpdate(message: Message): boolean {
  // Not split into a list: this is asked twice for each call.
  for (const value of message.values("Allow")) if (/\bUPDATE\b/.test(value)) return true;
  return false;
}

function knowsTimer(request: SipRequest): boolean {
  return hasOptionTag(request, "Supported", "timer") || hasOptionTag(request, "Require", "timer");
}

function intervalIn(
  message: Message,
): { sessionIntervalSeconds: number; refresher: "uac" | "uas" | undefined } | undefined {
  const value = message.value("Session-Expires");
  if (value === undefined) return undefined;
  const parsed = parseSessionExpires(value);
  return parsed.ok ? parsed.value : undefined;
}
