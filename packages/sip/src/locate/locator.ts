import type { Clock } from "@tandem/clock";
import type { TransportProtocol } from "../transport/index.ts";
import type { SipUri } from "../uri/index.ts";
import { CachingResolver } from "./caching-resolver.ts";
import type { DnsCacheTimes } from "./dns-cache.ts";
import type { KnownAnswers } from "./dns-view.ts";
import type { Located } from "./located.ts";
import { type PlanOptions, planTargets } from "./plan.ts";
import type { DnsAnswer, RecordOf, RecordType, Resolver } from "./resolver.ts";

export interface LocatorOptions {
  readonly clock: Clock;
  readonly resolver: Resolver;
  /** Numbers in [0, 1) for SRV weights. */
  readonly random: () => number;
  /** DNS answers kept; the one used longest ago goes first. */
  readonly cacheLimit: number;
  /** Transports we speak, the preferred ones first: the order of SRV without NAPTR. */
  readonly protocols: readonly TransportProtocol[];
  /** Address families asked for, in the order to try. Default IPv4, then IPv6. */
  readonly families?: readonly (4 | 6)[] | undefined;
  /** Targets of one URI; what DNS offers beyond is left out. Default 32. */
  readonly maximumTargets?: number | undefined;
  /** Questions under way. Default 1024. */
  readonly maximumQueriesInFlight?: number | undefined;
  /** For one question. Default 5000. */
  readonly queryTimeoutMs?: number | undefined;
  /** What the resolver gets when a stale answer is at hand. Default 1800 (RFC 8767 §5). */
  readonly staleAfterMs?: number | undefined;
  readonly cacheTimes?: DnsCacheTimes | undefined;
}

/** NAPTR, SRV, addresses: three questions that depend on each other, then the plan is complete. */
const maximumRounds = 4;

/** From a URI to addresses (RFC 3263). Answers are cached; a dead DNS is covered by stale ones for a day (RFC 8767). */
export class Locator {
  readonly #planOptions: PlanOptions;
  readonly #resolver: CachingResolver;
  readonly #cached: KnownAnswers;

  constructor(options: LocatorOptions) {
    this.#planOptions = {
      protocols: options.protocols,
      families: options.families ?? [4, 6],
      random: options.random,
      maximumTargets: options.maximumTargets ?? 32,
    };
    this.#resolver = new CachingResolver({
      clock: options.clock,
      resolver: options.resolver,
      cacheLimit: options.cacheLimit,
      cacheTimes: options.cacheTimes,
      maximumQueriesInFlight: options.maximumQueriesInFlight ?? 1024,
      queryTimeoutMs: options.queryTimeoutMs ?? 5000,
      staleAfterMs: options.staleAfterMs ?? 1800,
    });
    this.#cached = (type, name) => this.#resolver.cached(type, name);
  }

  /** Open questions and kept answers, for gauges. */
  counts(): { cachedAnswers: number; queriesInFlight: number } {
    return { cachedAnswers: this.#resolver.cachedAnswers, queriesInFlight: this.#resolver.queriesInFlight };
  }

  /** Without waiting: numeric hosts, and names of which everything is cached. undefined: `locate` must be asked. */
  locateNow(uri: SipUri): Located | undefined {
    const plan = planTargets(uri, this.#planOptions, this.#cached);
    return plan.kind === "located" ? plan.located : undefined;
  }

  /** All targets in the order to try. Never rejects. */
  async locate(uri: SipUri): Promise<Located> {
    const answers = new Map<string, DnsAnswer<RecordOf[RecordType]>>();
    // What this search has learned counts for it even with a TTL of 0.
    const known: KnownAnswers = <T extends RecordType>(type: T, name: string) =>
      (answers.get(`${type} ${name}`) as DnsAnswer<RecordOf[T]> | undefined) ?? this.#cached(type, name);
    for (let round = 0; round < maximumRounds; round++) {
      const plan = planTargets(uri, this.#planOptions, known);
      if (plan.kind === "located") return plan.located;
      const learned = plan.questions.map(async ({ type, name }) => {
        answers.set(`${type} ${name}`, await this.#resolver.resolve(type, name));
      });
      await Promise.all(learned);
    }
    return { ok: false, code: "resolver-failed", text: `${uri.host} needs too many questions` };
  }
}
