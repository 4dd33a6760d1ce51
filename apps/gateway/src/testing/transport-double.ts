import type { SipSyntaxError } from "@tandem/sip/message";
import { WireDouble } from "@tandem/sip/testing";
import type { Flow, MessageReceiver } from "@tandem/sip/transport";
import type { GatewayTransport } from "../gateway.ts";

/** The wire as a gateway's transport. */
export class TransportDouble extends WireDouble implements GatewayTransport {
  readonly closedFlows: Flow[] = [];
  isOpen = false;
  #receiver: MessageReceiver | undefined;

  async open(): Promise<void> {
    this.isOpen = true;
  }

  async close(): Promise<void> {
    this.isOpen = false;
  }

  setReceiver(receiver: MessageReceiver): void {
    this.#receiver = receiver;
    this.attach((text, flow) => receiver.onMessage(text, flow));
  }

  /** There is no TLS here. */
  reloadTls(): void {}

  closeFlow(flow: Flow): void {
    this.closedFlows.push(flow);
  }

  /** A stream from which no message can be cut; `headerText` as the transport gives it. */
  injectGarbage(flow: Flow, error: SipSyntaxError, headerText?: string): void {
    this.#receiver?.onGarbage?.(flow, error, headerText);
  }

  /** What was sent until now does not matter. */
  ignoreSent(): void {
    for (;;) {
      try {
        this.expectNothing();
        return;
      } catch {
        this.#take();
      }
    }
  }

  #take(): void {
    try {
      this.expectSent("anything");
    } catch {
      // It is out of the list, and that was all.
    }
  }

  counts(): object {
    return {};
  }
}
