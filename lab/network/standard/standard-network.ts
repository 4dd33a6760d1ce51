/**
 * The standard network: two regions with a private and a public edge each, three customers, two carriers.
 *
 *   customer-1 ══line-1a══╗                    ┌─ peering ── carrier-1, carrier-2
 *   customer-1b ═line-1b══╬═ ashburn-ix-1 … ───┤
 *   customer-2 ══line-2═══╝                    ├─ backbone ── control, dns
 *   customer-1 ══line-1w════ san-jose-ix-1 … ──┘
 *   everybody but control and the carriers ── internet ── ashburn-1 …, umatilla-1 …
 *
 * `internet` is a router: it knows who has which address there, the customers' networks too, and knows nothing of the
 * addresses of private edges. `backbone`, `peering` and the rooms where lines are patched through are switches.
 */
import type { HostDescription, LinkDescription, NetworkDescription } from "../builder/description.ts";
import {
  type CustomerPlan,
  carrierPlans,
  controlAddress,
  customerPlans,
  customerSideOf,
  type EdgeName,
  edgePlans,
  linePlans,
  maximumGateways,
  nameServer,
} from "./addresses.ts";
import {
  defaultRoute,
  describeGateway,
  type GatewayHost,
  gatewayHosts,
  internetDevice,
  linksOfGateway,
  meetMeRoomOf,
} from "./gateway-host.ts";

export interface StandardOptions {
  /** Gateways of each edge; default 1. 0: that edge has none. */
  readonly gateways?: Partial<Record<EdgeName, number>>;
}

export interface StandardNetwork {
  readonly description: NetworkDescription;
  readonly gateways: readonly GatewayHost[];
}

export function standardNetwork(options: StandardOptions = {}): StandardNetwork {
  const gateways = gatewayHosts((edge) => Math.min(options.gateways?.[edge] ?? 1, maximumGateways));
  const links = [
    ...gateways.flatMap(linksOfGateway),
    ...customerLinks(),
    ...carrierLinks(),
    ...serviceLinks(),
  ];
  const hosts: HostDescription[] = [
    internetHost(gateways),
    { name: "backbone", bridges: ["switch"] },
    { name: "peering", bridges: ["switch"] },
    ...rooms(),
    ...gateways.map(describeGateway),
    { name: "control" },
    { name: "dns", routes: defaultRoute },
    ...customerPlans.map(customerHost),
    ...carrierPlans.map(({ name }) => ({ name })),
  ];
  return { description: { hosts, links }, gateways };
}

/** Host routes to everybody, and the networks of the customers by their main sites. */
function internetHost(gateways: readonly GatewayHost[]): HostDescription {
  const networks = customerPlans.flatMap((customer: CustomerPlan) =>
    customer.prefix === undefined || customer.name.endsWith("b")
      ? []
      : [{ to: customer.prefix, via: customer.internetAddress, device: customer.name }],
  );
  const people = [
    ...gateways.map((gateway) => ({ to: `${gateway.internetAddress}/32`, device: gateway.name })),
    ...customerPlans.map((customer) => ({ to: `${customer.internetAddress}/32`, device: customer.name })),
    { to: `${nameServer.internetAddress}/32`, device: "dns" },
  ];
  return { name: "internet", isRouter: true, addresses: ["100.64.0.1/32"], routes: [...people, ...networks] };
}

function rooms(): HostDescription[] {
  const edges = edgePlans.filter((edge) => edge.kind === "private");
  return edges.map((edge) => {
    const lines = linePlans.filter((line) => line.edge === edge.name);
    return { name: `${edge.name}-room`, bridges: lines.map((line) => line.name) };
  });
}

function customerHost(customer: CustomerPlan): HostDescription {
  const { name, sbcAddress } = customer;
  return {
    name,
    addresses: sbcAddress === undefined ? [] : [`${sbcAddress}/32`],
    routes: defaultRoute,
  };
}

function customerLinks(): LinkDescription[] {
  return [
    ...customerPlans.map(({ name, internetAddress }) => ({
      name: `internet:${name}`,
      near: { host: name, device: internetDevice, addresses: [`${internetAddress}/32`] },
      far: { host: "internet", device: name },
    })),
    ...linePlans.map((line) => ({
      name: `${line.name}:${line.site}`,
      near: { host: line.site, device: line.name, addresses: [`${customerSideOf(line)}/28`] },
      far: { host: meetMeRoomOf(line), device: `${line.name}-c`, bridge: line.name },
    })),
  ];
}

function carrierLinks(): LinkDescription[] {
  return carrierPlans.map(({ name, switchAddress, dispatcherAddress }) => ({
    name: `peering:${name}`,
    near: { host: name, device: "peering", addresses: [`${switchAddress}/16`, `${dispatcherAddress}/16`] },
    far: { host: "peering", device: name, bridge: "switch" },
  }));
}

function serviceLinks(): LinkDescription[] {
  const onBackbone = (name: string, address: string): LinkDescription => ({
    name: `backbone:${name}`,
    near: { host: name, device: "backbone", addresses: [`${address}/16`] },
    far: { host: "backbone", device: name, bridge: "switch" },
  });
  return [
    onBackbone("control", controlAddress),
    onBackbone("dns", nameServer.backboneAddress),
    {
      name: "internet:dns",
      near: { host: "dns", device: internetDevice, addresses: [`${nameServer.internetAddress}/32`] },
      far: { host: "internet", device: "dns" },
    },
  ];
}
