/** What the formats that write a line for each rule have in common. */
import type { FirewallPlan, FirewallRule, FirewallSet } from "@tandem/contracts";

/** A rule with its set, told by who sends and who receives. */
export interface DirectedRule extends FirewallRule {
  readonly networks: FirewallSet;
  readonly sourcePorts: FirewallRule["clientPorts"];
  readonly destinationPorts: FirewallRule["clientPorts"];
}

export function directedRules(
  plan: FirewallPlan,
  direction: FirewallRule["direction"],
  family?: 4 | 6,
): readonly DirectedRule[] {
  return plan.rules.flatMap((rule) => {
    const networks = plan.sets.find(({ name }) => name === rule.set);
    if (networks === undefined || rule.direction !== direction) return [];
    if (family !== undefined && networks.family !== family) return [];
    const [sourcePorts, destinationPorts] = rule.fromExchange
      ? [rule.exchangePorts, rule.clientPorts]
      : [rule.clientPorts, rule.exchangePorts];
    return [{ ...rule, networks, sourcePorts, destinationPorts }];
  });
}

/** First lines of a configuration, as comments in its own style. */
export function headLines(plan: FirewallPlan, comment: string): readonly string[] {
  const whose =
    plan.perspective === "customer"
      ? "What a customer's firewall must allow, so that calls pass in both directions."
      : "What the firewall in front of the exchange must allow, so that calls of customers pass in both directions.";
  return [
    `${comment} ${whose} Made by tandem firewall.`,
    ...plan.sets.map((set) => `${comment} ${set.name}: ${set.edges.join(" ")}`),
  ];
}

/** `5060`, or `10000-60000` with the separator of the language. */
export function portText({ first, last }: { first: number; last: number }, separator: string): string {
  return first === last ? String(first) : `${first}${separator}${last}`;
}
