import { parseMessage, type SipMessage, type SipSyntaxError } from "@tandem/sip/message";
import type { Flow, MessageReceiver } from "@tandem/sip/transport";
import type { LiveCalls } from "./calls/live-calls.ts";
import type { GatewayCore } from "./gateway-core.ts";
import type { Lines } from "./lines/lines.ts";
import type { SipCounts } from "./metrics/sip-counts.ts";
import type { Shield } from "./shield/shield.ts";

export interface MessageIntakeOptions {
  readonly core: GatewayCore;
  readonly calls: LiveCalls;
  readonly lines: Lines;
  readonly shield: Shield;
  readonly sipCounts: SipCounts;
  closeFlow(flow: Flow): void;
  onFault(error: unknown, fields: Record<string, unknown>): void;
}

/** What comes from the sockets: parsed and given to the core, or held against its source when it can't be read. */
export class MessageIntake implements MessageReceiver {
  readonly #options: MessageIntakeOptions;

  constructor(options: MessageIntakeOptions) {
    this.#options = options;
  }

  accept(address: string, interfaceName: string): boolean {
    return this.#options.shield.accepts(address, interfaceName);
  }

  connectionOf(address: string, interfaceName: string): string | undefined {
    return this.#options.lines.connectionOf(address, interfaceName);
  }

  onMessage(text: string, flow: Flow): void {
    const { sipCounts } = this.#options;
    sipCounts.received(text, flow.protocol);
    const message = parseMessage(text, flow.isReliable ? "stream" : "datagram");
    if (message.ok) {
      this.#receive(message.value, flow);
      return;
    }
    sipCounts.unreadable += 1;
    this.#options.shield.onStranger(flow);
    if (flow.isReliable) this.#options.closeFlow(flow);
  }

  /** A stream that can't be cut into messages any more; with the header of the one that it broke at, there is an answer. */
  onGarbage(flow: Flow, error: SipSyntaxError, headerText: string | undefined): void {
    this.#options.sipCounts.unreadable += 1;
    if (headerText === undefined) return;
    const message = parseMessage(headerText, "stream");
    if (!message.ok || !message.value.isRequest) return;
    try {
      this.#options.core.refuseUnframed(message.value, flow, error);
    } catch (fault) {
      this.#options.onFault(fault, { sipCallId: message.value.callId });
    }
  }

  /** A fault of ours while handling a message ends the call it belongs to, and nothing else. */
  #receive(message: SipMessage, flow: Flow): void {
    const { core, calls } = this.#options;
    try {
      core.receive(message, flow);
    } catch (error) {
      const call = calls.bySipCallId(message.callId);
      if (call === undefined) this.#options.onFault(error, { sipCallId: message.callId });
      else call.fail(error);
    }
  }
}
