import { type OverloadFeedback, overloadFeedbackIn, type SipResponse } from "../message/index.ts";
import type { Flow } from "../transport/flow.ts";
import type { Target } from "../transport/target.ts";

/** The client's side of overload control (RFC 7339): what our requests announce, and what their responses ask of us. */
export interface OverloadControl {
  /** Via parameters of a request to that target, each with its semicolon; "": nothing is announced. */
  announcement(target: Target): string;
  /** The target itself asks for less, or for less no more. */
  onFeedback(feedback: OverloadFeedback, target: Target): void;
}

/**
 * Passes on what a response asks for. Only of the target itself, and of whoever it may be behind its connection: what comes
 * from another address or port over UDP is not believed.
 */
export function hearOverload(
  control: OverloadControl,
  response: SipResponse,
  target: Target,
  flow: Flow,
): void {
  const via = response.via();
  const feedback = via.ok ? overloadFeedbackIn(via.value) : undefined;
  if (feedback !== undefined && isFrom(target, flow)) control.onFeedback(feedback, target);
}

function isFrom(target: Target, flow: Flow): boolean {
  if (target.interfaceName !== flow.interfaceName || target.address !== flow.remoteAddress) return false;
  return flow.isReliable || target.port === flow.remotePort;
}
