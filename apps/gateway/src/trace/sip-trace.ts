import type { Clock } from "@tandem/clock";
import type { TraceConfiguration } from "@tandem/contracts";
import type { Flow } from "@tandem/sip/transport";
import { type HepAgent, type HepEnd, hepPacket } from "./hep-packet.ts";
import { hideSecrets } from "./hide-secrets.ts";
import { callIdOf, methodOf } from "./message-headers.ts";

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
  readonly configuration: TraceConfiguration;
  /** Takes a datagram, or false: it can't be sent now. */
  readonly send: (packet: Buffer) => boolean;
  /** exchangeCallId of the call that has a leg with this Call-ID. */
  readonly exchangeCallIdOf: (sipCallId: string) => string | undefined;
}

interface Waiting {
  readonly text: string;
  readonly flow: Flow;
  readonly isSent: boolean;
  readonly atMs: number;
}

export interface TraceCounts {
  readonly exported: number;
  readonly dropped: number;
}

/** Tells a collector of every SIP message, in batches: with the exchangeCallId, so that one call is one ladder there. */
export class SipTrace {
  readonly #options: SipTraceOptions;
  readonly #agent: HepAgent;
  readonly #skipped: ReadonlySet<string>;
  readonly #known = new Map<string, string | undefined>();
  #waiting: Waiting[] = [];
  #characters = 0;
  #exported = 0;
  #dropped = 0;

  constructor(options: SipTraceOptions) {
    const { captureId = 0, password, skipMethods = [] } = options.configuration;
    this.#options = options;
    this.#agent = { captureId, password };
    this.#skipped = new Set(skipMethods);
  }

  get counts(): TraceCounts {
    return { exported: this.#exported, dropped: this.#dropped };
  }

  onReceived(text: string, flow: Flow): void {
    this.#add(text, flow, false);
  }

  onSent(text: string, flow: Flow): void {
    this.#add(text, flow, true);
  }

  /**
   * Whose call it is, or that it is nobody's. To be told when a call ends, which can't be asked for then: many last for
   * less than a message waits, refused ones, and those whose caller gave up at once.
   */
  remember(callId: string, exchangeCallId: string | undefined): void {
    if (this.#known.size >= maximumRememberedCallIds) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    this.#known.set(callId, exchangeCallId);
  }

  /** Sends what waits. */
  flush(): void {
    const { clock } = this.#options;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#characters = 0;
    const epochMs = clock.wallMs() - clock.monotonicMs();
    for (const one of waiting) {
      if (this.#export(one, epochMs)) this.#exported += 1;
      else this.#dropped += 1;
    }
  }

  #add(text: string, flow: Flow, isSent: boolean): void {
    if (this.#skipped.size > 0 && this.#skipped.has(methodOf(text) ?? "")) return;
    const { clock } = this.#options;
    if (this.#waiting.length >= maximumWaiting || this.#characters + text.length > maximumWaitingCharacters) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push({ text, flow, isSent, atMs: clock.monotonicMs() });
    this.#characters += text.length;
    if (this.#waiting.length === 1) clock.schedule(exportDelayMs, flush, this);
  }

  #export({ text, flow, isSent, atMs }: Waiting, epochMs: number): boolean {
    const here: HepEnd = { address: flow.localAddress, port: flow.localPort };
    const there: HepEnd = { address: flow.remoteAddress, port: flow.remotePort };
    const packet = hepPacket(
      {
        source: isSent ? here : there,
        destination: isSent ? there : here,
        protocol: flow.protocol === "UDP" ? "UDP" : "TCP",
        atMs: epochMs + atMs,
        text: hideSecrets(text),
        correlationId: this.#correlationOf(text),
      },
      this.#agent,
    );
    return this.#options.send(packet);
  }

  /** A call may come to be at a later INVITE with the same Call-ID (after a challenge): that nobody knows it is not kept then. */
  #correlationOf(text: string): string | undefined {
    const callId = callIdOf(text);
    if (callId === undefined) return undefined;
    const known = this.#known.get(callId);
    if (known !== undefined || (this.#known.has(callId) && methodOf(text) !== "INVITE")) return known;
    const found = this.#options.exchangeCallIdOf(callId);
    this.remember(callId, found);
    return found;
  }
}

function flush(trace: SipTrace): void {
  trace.flush();
}
