import { delay, waitFor } from "../../harness/wait.ts";
import type { CallView } from "../agent/operations.ts";
import type { RemoteCall, RemotePhone, Wishes } from "../agent/remote-phone.ts";

export interface CrowdOptions {
  readonly caller: RemotePhone;
  readonly callee: RemotePhone;
  readonly size: number;
  /** Of the call with that number, counted from 0; refused ones count. The user part of its Request-URI is no other call's. */
  readonly wishes: (number: number) => Wishes;
}

interface Placed {
  readonly number: number;
  readonly call: RemoteCall;
}

/** One call of the crowd as its two ends see it. */
export interface BothEnds {
  readonly caller: CallView;
  readonly callee: CallView;
}

/** RTP of one call in one direction. */
export interface Heard {
  readonly sent: number;
  readonly arrived: number;
}

/** Nothing is judged by how long it takes. */
const limitMs = 60_000;
const lookMs = 500;
/**
 * A phone may itself be held up for seconds, with what has arrived waiting in its sockets: a packet is lost when so many
 * looks in a row have found nothing new.
 */
const quietLooks = 12;

/** So many are in setup at a time. */
const placedAtATime = 10;
/** A starved gateway refuses calls to keep those that it has: they are placed again, as an SBC does. */
const attemptsPerCall = 5;

/** Many calls at a time between two phones, with G.711 both ways, and every packet counted at both its ends. */
export class Crowd {
  readonly #options: CrowdOptions;
  /** Those that were answered, and their numbers among all that were placed. */
  readonly #calls: readonly Placed[];
  /** Packets that were lost until the last silence: they will never come. */
  #missing = 0;

  private constructor(options: CrowdOptions, calls: readonly Placed[]) {
    this.#options = options;
    this.#calls = calls;
  }

  /** Places the calls; they speak from their answers on. Fails when too many are not answered. */
  static async place(options: CrowdOptions): Promise<Crowd> {
    const { caller, callee, size, wishes } = options;
    const answered: Placed[] = [];
    for (let number = 0; answered.length < size; ) {
      if (number >= size * attemptsPerCall)
        throw new Error(`${answered.length} of ${number} calls were answered`);
      const placed: Placed[] = [];
      for (const end = number + Math.min(placedAtATime, size - answered.length); number < end; number += 1) {
        placed.push({ number, call: await caller.call(wishes(number)) });
      }
      for (const one of placed) {
        if ((await one.call.settled(limitMs)).state === "answered") answered.push(one);
      }
    }
    const crowd = new Crowd(options, answered);
    await waitFor(
      "the callees to know of it",
      async () => (await callee.received()).filter(({ state }) => state === "answered").length >= size,
      limitMs,
    );
    return crowd;
  }

  /** Every call, in the order in which they were placed. */
  async ends(): Promise<readonly BothEnds[]> {
    const { caller, callee } = this.#options;
    const [placed, received] = await Promise.all([caller.placed(), callee.received()]);
    return this.#calls.map(({ number }) => {
      const [one, other] = [placed[number], received[this.#indexAtCallee(number, received)]];
      if (one === undefined || other === undefined) throw new Error(`call ${number} has one end only`);
      return { caller: one, callee: other };
    });
  }

  async speak(): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.speak(true)));
  }

  /** All cease to speak; what was sent until then has arrived, or never will. */
  async fallSilent(): Promise<readonly Heard[]> {
    await Promise.all(this.#phones.map((phone) => phone.speak(false)));
    let heard = await this.heard();
    for (let quiet = 0; missingIn(heard) > this.#missing && quiet < quietLooks; ) {
      await delay(lookMs);
      const before = missingIn(heard);
      heard = await this.heard();
      quiet = missingIn(heard) === before ? quiet + 1 : 0;
    }
    this.#missing = missingIn(heard);
    return heard;
  }

  /** Two for each call: what the callee hears, what the caller hears. Exact only while nobody speaks. */
  async heard(): Promise<readonly Heard[]> {
    return (await this.ends()).flatMap(({ caller, callee }) => [
      { sent: caller.sentPackets, arrived: callee.receivedPackets },
      { sent: callee.sentPackets, arrived: caller.receivedPackets },
    ]);
  }

  /** The first, third, … call of `ends` is ended by the caller, the others by the callee. */
  async hangUp(): Promise<void> {
    const { callee } = this.#options;
    const received = await callee.received();
    const released = this.#calls.map(async ({ number, call }, index) => {
      if (isEndedByCaller(index)) return call.hangUp();
      return (await callee.incoming(this.#indexAtCallee(number, received))).hangUp();
    });
    await Promise.all(released);
  }

  /** -1: it did not come. */
  #indexAtCallee(number: number, received: readonly CallView[]): number {
    const user = userOf(this.#options.wishes(number).requestUri);
    return received.findIndex(({ requestUri }) => userOf(requestUri ?? "") === user);
  }

  get #phones(): readonly RemotePhone[] {
    return [this.#options.caller, this.#options.callee];
  }
}

/** By the place of the call among the crowd's. */
export function isEndedByCaller(index: number): boolean {
  return index % 2 === 0;
}

function userOf(uri: string): string {
  return /^sip:([^@;]+)@/.exec(uri)?.[1] ?? "";
}

function missingIn(heard: readonly Heard[]): number {
  return heard.reduce((sum, { sent, arrived }) => sum + sent - arrived, 0);
}
