import type { FirewallPlan, FirewallRule } from "@tandem/contracts";

/** A rule of a firewall that remembers nothing, as it was read back from a configuration. */
export interface ReadRule {
  readonly protocol: string;
  readonly networks: readonly string[];
  readonly isFromExchange: boolean;
  /** `5060-5060`; empty: any port. */
  readonly source: string;
  readonly destination: string;
  readonly isEstablished: boolean;
}

/** What a plan asks for in one direction. */
export function wantedRules(plan: FirewallPlan, direction: FirewallRule["direction"]): readonly ReadRule[] {
  const text = (ports: FirewallRule["clientPorts"]) => (ports === null ? "" : `${ports.first}-${ports.last}`);
  return plan.rules
    .filter((rule) => rule.direction === direction)
    .map((rule) => {
      const ports = [text(rule.exchangePorts), text(rule.clientPorts)];
      const [source = "", destination = ""] = rule.fromExchange ? ports : ports.reverse();
      return {
        protocol: rule.protocol,
        networks: plan.sets.find(({ name }) => name === rule.set)?.networks ?? [],
        isFromExchange: rule.fromExchange,
        source,
        destination,
        isEstablished: rule.isReply && rule.protocol === "tcp",
      };
    });
}
