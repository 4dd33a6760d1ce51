import type { RiskClass, SnapshotDestinations } from "@tandem/contracts";
import { shippedPrefixes } from "@tandem/numbering";

export type RiskLists = Pick<
  SnapshotDestinations,
  "lowRiskPrefixes" | "highRiskSpecialPrefixes" | "highRiskTollFraudPrefixes"
>;

/**
 * The classes of numbers that hold: the lists that the exchange ships with, and the operator's, whose word on a prefix
 * replaces the shipped one. Each list ascending.
 */
export function riskLists(
  operators: readonly { readonly prefix: string; readonly risk: RiskClass }[],
): RiskLists {
  const risks = new Map<string, RiskClass>();
  for (const prefix of shippedPrefixes.highRiskSpecial) risks.set(prefix, "high-risk-special");
  for (const prefix of shippedPrefixes.highRiskTollFraud) risks.set(prefix, "high-risk-toll-fraud");
  for (const { prefix, risk } of operators) risks.set(prefix, risk);
  const of = (wanted: RiskClass): string[] =>
    [...risks]
      .filter(([, risk]) => risk === wanted)
      .map(([prefix]) => prefix)
      .toSorted();
  return {
    lowRiskPrefixes: of("low-risk"),
    highRiskSpecialPrefixes: of("high-risk-special"),
    highRiskTollFraudPrefixes: of("high-risk-toll-fraud"),
  };
}
