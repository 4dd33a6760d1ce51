import type { FirewallPlan } from "@tandem/contracts";
import { type DirectedRule, directedRules, headLines } from "./plan-lines.ts";

/**
 * Rules of one security group (provider hashicorp/aws, 5 or later). A security group remembers, so answers need no rules,
 * and it knows no ports of the sender.
 */
export function terraformAws(plan: FirewallPlan): string {
  return [
    ...headLines(plan, "#"),
    "",
    'variable "security_group_id" {',
    "  type = string",
    "}",
    "",
    "locals {",
    ...plan.sets.flatMap(({ name, networks }) => [
      `  ${localName(name)} = [`,
      ...networks.map((network) => `    "${network}",`),
      "  ]",
    ]),
    "}",
    ...(["in", "out"] as const).flatMap((direction) =>
      directedRules(plan, direction)
        .filter(({ isReply }) => !isReply)
        .flatMap((rule) => ["", ...resourceLines(rule)]),
    ),
  ].join("\n");
}

function resourceLines(rule: DirectedRule): readonly string[] {
  const { direction, name, networks, protocol, destinationPorts } = rule;
  const { first, last } = destinationPorts ?? { first: 0, last: 65_535 };
  return [
    `resource "aws_vpc_security_group_${direction === "in" ? "ingress" : "egress"}_rule" "${localName(name)}" {`,
    `  for_each          = toset(local.${localName(networks.name)})`,
    "  security_group_id = var.security_group_id",
    `  description       = "${name}"`,
    `  cidr_ipv${networks.family}         = each.value`,
    `  ip_protocol       = "${protocol}"`,
    `  from_port         = ${first}`,
    `  to_port           = ${last}`,
    "}",
  ];
}

function localName(name: string): string {
  return `tandem_${name.replaceAll("-", "_")}`;
}
