/** IP routes of a private line, and addresses of what stands at its ends. */
import { isIPv6 } from "node:net";
import { findRouteOfOtherAccount, findRouteOfOwnAddress, type Queryable } from "@tandem/database";
import { type IpRange, parseNetwork } from "@tandem/routing";
import { ipv4Text } from "../../interconnect/index.ts";
import { ApiError } from "../conventions/api-error.ts";
import { isNeverOnLink, specialUseOf } from "./special-networks.ts";

export interface AddressPolicy {
  /** The operator allows private address space on this line. */
  readonly allowPrivate: boolean;
  readonly linePool: string;
}

/** Addresses of one route. */
const maximumRouteAddresses = 256;

/**
 * Reads one route and gives it as CIDR text; an address alone is a route to it. Throws 62017 for none, 62018 for what
 * may not be routed, 62019 for more than 256 addresses.
 */
export function ipRouteOf(text: string, policy: AddressPolicy): string {
  if (text.trim() === "") throw new ApiError("ipRouteMissing");
  const network = ipv4NetworkOf(text);
  const special = specialUseOf(network, policy);
  if (special !== undefined) refuse(`${text} is ${special}.`);
  const addresses = network.last - network.first + 1;
  if (addresses > maximumRouteAddresses) throw new ApiError("ipRouteTooLarge", `${text} has ${addresses}.`);
  return text.includes("/") ? text : `${text}/32`;
}

function ipv4NetworkOf(text: string): { readonly first: number; readonly last: number } {
  const { first, last } = parseNetwork(text) ?? {};
  const [address = ""] = text.split("/");
  if (isIPv6(address)) refuse("IPv6 routes are not supported yet.");
  if (typeof first !== "number" || typeof last !== "number") return refuse(`${text} is no IPv4 network.`);
  if (ipv4Text(first) !== address) refuse(`${text} has bits behind its prefix.`);
  return { first, last };
}

/**
 * Throws 62018 when a route leads to the exchange itself, 62100 when it shares an address with another account's line.
 * Lines of one account may lead to the same network: that is how redundant lines are made. Call it with the allotment
 * locked.
 */
export async function checkRouteOwners(
  database: Queryable,
  accountSid: string,
  routes: readonly string[],
): Promise<void> {
  const own = await findRouteOfOwnAddress(database, routes);
  if (own !== undefined) refuse(`${own} holds a signaling address of the exchange.`);
  const taken = await findRouteOfOtherAccount(database, accountSid, routes);
  if (taken !== undefined) throw new ApiError("ipAddressOfOtherConnection", `It is in ${taken}.`);
}

/** The customer's end of a VPN. Throws 62021. */
export function vpnGatewayOf(text: string, policy: AddressPolicy): string {
  const address = addressOf(text);
  const special = address === undefined ? "no IPv4 address" : specialUseOf(address, policy);
  if (special !== undefined) throw new ApiError("invalidVpnGateway", `${text} is ${special}.`);
  return text;
}

/** An address on the line's own link: private and link-local ones are usual there. Throws 20001. */
export function linkAddressOf(name: string, text: string, linePool: string): string {
  const address = addressOf(text);
  if (address !== undefined && !isNeverOnLink(address, linePool)) return text;
  throw new ApiError("invalidParameter", `${name} must be the IPv4 address of a router.`);
}

/** Throws 91136 unless both are there or neither is, and they are the two ends of one /30 or /31 (RFC 3021). */
export function checkPeerAddresses(customer: string | null, exchange: string | null): void {
  if (customer === null && exchange === null) return;
  const [a, b] = [customer, exchange].map((text) => (text === null ? undefined : addressOf(text)?.first));
  if (typeof a !== "number" || typeof b !== "number") {
    throw new ApiError("invalidPeerAddresses", "Both must be given, or neither.");
  }
  const places = `${Math.min(a, b) % 4},${Math.max(a, b) % 4}`;
  const isOneBlock = Math.floor(a / 4) === Math.floor(b / 4);
  // 1 and 2 are the hosts of a /30; 0 and 1, 2 and 3 are a /31 each.
  if (!isOneBlock || !["1,2", "0,1", "2,3"].includes(places)) throw new ApiError("invalidPeerAddresses");
}

function addressOf(text: string): IpRange | undefined {
  const range = text.includes("/") ? undefined : parseNetwork(text);
  return typeof range?.first === "number" && ipv4Text(range.first) === text ? range : undefined;
}

function refuse(particulars: string): never {
  throw new ApiError("invalidIpRoute", particulars);
}
