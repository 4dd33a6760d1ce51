import { reasons } from "@tandem/reasons";
import { maxBreadthOf } from "@tandem/sip/message";
import type { CallContext } from "./call-context.ts";
import { pass, refuse, type Verdict } from "./verdict.ts";

/** RFC 3261 §8.1.1.6: taken when the request has no Max-Forwards. */
export const defaultMaxForwards = 70;

/**
 * RFC 3261 §16.3: a request that may not be forwarded any more is refused with 483; RFC 5393 §5.3.3: one that may have no
 * branch with 440. Loops end by Max-Forwards, which every leg counts down.
 */
export function hopLimit(call: CallContext): Verdict {
  const hops = call.request.maxForwards() ?? defaultMaxForwards;
  if (hops <= 0) return refuse(reasons.tooManyHops, "Max-Forwards is 0");
  if (maxBreadthOf(call.request) === 0) return refuse(reasons.maxBreadthExceeded, "Max-Breadth is 0");
  return pass(`${hops} hops left`);
}
