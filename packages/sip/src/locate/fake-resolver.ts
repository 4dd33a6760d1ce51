import type {
  AddressRecord,
  DnsAnswer,
  DnsFailureCode,
  NaptrRecord,
  RecordType,
  Resolver,
  SrvRecord,
} from "./resolver.ts";

type AnyAnswer = DnsAnswer<NaptrRecord> | DnsAnswer<SrvRecord> | DnsAnswer<AddressRecord>;

/** DNS for tests: a table of answers, and a list of what was asked. What the table lacks is NODATA. */
export class FakeResolver implements Resolver {
  /** "TYPE name" in the order asked. */
  asked: string[] = [];
  ttlSeconds = 60;
  negativeTtlSeconds = 30;
  readonly #answers = new Map<string, AnyAnswer>();
  readonly #held: (() => void)[] = [];
  #isHolding = false;

  /** "order preference flags services replacement" */
  naptrRecords(name: string, ...rows: string[]): this {
    const records = rows.map((row): NaptrRecord => {
      const [order, preference, flags = "", services = "", replacement = ""] = row.split(" ");
      return {
        order: Number(order),
        preference: Number(preference),
        flags,
        services,
        regexp: "",
        replacement,
      };
    });
    return this.#set("NAPTR", name, { ok: true, records, ttlSeconds: this.ttlSeconds });
  }

  /** "priority weight port target" */
  srvRecords(name: string, ...rows: string[]): this {
    const records = rows.map((row): SrvRecord => {
      const [priority, weight, port, target = ""] = row.split(" ");
      return { priority: Number(priority), weight: Number(weight), port: Number(port), target };
    });
    return this.#set("SRV", name, { ok: true, records, ttlSeconds: this.ttlSeconds });
  }

  addresses(type: "A" | "AAAA", name: string, ...addresses: string[]): this {
    const records = addresses.map((address) => ({ address }));
    return this.#set(type, name, { ok: true, records, ttlSeconds: this.ttlSeconds });
  }

  fails(type: RecordType, name: string, code: DnsFailureCode, ttlSeconds = 0): this {
    return this.#set(type, name, { ok: false, code, ttlSeconds });
  }

  #set(type: RecordType, name: string, answer: AnyAnswer): this {
    this.#answers.set(`${type} ${name}`, answer);
    return this;
  }

  /** From now on answers wait for `release`. */
  hold(): void {
    this.#isHolding = true;
  }

  release(): void {
    this.#isHolding = false;
    for (const resolve of this.#held.splice(0)) resolve();
  }

  takeAsked(): string[] {
    return this.asked.splice(0);
  }

  naptr(name: string): Promise<DnsAnswer<NaptrRecord>> {
    return this.#answer("NAPTR", name) as Promise<DnsAnswer<NaptrRecord>>;
  }
  srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return this.#answer("SRV", name) as Promise<DnsAnswer<SrvRecord>>;
  }
  a(name: string): Promise<DnsAnswer<AddressRecord>> {
    return this.#answer("A", name) as Promise<DnsAnswer<AddressRecord>>;
  }
  aaaa(name: string): Promise<DnsAnswer<AddressRecord>> {
    return this.#answer("AAAA", name) as Promise<DnsAnswer<AddressRecord>>;
  }

  async #answer(type: RecordType, name: string): Promise<AnyAnswer> {
    this.asked.push(`${type} ${name}`);
    if (this.#isHolding) await new Promise<void>((resolve) => this.#held.push(resolve));
    const nothing: AnyAnswer = { ok: false, code: "NODATA", ttlSeconds: this.negativeTtlSeconds };
    return this.#answers.get(`${type} ${name}`) ?? nothing;
  }
}
