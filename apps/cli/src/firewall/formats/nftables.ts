import type { FirewallPlan } from "@tandem/contracts";
import { type DirectedRule, directedRules, headLines, portText } from "./plan-lines.ts";

/**
 * For `nft -f`, as often as one likes: two chains in the table `inet filter`, which one's own chains jump to. They
 * decide nothing about other packets.
 */
export function nftables(plan: FirewallPlan): string {
  const chains = (["in", "out"] as const).map((direction) => ({ direction, name: `tandem_${direction}` }));
  return [
    ...headLines(plan, "#"),
    "# Load it with nft -f, then: add rule inet filter input jump tandem_in (or forward), output jump tandem_out.",
    "add table inet filter",
    ...plan.sets.flatMap(({ name, family, networks }) => {
      const set = `inet filter ${setName(name)}`;
      return [
        `add set ${set} { type ipv${family}_addr; flags interval; auto-merge; }`,
        `flush set ${set}`,
        `add element ${set} { ${networks.join(", ")} }`,
      ];
    }),
    ...chains.flatMap(({ name }) => [`add chain inet filter ${name}`, `flush chain inet filter ${name}`]),
    ...chains.flatMap(({ direction, name }) =>
      directedRules(plan, direction).map((rule) => `add rule inet filter ${name} ${ruleText(rule)}`),
    ),
  ].join("\n");
}

function ruleText({
  networks,
  fromExchange,
  protocol,
  sourcePorts,
  destinationPorts,
  isReply,
  name,
}: DirectedRule): string {
  const address = networks.family === 4 ? "ip" : "ip6";
  return [
    `${address} ${fromExchange ? "saddr" : "daddr"} @${setName(networks.name)}`,
    ...(sourcePorts === null ? [] : [`${protocol} sport ${portText(sourcePorts, "-")}`]),
    ...(destinationPorts === null ? [] : [`${protocol} dport ${portText(destinationPorts, "-")}`]),
    ...(isReply ? ["ct state established"] : []),
    "accept",
    `comment "${name}"`,
  ].join(" ");
}

function setName(name: string): string {
  return `tandem_${name.replaceAll("-", "_")}`;
}
