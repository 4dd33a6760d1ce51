import type { Clock } from "@tandem/clock";
import type { Flow } from "@tandem/sip/transport";
import { hideSecrets } from "./hide-secrets.ts";
import { callIdOf, methodOf } from "./message-headers.ts";
import type { TraceAudience, TracedCall } from "./traced-message.ts";

/** How long a message waits: the call that it sets up is known by then, and calls are not held up by single packets. */
export const exportDelayMs = 20;
/** Messages that wait at a time; more are dropped, and counted. */
export const maximumWaiting = 4096;
/** Characters of the messages that wait. */
export const maximumWaitingCharacters = 8 * 1024 * 1024;
/** Call-IDs of which it is remembered whose call they are. */
export const maximumRememberedCallIds = 10_000;

export interface SipTraceOptions {
  readonly clock: Clock;
  readonly audiences: readonly TraceAudience[];
  /** The call that has a leg with this Call-ID. */
  readonly callOf: (sipCallId: string) => TracedCall | undefined;
}

interface Waiting {
  readonly text: string;
  readonly flow: Flow;
  readonly isSent: boolean;
  readonly atMs: number;
}

/** Tells of every SIP message, in batches, with the call that it belongs to: so that one call is one ladder. */
export class SipTrace {
  readonly #options: SipTraceOptions;
  readonly #known = new Map<string, TracedCall | undefined>();
  #waiting: Waiting[] = [];
  #characters = 0;
  #dropped = 0;

  constructor(options: SipTraceOptions) {
    this.#options = options;
  }

  /** Messages that found too many waiting. */
  get dropped(): number {
    return this.#dropped;
  }

  /** While it is not, nothing is kept. */
  get isHeard(): boolean {
    return this.#options.audiences.some(({ isListening }) => isListening);
  }

  onReceived(text: string, flow: Flow): void {
    if (this.isHeard) this.#add(text, flow, false);
  }

  onSent(text: string, flow: Flow): void {
    if (this.isHeard) this.#add(text, flow, true);
  }

  /**
   * Whose call it is, or that it is nobody's. To be told when a call ends, which can't be asked for then: many last for
   * less than a message waits, refused ones, and those whose caller gave up at once.
   */
  remember(sipCallId: string, call: TracedCall | undefined): void {
    if (!this.isHeard) return;
    if (this.#known.size >= maximumRememberedCallIds) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(sipCallId, call);
  }

  /** Tells what waits. */
  flush(): void {
    const { clock, audiences } = this.#options;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#characters = 0;
    const epochMs = clock.wallMs() - clock.monotonicMs();
    for (const { text, flow, isSent, atMs } of waiting) {
      const sipCallId = callIdOf(text);
      const call = sipCallId === undefined ? undefined : this.#callOf(sipCallId, text);
      const message = { text: hideSecrets(text), flow, isSent, atMs: epochMs + atMs, sipCallId, call };
      for (const audience of audiences) if (audience.isListening) audience.tell(message);
    }
  }

  #add(text: string, flow: Flow, isSent: boolean): void {
    const { clock } = this.#options;
    if (this.#waiting.length >= maximumWaiting || this.#characters + text.length > maximumWaitingCharacters) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({ text, flow, isSent, atMs: clock.monotonicMs() });
    this.#characters += text.length;
    if (this.#waiting.length === 1) clock.schedule(exportDelayMs, flush, this);
  }

  /** A call may come to be at a later INVITE with the same Call-ID (after a challenge): that nobody knows it is not kept then. */
  #callOf(sipCallId: string, text: string): TracedCall | undefined {
    const known = this.#known.get(sipCallId);
    if (known !== undefined || (this.#known.has(sipCallId) && methodOf(text) !== "INVITE")) return known;
    const found = this.#options.callOf(sipCallId);
    this.remember(sipCallId, found);
    return found;
  }
}

function flush(trace: SipTrace): void {
  trace.flush();
}
