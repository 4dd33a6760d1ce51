/** What became of each call that a SIPp placed, from its message trace. */
import type { TracedMessage } from "../../interop/sipp/message-trace.ts";

export interface CallOutcome {
  readonly callId: string;
  /** Wall clock of the first INVITE. */
  readonly sentAtMs: number;
  /** From the first INVITE to the 200; undefined: it was never answered. */
  readonly answeredAfterMs: number | undefined;
  /** The BYE was answered with 200. */
  readonly isReleased: boolean;
}

export function callOutcomes(trace: readonly TracedMessage[]): readonly CallOutcome[] {
  const calls = new Map<
    string,
    { sentAtMs: number; answeredAtMs: number | undefined; isReleased: boolean }
  >();
  for (const { atMs, direction, message } of trace) {
    const call = calls.get(message.callId);
    if (call === undefined) {
      if (direction === "sent" && message.isRequest && message.method === "INVITE") {
        calls.set(message.callId, { sentAtMs: atMs, answeredAtMs: undefined, isReleased: false });
      }
      continue;
    }
    if (direction === "sent" || message.isRequest || message.statusCode !== 200) continue;
    if (message.cseqMethod === "INVITE") call.answeredAtMs ??= atMs;
    if (message.cseqMethod === "BYE") call.isReleased = true;
  }
  return [...calls].map(([callId, { sentAtMs, answeredAtMs, isReleased }]) => ({
    callId,
    sentAtMs,
    answeredAfterMs: answeredAtMs === undefined ? undefined : answeredAtMs - sentAtMs,
    isReleased,
  }));
}
