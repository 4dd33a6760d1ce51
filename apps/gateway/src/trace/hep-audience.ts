import type { TraceConfiguration } from "@tandem/contracts";
import { type HepAgent, type HepEnd, hepPacket } from "./hep-packet.ts";
import { methodOf } from "./message-headers.ts";
import type { TraceAudience, TracedMessage } from "./traced-message.ts";

/** Takes a datagram for the collector. @returns false: dropped */
export type Collect = (packet: Buffer) => boolean;

/** Hands messages to a collector of HEP, but those of the methods that are left out. */
export class HepAudience implements TraceAudience {
  readonly isListening = true;
  readonly #collect: Collect;
  readonly #agent: HepAgent;
  readonly #skipped: ReadonlySet<string>;
  #exported = 0;
  #dropped = 0;

  constructor({ captureId = 0, password, skipMethods = [] }: TraceConfiguration, collect: Collect) {
    this.#collect = collect;
    this.#agent = { captureId, password };
    this.#skipped = new Set(skipMethods);
  }

  get exported(): number {
    return this.#exported;
  }

  /** What the collector's socket did not take. */
  get dropped(): number {
    return this.#dropped;
  }

  tell(message: TracedMessage): void {
    if (this.#skipped.size > 0 && this.#skipped.has(methodOf(message.text) ?? "")) return;
    if (this.#collect(packetOf(message, this.#agent))) this.#exported += 1;
    else this.#dropped += 1;
  }
}

function packetOf({ text, flow, isSent, atMs, call }: TracedMessage, agent: HepAgent): Buffer {
  const here: HepEnd = { address: flow.localAddress, port: flow.localPort };
  const there: HepEnd = { address: flow.remoteAddress, port: flow.remotePort };
  return hepPacket(
    {
      source: isSent ? here : there,
      destination: isSent ? there : here,
      protocol: flow.protocol === "UDP" ? "UDP" : "TCP",
      atMs,
      text,
      correlationId: call?.sid,
    },
    agent,
  );
}
