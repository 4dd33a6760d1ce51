import type { DialingPermissions, RiskClass, SnapshotDestinations } from "@tandem/contracts";
import { type PrefixGroup, PrefixMap } from "@tandem/numbering";
import { ForbiddenPrefixes } from "./forbidden-prefixes.ts";

/** What is known of one account's destinations. */
export interface AccountDestinations {
  /** Undefined: the account has none, and no class of any country is refused. */
  readonly permissions: DialingPermissions | undefined;
  /** Its own, then those of its parent if it inherits. */
  readonly prefixes: readonly ForbiddenPrefixes[];
}

/** The class of a number and the prefix that says so; undefined where none does. */
export interface RiskMatch {
  readonly risk: RiskClass;
  readonly prefix: string | undefined;
}

const lowRisk: RiskMatch = { risk: "low-risk", prefix: undefined };

/** The operator's lists: classes of numbers by prefix, and what is forbidden to all accounts. Immutable. */
export class DestinationIndex {
  readonly forbidden: ForbiddenPrefixes;
  readonly #risks: PrefixMap<RiskClass>;

  constructor(lists: SnapshotDestinations | undefined) {
    this.forbidden = new ForbiddenPrefixes(lists ?? {});
    this.#risks = new PrefixMap(risksOf(lists));
  }

  /** The class of a number by the longest prefix; low-risk without any. */
  riskOf(calledNumber: string): RiskMatch {
    const found = this.#risks.find(calledNumber);
    return found === undefined ? lowRisk : { risk: found.value, prefix: found.prefix };
  }
}

/** A prefix on two lists has the class that risks more: it comes last. */
function risksOf(lists: SnapshotDestinations | undefined): PrefixGroup<RiskClass>[] {
  if (lists === undefined) return [];
  return [
    { prefixes: lists.lowRiskPrefixes, value: "low-risk" },
    { prefixes: lists.highRiskSpecialPrefixes, value: "high-risk-special" },
    { prefixes: lists.highRiskTollFraudPrefixes, value: "high-risk-toll-fraud" },
  ];
}
