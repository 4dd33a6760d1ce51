import { waitFor } from "../../harness/wait.ts";
import type { CallView } from "./operations.ts";
import type { RemoteAgent } from "./remote-agent.ts";

export interface RemotePhoneOptions {
  readonly address: string;
  /** Default 5060. */
  readonly port?: number;
  /** Tone it speaks. */
  readonly toneHz: number;
  /** Refuses every call with it. */
  readonly refuseWith?: number;
  /** Every packet of that number in a row is lost on its way; 1: all are. */
  readonly dropEvery?: number;
}

export interface Wishes {
  readonly requestUri: string;
  readonly from: string;
  readonly to: { readonly address: string; readonly port: number };
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** A scripted telephone with a tone of its own in one of the hosts. */
export class RemotePhone {
  readonly address: string;
  readonly port: number;
  readonly toneHz: number;
  readonly #agent: RemoteAgent;

  private constructor(agent: RemoteAgent, { address, port = 5060, toneHz }: RemotePhoneOptions) {
    this.#agent = agent;
    this.address = address;
    this.port = port;
    this.toneHz = toneHz;
  }

  static async open(agent: RemoteAgent, options: RemotePhoneOptions): Promise<RemotePhone> {
    const phone = new RemotePhone(agent, options);
    await agent.perform("openPhone", { ...options, port: phone.port });
    return phone;
  }

  get id(): string {
    return `${this.address}:${this.port}`;
  }

  get host(): string {
    return this.#agent.host.name;
  }

  async close(): Promise<void> {
    await this.#agent.perform("closePhone", { phone: this.id });
  }

  async call(wishes: Wishes): Promise<RemoteCall> {
    const number = await this.#agent.perform("call", { phone: this.id, ...wishes });
    return new RemoteCall(this, this.#agent, "placed", number);
  }

  /** Begins or ceases to send RTP in every call that is up. */
  async speak(isSpeaking: boolean): Promise<void> {
    await this.#agent.perform("speak", { phone: this.id, isSpeaking });
  }

  async placed(): Promise<readonly CallView[]> {
    return this.#agent.perform("calls", { phone: this.id, which: "placed" });
  }

  async received(): Promise<readonly CallView[]> {
    return this.#agent.perform("calls", { phone: this.id, which: "received" });
  }

  /** The call that comes in with that number, counted from 0. */
  async incoming(number: number): Promise<RemoteCall> {
    const call = new RemoteCall(this, this.#agent, "received", number);
    await waitFor(`call ${number + 1} at ${this.host}`, async () => (await this.received()).length > number);
    return call;
  }
}

/** A call of a phone in one of the hosts. */
export class RemoteCall {
  readonly phone: RemotePhone;
  readonly #agent: RemoteAgent;
  readonly #which: "placed" | "received";
  readonly #number: number;

  constructor(phone: RemotePhone, agent: RemoteAgent, which: "placed" | "received", number: number) {
    this.phone = phone;
    this.#agent = agent;
    this.#which = which;
    this.#number = number;
  }

  async view(): Promise<CallView> {
    const calls = await (this.#which === "placed" ? this.phone.placed() : this.phone.received());
    const view = calls[this.#number];
    if (view === undefined) throw new Error(`${this.phone.host} has no call ${this.#number + 1}`);
    return view;
  }

  /** Waits for an answer or a refusal. */
  settled(limitMs = 15_000): Promise<CallView> {
    return waitFor(
      `a final response at ${this.phone.host}`,
      async () => {
        const view = await this.view();
        return view.state === "setup" ? undefined : view;
      },
      limitMs,
    );
  }

  async ended(limitMs = 15_000): Promise<CallView> {
    return waitFor(
      `the end of the call at ${this.phone.host}`,
      async () => {
        const view = await this.view();
        return view.state === "ended" || view.state === "refused" ? view : undefined;
      },
      limitMs,
    );
  }

  hangUp(): Promise<void> {
    return this.#agent.perform("hangUp", {
      phone: this.phone.id,
      which: this.#which,
      number: this.#number,
    });
  }
}
