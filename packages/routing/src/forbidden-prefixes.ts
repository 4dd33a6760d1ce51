import { PrefixMap } from "@tandem/numbering";

/** Numbers that nobody may call and numbers that nobody may show, of an account or of all. */
export class ForbiddenPrefixes {
  readonly #blocked: PrefixMap<true>;
  readonly #doNotOriginate: PrefixMap<true>;

  constructor(lists: {
    readonly blockedPrefixes?: readonly string[];
    readonly doNotOriginatePrefixes?: readonly string[];
  }) {
    this.#blocked = mapOf(lists.blockedPrefixes);
    this.#doNotOriginate = mapOf(lists.doNotOriginatePrefixes);
  }

  /** The prefix that forbids the called number; undefined: none. */
  blocking(calledNumber: string): string | undefined {
    return this.#blocked.find(calledNumber)?.prefix;
  }

  /** The prefix that forbids the calling number; undefined: none. */
  notOriginating(callingNumber: string): string | undefined {
    return this.#doNotOriginate.find(callingNumber)?.prefix;
  }
}

function mapOf(prefixes: readonly string[] = []): PrefixMap<true> {
  return prefixes.length === 0 ? nothing : new PrefixMap([{ prefixes, value: true }]);
}

const nothing = new PrefixMap<true>([]);
