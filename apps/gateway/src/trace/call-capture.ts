import type { Clock } from "@tandem/clock";
import type { CapturedCall, CapturedMessage, CaptureRule, CaptureState } from "@tandem/contracts";
import type { TraceAudience, TracedCall, TracedMessage } from "./traced-message.ts";

/** Messages kept of one call; later ones are left out, and the call says so. */
export const maximumCapturedMessages = 300;
/** Characters kept of one call. */
export const maximumCapturedCharacters = 512 * 1024;
/** Call-IDs whose messages are kept without a call: a call may come to be of them, after a challenge. */
export const maximumUnclaimed = 200;
/** Messages kept of each of them. */
export const maximumUnclaimedMessages = 8;

interface Kept {
  readonly call: TracedCall;
  readonly messages: TracedMessage[];
  characters: number;
  isWhole: boolean;
}

interface Running {
  readonly rule: CaptureRule;
  /** Monotonic. */
  readonly endsAtMs: number;
}

/**
 * The SIP messages of some calls, for whoever asked for them: the next calls of a trunk, or with a number. It ends by itself;
 * what it has is kept until the next one begins or it is told to forget.
 */
export class CallCapture implements TraceAudience {
  readonly #clock: Clock;
  readonly #calls = new Map<string, Kept>();
  readonly #unclaimed = new Map<string, TracedMessage[]>();
  #running: Running | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isListening(): boolean {
    return this.#running !== undefined && this.#clock.monotonicMs() < this.#running.endsAtMs;
  }

  /** Forgets what it has, and takes the next calls that the rule is for. */
  start(rule: CaptureRule): void {
    this.forget();
    this.#running = { rule, endsAtMs: this.#clock.monotonicMs() + rule.seconds * 1000 };
  }

  forget(): void {
    this.#running = undefined;
    this.#calls.clear();
    this.#unclaimed.clear();
  }

  tell(message: TracedMessage): void {
    const { call, sipCallId } = message;
    if (sipCallId === undefined) return;
    if (call === undefined) this.#keepUnclaimed(sipCallId, message);
    else this.#keepOf(call, sipCallId, message);
  }

  /** Undefined: none was started, or it was told to forget. */
  state(): CaptureState | undefined {
    const running = this.#running;
    if (running === undefined) return undefined;
    const leftMs = running.endsAtMs - this.#clock.monotonicMs();
    return { rule: running.rule, secondsLeft: Math.max(0, Math.ceil(leftMs / 1000)) };
  }

  /** In the order in which they began. */
  calls(): readonly CapturedCall[] {
    return Array.from(this.#calls.values(), ({ call, messages, isWhole }) => ({
      callSid: call.sid,
      trunkSid: call.trunkSid,
      callingNumber: call.callingNumber,
      calledNumber: call.calledNumber,
      startedAtMs: messages[0]?.atMs ?? 0,
      messages: messages.length,
      isWhole,
    }));
  }

  /** In the order in which they were on the wire; empty: no such call was captured. */
  messagesOf(callSid: string): readonly CapturedMessage[] {
    const messages = this.#calls.get(callSid)?.messages ?? [];
    return messages.toSorted((one, other) => one.atMs - other.atMs).map(capturedMessage);
  }

  #keepOf(call: TracedCall, sipCallId: string, message: TracedMessage): void {
    const kept = this.#calls.get(call.sid) ?? this.#begin(call);
    if (kept === undefined) return;
    const earlier = this.#unclaimed.get(sipCallId);
    if (earlier !== undefined) {
      this.#unclaimed.delete(sipCallId);
      for (const one of earlier) add(kept, one);
    }
    add(kept, message);
  }

  /** @returns undefined: it is not asked for, or there are as many as were */
  #begin(call: TracedCall): Kept | undefined {
    const rule = this.#running?.rule;
    if (rule === undefined || !isFor(rule, call) || this.#calls.size >= rule.calls) return undefined;
    const kept: Kept = { call, messages: [], characters: 0, isWhole: true };
    this.#calls.set(call.sid, kept);
    return kept;
  }

  #keepUnclaimed(sipCallId: string, message: TracedMessage): void {
    const messages = this.#unclaimed.get(sipCallId) ?? [];
    if (messages.length >= maximumUnclaimedMessages) return;
    messages.push(message);
    if (messages.length > 1) return;
    if (this.#unclaimed.size >= maximumUnclaimed) {
      const [oldest] = this.#unclaimed.keys();
      if (oldest !== undefined) this.#unclaimed.delete(oldest);
    }
    this.#unclaimed.set(sipCallId, messages);
  }
}

function isFor({ trunkSid, number }: CaptureRule, call: TracedCall): boolean {
  if (trunkSid !== null && trunkSid !== call.trunkSid) return false;
  return number === null || number === call.callingNumber || number === call.calledNumber;
}

function add(kept: Kept, message: TracedMessage): void {
  const characters = kept.characters + message.text.length;
  if (kept.messages.length >= maximumCapturedMessages || characters > maximumCapturedCharacters) {
    kept.isWhole = false;
    return;
  }
  kept.messages.push(message);
  kept.characters = characters;
}

function capturedMessage({ text, flow, isSent, atMs }: TracedMessage): CapturedMessage {
  return {
    atMs,
    isSent,
    protocol: flow.protocol,
    local: { address: flow.localAddress, port: flow.localPort },
    remote: { address: flow.remoteAddress, port: flow.remotePort },
    text,
  };
}
