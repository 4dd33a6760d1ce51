import { flow } from "@tandem/sip/testing";
import type { Flow, SendFailure, Target } from "@tandem/sip/transport";
import { TransportDouble } from "./transport-double.ts";

/** A message on its way over the backbone. */
export interface Carried {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/**
 * The backbone between gateways in one test: what one sends by its interface `backbone` the other gets, in order, once the
 * sender is done. Everything else stays on the wire of each for the script.
 */
export class BackboneLink {
  /** Everything that was carried, lost messages too. */
  readonly carried: Carried[] = [];
  /** Addresses from and to which nothing is carried. */
  readonly dead = new Set<string>();
  /** Addresses to which sending fails at once. */
  readonly refusing = new Set<string>();
  /** What becomes of each message; undefined: it is lost. */
  change: (carried: Carried) => string | undefined = ({ text }) => text;
  readonly #ends = new Map<string, LinkedTransport>();
  readonly #queue: Carried[] = [];
  #isRunning = false;

  join(transport: LinkedTransport): void {
    this.#ends.set(transport.backboneAddress, transport);
  }

  carry(carried: Carried): void {
    this.carried.push(carried);
    this.#queue.push(carried);
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#deliver(next);
    this.#isRunning = false;
  }

  /** Start lines of what was carried, OPTIONS and their answers aside; forgets it. */
  take(): string[] {
    const lines = this.carried.splice(0).filter(({ text }) => !/^CSeq: \d+ OPTIONS/m.test(text));
    return lines.map(({ text }) =>
      text.slice(0, text.indexOf("\r\n")).replace(/^(\S+) sip:\S+ SIP\/2.0$/, "$1"),
    );
  }

  #deliver(carried: Carried): void {
    if (this.dead.has(carried.from) || this.dead.has(carried.to)) return;
    const text = this.change(carried);
    if (text !== undefined) this.#ends.get(carried.to)?.deliver(text, carried.from);
  }
}

export class LinkedTransport extends TransportDouble {
  readonly backboneAddress: string;
  readonly #link: BackboneLink;

  constructor(link: BackboneLink, backboneAddress: string) {
    super();
    this.#link = link;
    this.backboneAddress = backboneAddress;
    link.join(this);
  }

  override sentBy(interfaceName: string, protocol: "UDP" | "TCP" | "TLS"): { host: string; port: number } {
    const sentBy = super.sentBy(interfaceName, protocol);
    return interfaceName === "backbone" ? { ...sentBy, host: this.backboneAddress } : sentBy;
  }

  override sendTo(target: Target, text: string, onFailure: (failure: SendFailure) => void): Flow | undefined {
    if (target.interfaceName !== "backbone") return super.sendTo(target, text, onFailure);
    if (this.#link.refusing.has(target.address)) {
      queueMicrotask(() => onFailure({ code: "connection-refused", text: "connection refused" }));
      return undefined;
    }
    this.#carry(target.address, text);
    return flow("UDP", { interfaceName: "backbone", remoteAddress: target.address });
  }

  override sendOn(on: Flow, text: string, onFailure: (failure: SendFailure) => void): void {
    if (on.interfaceName === "backbone") this.#carry(on.remoteAddress, text);
    else super.sendOn(on, text, onFailure);
  }

  deliver(text: string, from: string): void {
    this.inject(text, flow("UDP", { interfaceName: "backbone", remoteAddress: from }));
  }

  #carry(to: string, text: string): void {
    this.#link.carry({ from: this.backboneAddress, to, text });
  }
}
