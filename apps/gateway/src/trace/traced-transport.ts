import type {
  Flow,
  MessageReceiver,
  SendFailure,
  Target,
  TlsOptions,
  TransportInterface,
  TransportProtocol,
} from "@tandem/sip/transport";
import type { GatewayTransport, GatewayTransportCounts } from "../gateway-options.ts";
import type { HepAudience } from "./hep-audience.ts";
import type { SipTrace } from "./sip-trace.ts";

type OnFailure = (failure: SendFailure) => void;

/** A transport of which a trace sees every message. */
export class TracedTransport implements GatewayTransport {
  readonly #transport: GatewayTransport;
  readonly #trace: SipTrace;
  readonly #collector: HepAudience | undefined;

  /** @param collector undefined: none is configured, and nothing of it is counted */
  constructor(transport: GatewayTransport, trace: SipTrace, collector?: HepAudience) {
    this.#transport = transport;
    this.#trace = trace;
    this.#collector = collector;
  }

  sendTo(target: Target, text: string, onFailure: OnFailure): Flow | undefined {
    const flow = this.#transport.sendTo(target, text, onFailure);
    if (flow !== undefined) this.#trace.onSent(text, flow);
    return flow;
  }

  sendOn(flow: Flow, text: string, onFailure: OnFailure): void {
    this.#transport.sendOn(flow, text, onFailure);
    this.#trace.onSent(text, flow);
  }

  setReceiver(receiver: MessageReceiver): void {
    this.#transport.setReceiver(tracedReceiver(receiver, this.#trace));
  }

  counts(): GatewayTransportCounts {
    const counts = this.#transport.counts();
    const collector = this.#collector;
    if (collector === undefined) return counts;
    const dropped = collector.dropped + this.#trace.dropped;
    return { ...counts, trace: { exported: collector.exported, dropped } };
  }

  /** What still waits is told before the sockets go. */
  async close(): Promise<void> {
    this.#trace.flush();
    await this.#transport.close();
  }

  open(): Promise<void> {
    return this.#transport.open();
  }

  sentBy(
    interfaceName: string,
    protocol: TransportProtocol,
  ): { readonly host: string; readonly port: number } {
    return this.#transport.sentBy(interfaceName, protocol);
  }

  closeFlow(flow: Flow): void {
    this.#transport.closeFlow(flow);
  }

  reloadTls(options: TlsOptions): void {
    this.#transport.reloadTls(options);
  }

  addInterface(transportInterface: TransportInterface): Promise<void> {
    return this.#transport.addInterface(transportInterface);
  }

  removeInterface(name: string): Promise<void> {
    return this.#transport.removeInterface(name);
  }
}

/** The receiver, with its optional methods only where it has them. */
function tracedReceiver(receiver: MessageReceiver, trace: SipTrace): MessageReceiver {
  return {
    ...(receiver.onFlowClosed !== undefined && {
      onFlowClosed: (flow: Flow, why: string) => receiver.onFlowClosed?.(flow, why),
    }),
    ...(receiver.onGarbage !== undefined && {
      onGarbage: (...garbage: Parameters<NonNullable<MessageReceiver["onGarbage"]>>) =>
        receiver.onGarbage?.(...garbage),
    }),
    ...(receiver.accept !== undefined && {
      accept: (...asked: Parameters<NonNullable<MessageReceiver["accept"]>>) =>
        receiver.accept?.(...asked) ?? true,
    }),
    ...(receiver.connectionOf !== undefined && {
      connectionOf: (address: string, name: string) => receiver.connectionOf?.(address, name),
    }),
    onMessage: (text, flow) => {
      trace.onReceived(text, flow);
      receiver.onMessage(text, flow);
    },
  };
}
