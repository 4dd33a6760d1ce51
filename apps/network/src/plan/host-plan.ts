/** Addresses, policy rules and routes that the lines of a host want. */
import type { PrivateEdge } from "../edge/private-edge.ts";
import { formatIpv4, formatIpv4Network } from "../ipv4.ts";
import type { Line } from "../lines/line.ts";
import { policyRules } from "./policy-rules.ts";

/** Marks routes and rules as ours (`proto 84`): apply changes those and no others. Nobody has it in rt_protos. */
export const ownProtocol = 84;
/** Marks addresses as ours. `ip` wants a label to begin with the device's name. */
export const ownLabel = "lo:tandem";
/** Behind whatever a routing daemon puts into the table. */
const staticMetric = 4096;
const lastMetric = 4_294_967_295;

/** One kernel route of a line. Two with the same key replace each other. */
export interface PlannedRoute {
  /** Table, destination, metric. */
  readonly key: string;
  /** What follows `ip route replace`. */
  readonly text: string;
}

/** Each entry is what follows the verb of an `ip` command; entries are compared as texts. */
export interface HostPlan {
  /** `100.127.0.1/32`. */
  readonly addresses: readonly string[];
  readonly rules: readonly string[];
  readonly routes: readonly PlannedRoute[];
}

export const emptyHostPlan: HostPlan = { addresses: [], rules: [], routes: [] };

/** `usableDevices` are there and up: the kernel takes no route over others, and drops those there were. */
export function hostPlan(
  edge: PrivateEdge,
  lines: readonly Line[],
  usableDevices: ReadonlySet<string>,
): HostPlan {
  return {
    addresses: lines.map((line) => `${formatIpv4(line.localAddress)}/32`),
    rules: policyRules(edge.pool, lines),
    routes: lines.flatMap((line) => [
      // The end of the line's world comes first: without it a packet would go on to the next rule.
      route({ table: line.routingTable, destination: "default", metric: lastMetric, type: "unreachable" }),
      ...(line.isDaemonRouted || !usableDevices.has(line.device) ? [] : customerRoutes(line)),
    ]),
  };
}

function customerRoutes(line: Line): readonly PlannedRoute[] {
  const { device, nextHop, routingTable: table } = line;
  return line.routes.map((network) =>
    route({
      table,
      destination: formatIpv4Network(network),
      metric: staticMetric,
      device,
      ...(nextHop === undefined ? {} : { gateway: formatIpv4(nextHop) }),
    }),
  );
}

export interface RouteFacts {
  readonly table: number;
  readonly destination: string;
  readonly metric: number;
  readonly type?: string;
  readonly device?: string;
  readonly gateway?: string;
}

/** One spelling for what is wanted and what the kernel has. */
export function route(facts: RouteFacts): PlannedRoute {
  const { table, metric, type, device, gateway } = facts;
  const destination =
    facts.destination === "default" || facts.destination.includes("/")
      ? facts.destination
      : `${facts.destination}/32`;
  const text = [
    ...(type === undefined ? [] : [type]),
    destination,
    // `onlink`: the next hop need not be in a network that the device has an address of.
    ...(gateway === undefined ? [] : ["via", gateway]),
    ...(device === undefined ? [] : ["dev", device]),
    "table",
    table,
    "metric",
    metric,
    ...(gateway === undefined ? [] : ["onlink"]),
  ].join(" ");
  return { key: `${table} ${destination} ${metric}`, text };
}
