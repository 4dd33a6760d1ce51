import type { FirewallPlan } from "@tandem/contracts";
import { type DirectedRule, directedRules, headLines, portText } from "./plan-lines.ts";

/** For `iptables-restore --noflush`: the IPv4 rules. */
export const iptables = (plan: FirewallPlan): string => restoreFile(plan, 4, "iptables");

/** For `ip6tables-restore --noflush`: the IPv6 rules. */
export const ip6tables = (plan: FirewallPlan): string => restoreFile(plan, 6, "ip6tables");

/** Two chains that one's own chains jump to; loading them again replaces them and nothing else. */
function restoreFile(plan: FirewallPlan, family: 4 | 6, program: string): string {
  const lines = (["in", "out"] as const).flatMap((direction) =>
    directedRules(plan, direction, family).flatMap((rule) =>
      rule.networks.networks.map((network) => `-A ${chainOf(direction)} ${ruleText(rule, network)}`),
    ),
  );
  return [
    ...headLines(plan, "#"),
    `# Load it with ${program}-restore --noflush, then: -A INPUT -j TANDEM-IN (or FORWARD), -A OUTPUT -j TANDEM-OUT.`,
    "*filter",
    ":TANDEM-IN - [0:0]",
    ":TANDEM-OUT - [0:0]",
    ...lines,
    "COMMIT",
  ].join("\n");
}

function chainOf(direction: "in" | "out"): string {
  return `TANDEM-${direction.toUpperCase()}`;
}

function ruleText(rule: DirectedRule, network: string): string {
  const { fromExchange, protocol, sourcePorts, destinationPorts, isReply } = rule;
  return [
    `${fromExchange ? "-s" : "-d"} ${network} -p ${protocol}`,
    ...(sourcePorts === null ? [] : [`--sport ${portText(sourcePorts, ":")}`]),
    ...(destinationPorts === null ? [] : [`--dport ${portText(destinationPorts, ":")}`]),
    ...(isReply ? ["-m conntrack --ctstate ESTABLISHED"] : []),
    "-j ACCEPT",
  ].join(" ");
}
