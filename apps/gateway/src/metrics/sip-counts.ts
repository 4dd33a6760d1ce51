import type { Flow, MessageSink, SendFailure, Target, TransportProtocol } from "@tandem/sip/transport";
import type { Sample } from "@tandem/telemetry";

const transports = ["UDP", "TCP", "TLS"] as const;
const methods = [
  "INVITE",
  "ACK",
  "BYE",
  "CANCEL",
  "OPTIONS",
  "REGISTER",
  "PRACK",
  "UPDATE",
  "INFO",
  "REFER",
  "NOTIFY",
  "SUBSCRIBE",
  "MESSAGE",
  "PUBLISH",
] as const;
/** What it is when it is none of these: somebody else's word never becomes a label. */
const otherMethod = methods.length;
const firstResponse = otherMethod + 1;
const statusClasses = ["1xx", "2xx", "3xx", "4xx", "5xx", "6xx"] as const;
const kinds = [...methods, "other", ...statusClasses];

const received = 0;
const sent = 1;
const slotsOfDirection = kinds.length * transports.length;

/** SIP messages by direction, kind and transport. One message costs a look at its first characters and one addition. */
export class SipCounts {
  /** Texts that came and are no SIP. */
  unreadable = 0;
  readonly #counts = new Float64Array(2 * slotsOfDirection);

  received(text: string, protocol: TransportProtocol): void {
    this.#count(received, text, protocol);
  }

  sent(text: string, protocol: TransportProtocol): void {
    this.#count(sent, text, protocol);
  }

  requests(sample: Sample): void {
    this.#tell(0, firstResponse, sample);
  }

  responses(sample: Sample): void {
    this.#tell(firstResponse, kinds.length, sample);
  }

  #count(direction: number, text: string, protocol: TransportProtocol): void {
    const slot = direction * slotsOfDirection + kindOf(text) * transports.length + transportOf(protocol);
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  #tell(from: number, to: number, sample: Sample): void {
    for (const direction of [received, sent]) {
      for (let kind = from; kind < to; kind += 1) {
        for (const [index, transport] of transports.entries()) {
          const count = this.#counts[direction * slotsOfDirection + kind * transports.length + index] ?? 0;
          if (count > 0)
            sample(count, direction === sent ? "sent" : "received", kinds[kind] ?? "", transport);
        }
      }
    }
  }
}

function transportOf(protocol: TransportProtocol): number {
  if (protocol === "UDP") return 0;
  return protocol === "TCP" ? 1 : 2;
}

function kindOf(text: string): number {
  if (text.startsWith("SIP/2.0 ")) {
    const statusClass = text.charCodeAt(8) - 49;
    return statusClass >= 0 && statusClass < statusClasses.length ? firstResponse + statusClass : otherMethod;
  }
  for (let index = 0; index < methods.length; index += 1) {
    const method = methods[index] as string;
    if (text.startsWith(method) && text.charCodeAt(method.length) === 32) return index;
  }
  return otherMethod;
}

/** Counts what goes out by it. */
export class CountingSink implements MessageSink {
  readonly #sink: MessageSink;
  readonly #counts: SipCounts;

  constructor(sink: MessageSink, counts: SipCounts) {
    this.#sink = sink;
    this.#counts = counts;
  }

  sentBy(
    interfaceName: string,
    protocol: TransportProtocol,
  ): { readonly host: string; readonly port: number } {
    return this.#sink.sentBy(interfaceName, protocol);
  }

  /** A long request for UDP may go by TCP; one that could not be sent is not counted. */
  sendTo(target: Target, text: string, onFailure: (failure: SendFailure) => void): Flow | undefined {
    const flow = this.#sink.sendTo(target, text, onFailure);
    if (flow !== undefined) this.#counts.sent(text, flow.protocol);
    return flow;
  }

  sendOn(flow: Flow, text: string, onFailure: (failure: SendFailure) => void): void {
    this.#sink.sendOn(flow, text, onFailure);
    this.#counts.sent(text, flow.protocol);
  }
}
