import type { FirewallPlan } from "@tandem/contracts";
import { type DirectedRule, directedRules, headLines, portText } from "./plan-lines.ts";

/**
 * Firewall filters of Junos as `set` commands, `family inet` and `inet6`. They remember nothing, so answers have terms: TCP
 * ones are `tcp-established`.
 */
export function junos(plan: FirewallPlan): string {
  return [
    ...headLines(plan, "#"),
    "# Put the terms into your own filters: a filter discards what no term accepts.",
    ...plan.sets.flatMap(({ name, networks }) =>
      networks.map((network) => `set policy-options prefix-list tandem-${name} ${network}`),
    ),
    ...([4, 6] as const).flatMap((family) =>
      (["in", "out"] as const).flatMap((direction) =>
        directedRules(plan, direction, family).flatMap((rule) => termLines(rule, direction)),
      ),
    ),
  ].join("\n");
}

function termLines(rule: DirectedRule, direction: "in" | "out"): readonly string[] {
  const { networks, name, protocol, sourcePorts, destinationPorts, fromExchange, isReply } = rule;
  const isIpv4 = networks.family === 4;
  const term = `set firewall family inet${isIpv4 ? "" : "6"} filter tandem-${direction} term ${name}`;
  return [
    `from ${fromExchange ? "source" : "destination"}-prefix-list tandem-${networks.name}`,
    `from ${isIpv4 ? "protocol" : "next-header"} ${protocol}`,
    ...(sourcePorts === null ? [] : [`from source-port ${portText(sourcePorts, "-")}`]),
    ...(destinationPorts === null ? [] : [`from destination-port ${portText(destinationPorts, "-")}`]),
    ...(isReply && protocol === "tcp" ? ["from tcp-established"] : []),
    "then accept",
  ].map((line) => `${term} ${line}`);
}
