import { isIPv6 } from "node:net";
import type { GatewayConfiguration, InterfaceConfiguration } from "@tandem/contracts";
import { formatIpv4Network, holdsAddress, type Ipv4Network, parseIpv4, parseIpv4Network } from "../ipv4.ts";

export const defaultLocalAddresses = "100.127.0.0/16";
/** The rules' priorities are counted off by the address, and a /16 is what there is room for. */
const shortestPoolPrefix = 16;
const longestPoolPrefix = 28;

/** What customers may reach over their lines, and what they may not. Addresses are numbers. */
export interface PrivateEdge {
  /** Advertised signaling address of the edge. */
  readonly signaling: number;
  /** Advertised media address; often the same. */
  readonly media: number;
  readonly udpPorts: readonly number[];
  /** TCP and TLS. */
  readonly tcpPorts: readonly number[];
  readonly mediaPorts: { readonly first: number; readonly last: number };
  /** Addresses that the private interface itself is bound to, where they are not the advertised ones. */
  readonly bound: readonly number[];
  /** Addresses of the other interfaces: no line leads to them. */
  readonly others: { readonly ipv4: readonly number[]; readonly ipv6: readonly string[] };
  /** Where the lines' local addresses are taken from. */
  readonly pool: Ipv4Network;
}

const loopback: Ipv4Network = { first: 0x7f000000, last: 0x7fffffff, prefixLength: 8 };

/** A text says what in the configuration can't be enforced. */
export function privateEdge(configuration: GatewayConfiguration): PrivateEdge | string {
  const interfaces = configuration.interfaces.filter((one) => one.roles.includes("private"));
  const [only, second] = interfaces;
  if (only === undefined) return "/interfaces: none has the role private, so there is no line to keep apart";
  if (second !== undefined)
    return `/interfaces: ${only.name} and ${second.name} both have the role private; lines lead to one edge`;
  if (only.roles.length > 1)
    return `/interfaces: ${only.name} has other roles than private; what is for those comes by other devices and would be dropped`;
  const pool = poolOf(configuration);
  if (typeof pool === "string") return pool;
  const addresses = addressesOf(only, pool);
  if (typeof addresses === "string") return addresses;
  const ports = portsOf(only);
  if (typeof ports === "string") return ports;
  const others = othersOf(configuration.interfaces.filter((one) => one !== only));
  const edge = { ...addresses, ...ports, mediaPorts: configuration.mediaPorts, others, pool };
  const shared = others.ipv4.find((one) => one === edge.signaling || one === edge.media);
  if (shared !== undefined) return sharedFault(only.name);
  return edge;
}

function sharedFault(name: string): string {
  return (
    `/interfaces: the advertised address of ${name} is also one of another interface; only private lines may ` +
    "lead to it, so the other interface would be cut off"
  );
}

function poolOf({ network }: GatewayConfiguration): Ipv4Network | string {
  const text = network?.localAddresses ?? defaultLocalAddresses;
  const pool = parseIpv4Network(text);
  if (pool === undefined) return `/network/localAddresses: ${text} is no IPv4 network`;
  if (pool.prefixLength < shortestPoolPrefix || pool.prefixLength > longestPoolPrefix) {
    return `/network/localAddresses: ${text} is not between /${shortestPoolPrefix} and /${longestPoolPrefix}`;
  }
  return pool;
}

function addressesOf(
  one: InterfaceConfiguration,
  pool: Ipv4Network,
): Pick<PrivateEdge, "signaling" | "media" | "bound"> | string {
  const signalingText = one.advertisedAddress ?? one.localAddress;
  // The same defaults as the gateway's own for SDP.
  const mediaText = one.advertisedMediaAddress ?? one.mediaAddress ?? signalingText;
  const signaling = edgeAddress(signalingText, pool);
  if (typeof signaling === "string") return `/interfaces: ${one.name}: ${signaling}`;
  const media = edgeAddress(mediaText, pool);
  if (typeof media === "string") return `/interfaces: ${one.name}: ${media}`;
  const bound = [one.localAddress, one.mediaAddress ?? one.localAddress]
    .flatMap((text) => parseIpv4(text) ?? [])
    .filter((address) => address !== 0 && address !== signaling && address !== media);
  return { signaling, media, bound: unique(bound) };
}

function edgeAddress(text: string, pool: Ipv4Network): number | string {
  const address = parseIpv4(text);
  if (address === undefined) return `${text} is no IPv4 address`;
  if (address === 0 || holdsAddress(loopback, address)) return `nobody can send to ${text} over a line`;
  return holdsAddress(pool, address)
    ? `${text} is in ${formatIpv4Network(pool)}, which is for the lines' own addresses`
    : address;
}

function portsOf(one: InterfaceConfiguration): Pick<PrivateEdge, "udpPorts" | "tcpPorts"> | string {
  const udpPorts = [one.udpPort].filter((port) => port !== undefined);
  const tcpPorts = [one.tcpPort, one.tlsPort].filter((port) => port !== undefined);
  if ([...udpPorts, ...tcpPorts].includes(0))
    return `/interfaces: ${one.name} takes a free port (0), which no rule can name`;
  if (udpPorts.length + tcpPorts.length === 0) return `/interfaces: ${one.name} has no port`;
  return { udpPorts, tcpPorts: unique(tcpPorts) };
}

function othersOf(interfaces: readonly InterfaceConfiguration[]): PrivateEdge["others"] {
  const texts = interfaces.flatMap((one) => [
    one.localAddress,
    ...[one.advertisedAddress, one.mediaAddress, one.advertisedMediaAddress].filter(
      (text) => text !== undefined,
    ),
  ]);
  const ipv4 = texts.flatMap((text) => parseIpv4(text) ?? []);
  const ipv6 = texts.filter((text) => isIPv6(text) && !text.includes("%"));
  return {
    ipv4: unique(ipv4.filter((address) => address !== 0 && !holdsAddress(loopback, address))),
    ipv6: unique(ipv6.filter((text) => text !== "::" && text !== "::1")),
  };
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
