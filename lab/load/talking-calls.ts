import type { Clock } from "@tandem/clock";
import type { Exchange } from "../harness/exchange.ts";
import { delay, waitFor } from "../harness/wait.ts";
import { Phone } from "../user-agents/phone.ts";
import { loadAddresses, mediaPrefix, trunkLabel } from "./load-network.ts";

/**
 * This process may itself be held up for a second, with what has arrived waiting in its sockets: a packet counts as lost
 * when it has not been read long after.
 */
const lastPacketsMs = 10_000;

export interface TalkingCallsOptions {
  readonly clock: Clock;
  readonly exchange: Exchange;
  readonly phonePort: number;
  /** Calls with G.711 both ways at a time. */
  readonly concurrent: number;
  readonly holdSeconds: number;
  readonly seconds: number;
}

export interface TalkingCallsResult {
  readonly calls: number;
  readonly failed: number;
  readonly packetsSent: number;
  readonly packetsArrived: number;
}

/** Keeps `concurrent` calls talking, each for `holdSeconds`, and counts every packet at both ends. */
export class TalkingCalls {
  readonly #options: TalkingCallsOptions;
  readonly #customer: Phone;
  readonly #carrier: Phone;
  #calls = 0;
  #failed = 0;
  #sent = 0;
  #arrived = 0;

  constructor(options: TalkingCallsOptions) {
    this.#options = options;
    const { clock, phonePort: port } = options;
    this.#customer = new Phone({ clock, address: loadAddresses.mediaCustomer, port, toneHz: 440 });
    this.#carrier = new Phone({ clock, address: loadAddresses.mediaCarrier, port, toneHz: 1000 });
  }

  get result(): TalkingCallsResult {
    return {
      calls: this.#calls,
      failed: this.#failed,
      packetsSent: this.#sent,
      packetsArrived: this.#arrived,
    };
  }

  async run(): Promise<TalkingCallsResult> {
    const { clock, concurrent, holdSeconds, seconds } = this.#options;
    await this.#customer.open();
    await this.#carrier.open();
    const endMs = clock.monotonicMs() + seconds * 1000;
    const lines = Array.from({ length: concurrent }, async (_, line) => {
      // Spread over the hold time, so that calls begin and end one by one.
      await delay((line * holdSeconds * 1000) / concurrent);
      while (clock.monotonicMs() + holdSeconds * 1000 < endMs) await this.#oneCall(line);
    });
    await Promise.all(lines);
    await this.#customer.close();
    await this.#carrier.close();
    return this.result;
  }

  async #oneCall(line: number): Promise<void> {
    const { exchange, holdSeconds } = this.#options;
    const caller = `+1202557${String(line).padStart(4, "0")}`;
    this.#calls += 1;
    const call = await this.#customer.call({
      requestUri: `sip:${mediaPrefix}5550100@${exchange.terminationHost(trunkLabel)}`,
      from: `sip:${caller}@${loadAddresses.mediaCustomer}`,
      to: { address: exchange.customerAddress, port: exchange.sipPort },
    });
    try {
      await waitFor("an answer", () => call.state !== "setup", 20_000);
      const { received } = this.#carrier;
      const callee = received.find(
        (one) => one.state === "answered" && one.request?.text.includes(caller) === true,
      );
      if (call.state !== "answered" || callee === undefined) throw new Error("not answered");
      await delay(holdSeconds * 1000);
      call.audio.stop();
      callee.audio.stop();
      const sent = call.audio.sentPackets + callee.audio.sentPackets;
      const arrived = (): number => call.audio.receivedPackets + callee.audio.receivedPackets;
      await waitFor("the last packets", () => arrived() >= sent, lastPacketsMs).catch(() => undefined);
      this.#sent += sent;
      this.#arrived += arrived();
      call.hangUp();
      await waitFor("the BYE to arrive", () => callee.state === "ended", 5000);
      received.splice(received.indexOf(callee), 1);
      await call.audio.close();
      await callee.audio.close();
    } catch {
      this.#failed += 1;
      call.hangUp();
    }
  }
}
