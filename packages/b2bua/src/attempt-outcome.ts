import type { Reason } from "@tandem/reasons";
import type { SipResponse } from "@tandem/sip/message";
import type { Fallback } from "./call-plan.ts";
import type { AttemptResult, AttemptTimer } from "./failover-policy.ts";

/** How an attempt ended that was not answered. */
export interface AttemptOutcome {
  readonly verdict: "next" | "stop";
  readonly result: AttemptResult;
  /** The final response, when there was one. */
  readonly response: SipResponse | undefined;
  /** Why a 302 was not followed. */
  readonly reason: Reason | undefined;
  readonly text: string;
  /** The same URL by another network; undefined: there is none, or the result is no fault of the network. */
  readonly fallback: Fallback | undefined;
}

/** What a record says of a timer that ran out. */
export const timerTexts: Record<AttemptTimer, string> = {
  "first-response": "no response in time",
  progress: "no progress in time",
  ring: "not answered in time",
};

/** What an outcome says about the health of the target: a callee that does not answer its telephone is no dead target. */
export function silenceIn(result: AttemptResult): "timeout" | "transport-error" | undefined {
  if (result.kind === "response") return undefined;
  return result.kind === "timeout" && result.timer !== "first-response" ? undefined : result.kind;
}

/** Whether nothing came back from the target at all, so that the network on the way may be at fault. */
export function isUnheard(result: AttemptResult): boolean {
  return (
    result.kind === "transport-error" || (result.kind === "timeout" && result.timer === "first-response")
  );
}
