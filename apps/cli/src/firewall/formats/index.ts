import type { FirewallPlan } from "@tandem/contracts";
import { ciscoIos } from "./cisco-ios.ts";
import { ip6tables, iptables } from "./iptables.ts";
import { junos } from "./junos.ts";
import { nftables } from "./nftables.ts";
import { terraformAws } from "./terraform-aws.ts";

/** Languages of firewalls that a plan is written in; `table` shows the ranges instead. */
export const planFormats = {
  json: (plan: FirewallPlan): string => JSON.stringify(plan, undefined, 2),
  nftables,
  iptables,
  ip6tables,
  "terraform-aws": terraformAws,
  "cisco-ios": ciscoIos,
  junos,
} as const;
export { rangeTable } from "./range-table.ts";
