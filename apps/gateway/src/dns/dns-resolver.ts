import type { Clock } from "@tandem/clock";
import type {
  AddressRecord,
  DnsAnswer,
  NaptrRecord,
  RecordType,
  Resolver,
  SrvRecord,
} from "@tandem/sip/locate";
import {
  type DnsVerdict,
  type ReadRecord,
  readA,
  readAaaa,
  readDnsAnswer,
  readNaptr,
  readSrv,
  verdictOf,
} from "./dns-answer.ts";
import { type DnsExchange, exchangeByTcp, exchangeByUdp } from "./dns-exchange.ts";
import { makeDnsQuery } from "./dns-query.ts";
import type { DnsServer } from "./dns-servers.ts";

export interface DnsResolverOptions {
  readonly clock: Clock;
  /** Recursive servers, the preferred one first; at least one. */
  readonly servers: readonly DnsServer[];
  /** For one exchange with one server. Default 1000. */
  readonly exchangeTimeoutMs?: number | undefined;
  /** Servers asked for one question, one after the other and round again. Default 4. */
  readonly maximumAttempts?: number | undefined;
  /** Questions at a time; each has a socket. More are answered SERVFAIL. Default 256. */
  readonly maximumQuestions?: number | undefined;
}

/** Nobody knows: whoever caches decides how long to leave the servers alone, up to this. */
const failureTtlSeconds = 30;

/** The answer to "localhost", which never leaves the machine (RFC 6761 §6.3). */
const localhostTtlSeconds = 3600;

/**
 * Stub resolver over UDP, with TCP for what is truncated. A server that fails or is silent hands over to the next,
 * which then stays the first to be asked. Answers are not cached here.
 */
export class DnsResolver implements Resolver {
  readonly #clock: Clock;
  readonly #servers: readonly DnsServer[];
  readonly #exchangeTimeoutMs: number;
  readonly #maximumAttempts: number;
  readonly #maximumQuestions: number;
  #preferred = 0;
  #questions = 0;

  constructor(options: DnsResolverOptions) {
    if (options.servers.length === 0) throw new Error("a resolver needs a DNS server");
    this.#clock = options.clock;
    this.#servers = options.servers;
    this.#exchangeTimeoutMs = options.exchangeTimeoutMs ?? 1000;
    this.#maximumAttempts = options.maximumAttempts ?? 4;
    this.#maximumQuestions = options.maximumQuestions ?? 256;
  }

  /** Questions being asked now. */
  get questionsInFlight(): number {
    return this.#questions;
  }

  naptr(name: string): Promise<DnsAnswer<NaptrRecord>> {
    return this.#ask("NAPTR", name, readNaptr);
  }
  srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return this.#ask("SRV", name, readSrv);
  }
  a(name: string): Promise<DnsAnswer<AddressRecord>> {
    if (isLocalhost(name)) return Promise.resolve(localAnswer("127.0.0.1"));
    return this.#ask("A", name, readA);
  }
  aaaa(name: string): Promise<DnsAnswer<AddressRecord>> {
    if (isLocalhost(name)) return Promise.resolve(localAnswer("::1"));
    return this.#ask("AAAA", name, readAaaa);
  }

  async #ask<R>(type: RecordType, name: string, read: ReadRecord<R>): Promise<DnsAnswer<R>> {
    if (this.#questions >= this.#maximumQuestions) return { ok: false, code: "SERVFAIL", ttlSeconds: 0 };
    this.#questions++;
    try {
      return await this.#askServers(type, name, read);
    } catch {
      // A name that cannot be written as a question.
      return { ok: false, code: "SERVFAIL", ttlSeconds: failureTtlSeconds };
    } finally {
      this.#questions--;
    }
  }

  async #askServers<R>(type: RecordType, name: string, read: ReadRecord<R>): Promise<DnsAnswer<R>> {
    let hasAnybodyFailed = false;
    for (let attempt = 0; attempt < this.#maximumAttempts; attempt++) {
      const index = this.#preferred;
      const exchange = await this.#askServer(this.#servers[index] ?? firstOf(this.#servers), type, name);
      if (exchange.kind === "response" && isConclusive(verdictOf(exchange.packet))) {
        return readDnsAnswer(exchange.packet, name, read);
      }
      hasAnybodyFailed ||= exchange.kind !== "timeout";
      // Another question may have moved on meanwhile; then its choice stands.
      if (this.#preferred === index) this.#preferred = (index + 1) % this.#servers.length;
    }
    return { ok: false, code: hasAnybodyFailed ? "SERVFAIL" : "TIMEOUT", ttlSeconds: failureTtlSeconds };
  }

  /** By UDP; again without EDNS for a server that dislikes it, and by TCP when the answer was cut off. */
  async #askServer(server: DnsServer, type: RecordType, name: string): Promise<DnsExchange> {
    let query = makeDnsQuery(type, name, true);
    let exchange = await exchangeByUdp(this.#clock, server, query, this.#exchangeTimeoutMs);
    if (exchange.kind === "response" && verdictOf(exchange.packet) === "refused-edns") {
      query = makeDnsQuery(type, name, false);
      exchange = await exchangeByUdp(this.#clock, server, query, this.#exchangeTimeoutMs);
    }
    if (exchange.kind !== "response" || !exchange.packet.flag_tc) return exchange;
    return exchangeByTcp(this.#clock, server, query, this.#exchangeTimeoutMs);
  }
}

function isConclusive(verdict: DnsVerdict): boolean {
  return verdict === "answer" || verdict === "no-such-name";
}

function firstOf(servers: readonly DnsServer[]): DnsServer {
  return servers[0] ?? { address: "127.0.0.1", port: 53 };
}

function isLocalhost(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

function localAnswer(address: string): DnsAnswer<AddressRecord> {
  return { ok: true, records: [{ address }], ttlSeconds: localhostTtlSeconds };
}
