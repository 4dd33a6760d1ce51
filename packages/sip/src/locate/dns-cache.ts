import type { Clock } from "@tandem/clock";
import type { DnsAnswer, RecordOf, RecordType } from "./resolver.ts";

/** How long answers are kept, in seconds. */
export interface DnsCacheTimes {
  /** Longest life of an answer, whatever its TTL says. */
  readonly maximumTtlSeconds: number;
  /** Longest life of "does not exist" (RFC 2308 §5). */
  readonly maximumNegativeTtlSeconds: number;
  /** Longest life of "nobody knows" (RFC 2308 §7). */
  readonly maximumFailureTtlSeconds: number;
  /** How long past its life an answer may still serve when the resolver fails (RFC 8767 §5). */
  readonly maximumStaleSeconds: number;
  /** How long the resolver is left alone after it failed and a stale answer served (RFC 8767 §5: 30 s). */
  readonly staleRecheckSeconds: number;
}

export const defaultDnsCacheTimes: DnsCacheTimes = {
  maximumTtlSeconds: 86_400,
  maximumNegativeTtlSeconds: 300,
  maximumFailureTtlSeconds: 5,
  maximumStaleSeconds: 86_400,
  staleRecheckSeconds: 30,
};

type AnyAnswer = DnsAnswer<RecordOf[RecordType]>;

interface Entry {
  readonly answer: AnyAnswer;
  freshUntilMs: number;
  readonly staleUntilMs: number;
}

/** Answers by question. At its limit the answer used longest ago goes. */
export class DnsCache {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #times: DnsCacheTimes;
  readonly #entries = new Map<string, Entry>();

  constructor(options: { clock: Clock; limit: number; times?: DnsCacheTimes }) {
    this.#clock = options.clock;
    this.#limit = options.limit;
    this.#times = options.times ?? defaultDnsCacheTimes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** An answer within its life. */
  fresh<T extends RecordType>(type: T, name: string): DnsAnswer<RecordOf[T]> | undefined {
    const key = keyOf(type, name);
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#clock.monotonicMs() >= entry.freshUntilMs) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    // Stored under its own type: the key begins with it.
    return entry.answer as DnsAnswer<RecordOf[T]>;
  }

  /** An answer past its life that may still serve when nothing better is to be had. */
  stale<T extends RecordType>(type: T, name: string): DnsAnswer<RecordOf[T]> | undefined {
    const entry = this.#entries.get(keyOf(type, name));
    if (entry === undefined || this.#clock.monotonicMs() >= entry.staleUntilMs) return undefined;
    return entry.answer as DnsAnswer<RecordOf[T]>;
  }

  /** The stale answer, which now serves everybody until the resolver is asked again. */
  serveStale<T extends RecordType>(type: T, name: string): DnsAnswer<RecordOf[T]> | undefined {
    const stale = this.stale(type, name);
    if (stale !== undefined) this.#prolong(keyOf(type, name));
    return stale;
  }

  /** Keeps an answer of the resolver. Returns what to go on with: the same, or a stale one in place of a failure. */
  store<T extends RecordType>(type: T, name: string, answer: DnsAnswer<RecordOf[T]>): DnsAnswer<RecordOf[T]> {
    const isFailure = !answer.ok && (answer.code === "TIMEOUT" || answer.code === "SERVFAIL");
    const stale = isFailure ? this.serveStale(type, name) : undefined;
    if (stale !== undefined) return stale;
    this.#set(keyOf(type, name), answer);
    return answer;
  }

  #prolong(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    const recheckMs = this.#clock.monotonicMs() + this.#times.staleRecheckSeconds * 1000;
    entry.freshUntilMs = Math.min(recheckMs, entry.staleUntilMs);
  }

  #set(key: string, answer: AnyAnswer): void {
    this.#entries.delete(key);
    const ttlMs = Math.min(answer.ttlSeconds, this.#longestLifeSeconds(answer)) * 1000;
    if (!(ttlMs > 0)) return;
    const freshUntilMs = this.#clock.monotonicMs() + ttlMs;
    const staleMs = answer.ok ? this.#times.maximumStaleSeconds * 1000 : 0;
    this.#entries.set(key, { answer, freshUntilMs, staleUntilMs: freshUntilMs + staleMs });
    if (this.#entries.size > this.#limit) this.#dropOldest();
  }

  #longestLifeSeconds(answer: AnyAnswer): number {
    if (answer.ok) return this.#times.maximumTtlSeconds;
    const isKnown = answer.code === "NXDOMAIN" || answer.code === "NODATA";
    return isKnown ? this.#times.maximumNegativeTtlSeconds : this.#times.maximumFailureTtlSeconds;
  }

  #dropOldest(): void {
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}

function keyOf(type: RecordType, name: string): string {
  return `${type} ${name}`;
}
