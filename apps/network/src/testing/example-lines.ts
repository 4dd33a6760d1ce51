/** An edge and lines for unit tests. */
import type { PrivateEdge } from "../edge/private-edge.ts";
import { type Ipv4Network, parseIpv4, parseIpv4Network } from "../ipv4.ts";
import type { Line } from "../lines/line.ts";

export function address(text: string): number {
  const parsed = parseIpv4(text);
  if (parsed === undefined) throw new Error(`${text} is no IPv4 address`);
  return parsed;
}

export function network(text: string): Ipv4Network {
  const parsed = parseIpv4Network(text);
  if (parsed === undefined) throw new Error(`${text} is no IPv4 network`);
  return parsed;
}

export function exampleEdge(overrides: Partial<PrivateEdge> = {}): PrivateEdge {
  return {
    signaling: address("203.0.113.10"),
    media: address("203.0.113.20"),
    udpPorts: [5060],
    tcpPorts: [5060, 5061],
    mediaPorts: { first: 10000, last: 19999 },
    bound: [],
    others: { ipv4: [], ipv6: [] },
    pool: network("100.127.0.0/16"),
    ...overrides,
  };
}

export function exampleLine(overrides: Partial<Line> = {}): Line {
  return {
    sid: `TX${"1".repeat(32)}`,
    device: "wan1",
    localAddress: address("100.127.0.1"),
    routingTable: 1001,
    routes: [network("192.0.2.0/24"), network("192.0.2.7/32")],
    nextHop: address("169.254.10.2"),
    isDaemonRouted: false,
    ...overrides,
  };
}

export function secondLine(overrides: Partial<Line> = {}): Line {
  return exampleLine({
    sid: `TX${"2".repeat(32)}`,
    device: "wan2",
    localAddress: address("100.127.0.33"),
    routingTable: 1002,
    routes: [network("192.0.2.0/24"), network("198.51.100.8/29")],
    nextHop: undefined,
    ...overrides,
  });
}
