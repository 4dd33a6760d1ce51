import type { HostDescription, LinkDescription } from "../builder/description.ts";
import {
  addressAfter,
  type EdgePlan,
  edgePlans,
  gatewaySideOf,
  internetRouter,
  type LinePlan,
  linePlans,
} from "./addresses.ts";

/** A gateway of the standard network: a host of its own, with an interface to every side. */
export interface GatewayHost {
  /** `ashburn-ix-1`: the host and the gateway in it. */
  readonly name: string;
  readonly edge: EdgePlan;
  readonly internetAddress: string;
  readonly backboneAddress: string;
  readonly carrierAddress: string;
  /** The edge's address that this gateway has towards private lines; undefined on a public edge. */
  readonly privateAddress: string | undefined;
  readonly lines: readonly { readonly plan: LinePlan; readonly address: string }[];
}

export const internetDevice = "internet";

/** `index` counts the gateways of one edge from 0. */
export function gatewayHostOf(edge: EdgePlan, index: number): GatewayHost {
  const lines = edge.kind === "private" ? linePlans.filter((line) => line.edge === edge.name) : [];
  return {
    name: `${edge.name}-${index + 1}`,
    edge,
    internetAddress: addressAfter(edge.firstInternetAddress, index),
    backboneAddress: `10.10.${edge.number}.${index + 1}`,
    carrierAddress: `10.20.${edge.number}.${index + 1}`,
    privateAddress: edge.kind === "private" ? addressAfter(edge.firstCustomerAddress, index) : undefined,
    lines: lines.map((plan) => ({ plan, address: gatewaySideOf(plan, index) })),
  };
}

export function gatewayHosts(countOf: (edge: (typeof edgePlans)[number]["name"]) => number): GatewayHost[] {
  return edgePlans.flatMap((edge) =>
    Array.from({ length: countOf(edge.name) }, (_, index) => gatewayHostOf(edge, index)),
  );
}

/** It forwards nothing: whoever wants through has to place a call. */
export function describeGateway(gateway: GatewayHost): HostDescription {
  return {
    name: gateway.name,
    addresses: gateway.privateAddress === undefined ? [] : [`${gateway.privateAddress}/32`],
    routes: defaultRoute,
  };
}

export const defaultRoute = [
  { to: internetRouter, device: internetDevice },
  { to: "default", via: internetRouter, device: internetDevice },
] as const;

export function linksOfGateway(gateway: GatewayHost): LinkDescription[] {
  const { name } = gateway;
  const near = (device: string, address: string) => ({ host: name, device, addresses: [address] });
  return [
    {
      name: `internet:${name}`,
      near: near(internetDevice, `${gateway.internetAddress}/32`),
      far: { host: "internet", device: name },
    },
    {
      name: `backbone:${name}`,
      near: near("backbone", `${gateway.backboneAddress}/16`),
      far: { host: "backbone", device: name, bridge: "switch" },
    },
    {
      name: `peering:${name}`,
      near: near("carrier", `${gateway.carrierAddress}/16`),
      far: { host: "peering", device: name, bridge: "switch" },
    },
    ...gateway.lines.map(({ plan, address }) => ({
      name: `${plan.name}:${name}`,
      near: near(plan.name, `${address}/28`),
      far: { host: meetMeRoomOf(plan), device: `${plan.name}-g${name.slice(-1)}`, bridge: plan.name },
    })),
  ];
}

/** Where the lines of an edge are patched through: a switch for each line. */
export function meetMeRoomOf({ edge }: LinePlan): string {
  return `${edge}-room`;
}
