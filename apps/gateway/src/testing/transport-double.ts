import type { SipSyntaxError } from "@tandem/sip/message";
import { WireDouble } from "@tandem/sip/testing";
import type { Flow, MessageReceiver, TransportInterface } from "@tandem/sip/transport";
import type { GatewayTransport, GatewayTransportCounts } from "../gateway-options.ts";

/** The wire as a gateway's transport. */
export class TransportDouble extends WireDouble implements GatewayTransport {
  readonly closedFlows: Flow[] = [];
  told: GatewayTransportCounts = {};
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

  /** Interfaces that were added while running, by name. */
  readonly added = new Map<string, TransportInterface>();
  /** Addresses that are not on this host. */
  readonly missingAddresses = new Set<string>();

  async addInterface(transportInterface: TransportInterface): Promise<void> {
    if (this.missingAddresses.has(transportInterface.localAddress)) {
      throw Object.assign(new Error("bind"), { code: "EADDRNOTAVAIL" });
    }
    this.added.set(transportInterface.name, transportInterface);
  }

  async removeInterface(name: string): Promise<void> {
    this.added.delete(name);
  }

  /** Asked of the gateway, as the transport does for every datagram. */
  connectionOf(address: string, interfaceName: string): string | undefined {
    return this.#receiver?.connectionOf?.(address, interfaceName);
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

  counts(): GatewayTransportCounts {
    return this.told;
  }
}
