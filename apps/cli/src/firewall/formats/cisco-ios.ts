import type { FirewallPlan, FirewallSet } from "@tandem/contracts";
import { type DirectedRule, directedRules, headLines } from "./plan-lines.ts";

/**
 * Extended access lists of IOS and IOS XE with object groups (IPv6 without: they came late). They remember nothing, so
 * answers have entries: TCP ones are `established`.
 */
export function ciscoIos(plan: FirewallPlan): string {
  const ipv4 = plan.sets.filter(({ family }) => family === 4);
  return [
    ...headLines(plan, "!"),
    "! Put the entries into your own lists: a list denies what it does not permit.",
    ...ipv4.flatMap(objectGroup),
    ...(["in", "out"] as const).flatMap((direction) => [
      ...section(`ip access-list extended TANDEM-${direction.toUpperCase()}`, entriesOf(plan, direction, 4)),
      ...section(`ipv6 access-list TANDEM-${direction.toUpperCase()}-V6`, entriesOf(plan, direction, 6)),
    ]),
    "end",
  ].join("\n");
}

function section(heading: string, entries: readonly string[]): readonly string[] {
  return entries.length === 0 ? [] : [heading, ...entries.map((entry) => ` ${entry}`)];
}

function objectGroup({ name, networks }: FirewallSet): readonly string[] {
  return [
    `object-group network ${groupName(name)}`,
    ...networks.map((network) => {
      const [address = "", length = "32"] = network.split("/");
      return length === "32" ? ` host ${address}` : ` ${address} ${maskOf(Number(length))}`;
    }),
  ];
}

function entriesOf(plan: FirewallPlan, direction: "in" | "out", family: 4 | 6): readonly string[] {
  return directedRules(plan, direction, family).flatMap((rule) => {
    const exchanges =
      family === 4 ? [`object-group ${groupName(rule.networks.name)}`] : rule.networks.networks;
    return exchanges.map((exchange) => entryText(rule, exchange));
  });
}

function entryText(rule: DirectedRule, exchange: string): string {
  const [source, destination] = rule.fromExchange ? [exchange, "any"] : ["any", exchange];
  return [
    `permit ${rule.protocol}`,
    source + portsText(rule.sourcePorts),
    destination + portsText(rule.destinationPorts),
    ...(rule.isReply && rule.protocol === "tcp" ? ["established"] : []),
  ].join(" ");
}

function portsText(ports: DirectedRule["sourcePorts"]): string {
  if (ports === null) return "";
  return ports.first === ports.last ? ` eq ${ports.first}` : ` range ${ports.first} ${ports.last}`;
}

function groupName(name: string): string {
  return `TANDEM-${name.toUpperCase()}`;
}

/** `/30` is 255.255.255.252. */
function maskOf(length: number): string {
  const octets = [0, 1, 2, 3].map((place) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - place * 8))));
  return octets.join(".");
}
