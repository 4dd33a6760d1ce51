import { waitFor } from "../../harness/wait.ts";
import type { Network } from "../builder/network.ts";
import { customerConfiguration } from "../frr/customer-configuration.ts";
import { exchangeConfiguration } from "../frr/exchange-configuration.ts";
import { Frr } from "../frr/frr.ts";
import { sessionState } from "../frr/session-state.ts";
import {
  type CustomerPlan,
  customerPlans,
  customerSideOf,
  exchangeAsn,
  type LineName,
  linePlans,
} from "./addresses.ts";
import type { GatewayHost } from "./gateway-host.ts";

/** MD5 passwords of lines that have one. */
export type LinePasswords = Partial<Record<LineName, string>>;

/** FRR on every host that a line ends at, by the host's name. */
export type RoutingDaemons = ReadonlyMap<string, Frr>;

/** Some seconds on an idle machine. */
const establishedLimitMs = 90_000;

/** Starts them and waits until every session is up. */
export async function startRoutingDaemons(
  network: Network,
  gateways: readonly GatewayHost[],
  passwords: LinePasswords = {},
): Promise<RoutingDaemons> {
  const started: Promise<Frr>[] = [];
  for (const gateway of gateways) {
    if (gateway.privateAddress === undefined) continue;
    started.push(Frr.start(network.host(gateway.name), gatewayConfiguration(gateway, passwords)));
  }
  for (const site of customerPlans) {
    const configuration = siteConfiguration(site, gateways, passwords);
    if (configuration !== undefined) started.push(Frr.start(network.host(site.name), configuration));
  }
  const daemons = new Map((await Promise.all(started)).map((frr) => [frr.host.name, frr]));
  for (const gateway of gateways) await untilEstablished(daemons, gateway);
  return daemons;
}

/** Waits until every line of the gateway has its BGP and BFD sessions. */
export async function untilEstablished(daemons: RoutingDaemons, gateway: GatewayHost): Promise<void> {
  const frr = daemons.get(gateway.name);
  if (frr === undefined) return;
  for (const { plan } of gateway.lines) {
    await waitFor(
      `BGP and BFD of ${plan.name} on ${gateway.name}`,
      () => {
        const { bgp, bfd, acceptedPrefixes } = sessionState(frr, customerSideOf(plan));
        return bgp === "Established" && bfd === "up" && acceptedPrefixes > 0;
      },
      establishedLimitMs,
    );
  }
}

function gatewayConfiguration(gateway: GatewayHost, passwords: LinePasswords): string {
  return exchangeConfiguration({
    asn: exchangeAsn,
    routerId: gateway.backboneAddress,
    announced: [`${gateway.privateAddress}/32`],
    sessions: gateway.lines.map(({ plan }) => {
      const site: CustomerPlan | undefined = customerPlans.find((one) => one.name === plan.site);
      return {
        line: plan.name,
        neighborAddress: customerSideOf(plan),
        neighborAsn: site?.asn ?? 0,
        routes: site?.prefix === undefined ? [] : [site.prefix],
        ...passwordOf(passwords, plan.name),
      };
    }),
  });
}

/** Undefined: no line ends there. */
function siteConfiguration(
  site: CustomerPlan,
  gateways: readonly GatewayHost[],
  passwords: LinePasswords,
): string | undefined {
  const sessions = gateways.flatMap((gateway) =>
    gateway.lines
      .filter(({ plan }) => plan.site === site.name)
      .map(({ plan, address }) => ({
        line: plan.name,
        neighborAddress: address,
        neighborAsn: exchangeAsn,
        edgeNetworks: [`${gateway.privateAddress}/32`],
        ...passwordOf(passwords, plan.name),
      })),
  );
  if (sessions.length === 0 || site.prefix === undefined) return undefined;
  const { asn, internetAddress: routerId, prefix } = site;
  return customerConfiguration({ asn, routerId, prefix, sessions });
}

function passwordOf(passwords: LinePasswords, line: string): { password?: string } {
  const password = linePlans.some((one) => one.name === line) ? passwords[line as LineName] : undefined;
  return password === undefined ? {} : { password };
}
