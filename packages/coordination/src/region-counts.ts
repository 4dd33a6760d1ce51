import { decodeCounts, type GatewayCounts } from "./gateway-counts.ts";

interface HeardGateway {
  readonly text: string;
  /** Undefined: its text can't be read. */
  readonly counts: GatewayCounts | undefined;
}

/**
 * What is known of the other gateways of the region: how many calls each trunk has there, and how many were begun since
 * they were heard last. No clock: who is not heard any more is left out of what is heard.
 */
export class RegionCounts {
  readonly #onBegun: (sid: string, calls: number) => void;
  #gateways: ReadonlyMap<string, HeardGateway> = new Map();
  /** Over all of them. */
  readonly #calls = new Map<string, number>();

  /** @param onBegun hears of calls that another gateway has begun */
  constructor(onBegun: (sid: string, calls: number) => void) {
    this.#onBegun = onBegun;
  }

  /** Others that were heard. */
  get gateways(): number {
    return this.#gateways.size;
  }

  /** Others whose text is no counts: a newer version, or damaged. */
  get unreadable(): number {
    return this.#gateways
      .values()
      .filter(({ counts }) => counts === undefined)
      .toArray().length;
  }

  /** Calls of the trunk that are up at the others. */
  callsOf(trunkSid: string): number {
    return this.#calls.get(trunkSid) ?? 0;
  }

  /** Everything that all others say now, by the name of each. Who is not among them is gone, and its calls with it. */
  hear(texts: ReadonlyMap<string, string>): void {
    const before = this.#gateways;
    const heard = new Map<string, HeardGateway>();
    for (const [name, text] of texts) {
      const known = before.get(name);
      heard.set(name, known?.text === text ? known : { text, counts: decodeCounts(text) });
    }
    this.#gateways = heard;
    for (const [name, { counts }] of before) {
      if (!heard.has(name)) this.#change(counts, undefined);
    }
    for (const [name, { counts }] of heard) {
      const known = before.get(name)?.counts;
      if (known === counts) continue;
      this.#change(known, counts);
      // Of a gateway that was not known, nobody can say when it has begun its calls.
      if (known !== undefined && counts !== undefined) this.#tellBegun(known, counts);
    }
  }

  /** Nobody is heard any more. */
  forget(): void {
    this.hear(new Map());
  }

  /** What one of them says now in place of what it said before. */
  #change(before: GatewayCounts | undefined, after: GatewayCounts | undefined): void {
    for (const [sid, count] of after?.calls ?? []) {
      const known = before?.calls.get(sid) ?? 0;
      if (count !== known) this.#add(sid, count - known);
    }
    for (const [sid, count] of before?.calls ?? []) {
      if (after?.calls.has(sid) !== true) this.#add(sid, -count);
    }
  }

  #add(sid: string, calls: number): void {
    const sum = this.callsOf(sid) + calls;
    if (sum > 0) this.#calls.set(sid, sum);
    else this.#calls.delete(sid);
  }

  #tellBegun(before: GatewayCounts, after: GatewayCounts): void {
    for (const [sid, count] of after.begun) {
      const known = before.begun.get(sid) ?? 0;
      // A count that is smaller than before has begun anew: with the trunk's rest, or with the gateway.
      const calls = count < known ? count : count - known;
      if (calls > 0) this.#onBegun(sid, calls);
    }
  }
}
