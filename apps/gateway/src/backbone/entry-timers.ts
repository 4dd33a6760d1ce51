import type { AttemptTimers } from "@tandem/contracts";

/** A sister that has not answered at all in this time is not the one to wait for: it sends its 100 at once. */
export const sisterFirstResponseMs = 1000;
/** How often a sister that works on an attempt repeats its 100. */
export const signOfLifeIntervalMs = 2000;
/** Three of them lost in a row and a second for the way. */
export const sisterSilenceMs = 7000;

/**
 * INVITEs that a sister may send for one attempt: with credentials, with another Min-SE, after a glare, to where a 302
 * leads and there the same again, and to further addresses of the target. Each may use up the timers before ringing.
 */
const sisterRounds = 16;
/** RFC 3261 §14.1, at most. */
const glareDelayMs = 4000;
const marginMs = 5000;

/**
 * The timers of the gateway where the call entered, in ms. The sister minds those of the attempt and says when one of
 * them has run out; these are behind them in every case, for a sister that lives and yet forgets.
 */
export function entryTimers(timers: AttemptTimers): { readonly progressMs: number; readonly ringMs: number } {
  const round = (timers.firstResponseSeconds + timers.progressSeconds) * 1000;
  const progressMs = round * sisterRounds + glareDelayMs + marginMs;
  return { progressMs, ringMs: progressMs + timers.ringSeconds * 1000 };
}
