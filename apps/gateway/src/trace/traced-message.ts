import type { Flow } from "@tandem/sip/transport";

/** What a trace knows of the call that a message belongs to. */
export interface TracedCall {
  /** The exchangeCallId: of a leg that was placed for a sister too. */
  readonly sid: string;
  readonly trunkSid: string | null;
  readonly callingNumber: string;
  readonly calledNumber: string;
}

/** A SIP message as it came or went, without keys and passwords. */
export interface TracedMessage {
  readonly text: string;
  readonly flow: Flow;
  readonly isSent: boolean;
  /** Milliseconds of the Unix epoch, with a fraction: when it was on the wire. */
  readonly atMs: number;
  /** Undefined: it has none. */
  readonly sipCallId: string | undefined;
  /** Undefined: of no call that we know. */
  readonly call: TracedCall | undefined;
}

/** Somebody who may want to see messages. */
export interface TraceAudience {
  /** While nobody does, a message costs nothing. */
  readonly isListening: boolean;
  tell(message: TracedMessage): void;
}
