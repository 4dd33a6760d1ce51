import type { Reason } from "@tandem/reasons";
import type { SipResponse } from "@tandem/sip/message";
import type { AttemptResult } from "./failover-policy.ts";

/** How an attempt ended that was not answered. */
export interface AttemptOutcome {
  readonly verdict: "next" | "stop";
  readonly result: AttemptResult;
  /** The final response, when there was one. */
  readonly response: SipResponse | undefined;
  /** Why a 302 was not followed. */
  readonly reason: Reason | undefined;
  readonly text: string;
}
