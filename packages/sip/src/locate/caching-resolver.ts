import type { Clock, Timer } from "@tandem/clock";
import { DnsCache, type DnsCacheTimes } from "./dns-cache.ts";
import type { DnsAnswer, RecordOf, RecordType, Resolver } from "./resolver.ts";

export interface CachingResolverOptions {
  readonly clock: Clock;
  readonly resolver: Resolver;
  /** Answers kept. */
  readonly cacheLimit: number;
  readonly cacheTimes?: DnsCacheTimes | undefined;
  /** Questions under way. More are answered SERVFAIL at once. */
  readonly maximumQueriesInFlight: number;
  /** An answer that takes longer is a TIMEOUT, whatever the resolver does. */
  readonly queryTimeoutMs: number;
  /** When a stale answer is at hand the resolver gets only this long (RFC 8767 §5: 1.8 s). */
  readonly staleAfterMs: number;
}

type AnyAnswer = DnsAnswer<RecordOf[RecordType]>;

/** Resolver with a cache. Equal questions under way are asked once; a failing resolver is covered by stale answers (RFC 8767). */
export class CachingResolver {
  readonly #options: CachingResolverOptions;
  readonly #cache: DnsCache;
  readonly #inFlight = new Map<string, Promise<AnyAnswer>>();

  constructor(options: CachingResolverOptions) {
    this.#options = options;
    this.#cache = new DnsCache({
      clock: options.clock,
      limit: options.cacheLimit,
      ...(options.cacheTimes === undefined ? {} : { times: options.cacheTimes }),
    });
  }

  get cachedAnswers(): number {
    return this.#cache.size;
  }
  get queriesInFlight(): number {
    return this.#inFlight.size;
  }

  /** What the cache has, at once. */
  cached<T extends RecordType>(type: T, name: string): DnsAnswer<RecordOf[T]> | undefined {
    return this.#cache.fresh(type, name);
  }

  /** Never rejects. */
  async resolve<T extends RecordType>(type: T, name: string): Promise<DnsAnswer<RecordOf[T]>> {
    const cached = this.#cache.fresh(type, name);
    if (cached !== undefined) return cached;
    const key = `${type} ${name}`;
    const underWay = this.#inFlight.get(key);
    // Under this key only answers of this type are under way.
    const query = (underWay as Promise<DnsAnswer<RecordOf[T]>> | undefined) ?? this.#start(key, type, name);
    const stale = this.#cache.stale(type, name);
    if (stale === undefined) return query;
    const answer = await this.#within(query, this.#options.staleAfterMs, undefined);
    return answer ?? this.#cache.serveStale(type, name) ?? stale;
  }

  #start<T extends RecordType>(key: string, type: T, name: string): Promise<DnsAnswer<RecordOf[T]>> {
    if (this.#inFlight.size >= this.#options.maximumQueriesInFlight) {
      const tooMany = { ok: false, code: "SERVFAIL", ttlSeconds: 0 } as const;
      return Promise.resolve(this.#cache.stale(type, name) ?? tooMany);
    }
    const query = this.#ask(type, name).then((answer) => {
      this.#inFlight.delete(key);
      return this.#cache.store(type, name, answer);
    });
    this.#inFlight.set(key, query);
    return query;
  }

  #ask<T extends RecordType>(type: T, name: string): Promise<DnsAnswer<RecordOf[T]>> {
    const { queryTimeoutMs } = this.#options;
    const timeout: DnsAnswer<RecordOf[T]> = { ok: false, code: "TIMEOUT", ttlSeconds: failureTtlSeconds };
    const answer = this.#askResolver(type, name).catch(
      (): DnsAnswer<RecordOf[T]> => ({ ok: false, code: "SERVFAIL", ttlSeconds: 0 }),
    );
    return this.#within(answer, queryTimeoutMs, timeout);
  }

  async #askResolver<T extends RecordType>(type: T, name: string): Promise<DnsAnswer<RecordOf[T]>> {
    const { resolver } = this.#options;
    const ask: { [K in RecordType]: (name: string) => Promise<DnsAnswer<RecordOf[K]>> } = {
      NAPTR: (asked) => resolver.naptr(asked),
      SRV: (asked) => resolver.srv(asked),
      A: (asked) => resolver.a(asked),
      AAAA: (asked) => resolver.aaaa(asked),
    };
    return ask[type](name);
  }

  /** The answer, or the substitute when it takes too long. */
  async #within<A, S>(answer: Promise<A>, timeoutMs: number, substitute: S): Promise<A | S> {
    const late = Promise.withResolvers<S>();
    const timer: Timer = this.#options.clock.schedule(timeoutMs, late.resolve, substitute);
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      timer.cancel();
    }
  }
}

/** A resolver that does not answer is asked again after this time at the earliest (cut by the cache). */
const failureTtlSeconds = 5;
