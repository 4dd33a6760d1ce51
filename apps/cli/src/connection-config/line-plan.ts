/** What both ends of a private line must be told, read from control's answers. */
import { isIPv4 } from "node:net";
import { CliError } from "../cli-error.ts";
import type { JsonObject } from "../client/rest-client.ts";

/** A prefix that is announced, and how far it may be split (`le` of a prefix list). */
export interface AnnouncedPrefix {
  readonly network: string;
  readonly longest: number | undefined;
}

export interface BgpPlan {
  readonly exchangeAsn: number;
  readonly customerAsn: number;
  readonly exchangeAddress: string;
  readonly customerAddress: string;
  /** TCP MD5 (RFC 2385); undefined: none is agreed. */
  readonly password: string | undefined;
  /** What the exchange announces to the customer. */
  readonly exchangePrefixes: readonly AnnouncedPrefix[];
  /** What the customer announces: the routes of the connection. */
  readonly customerPrefixes: readonly string[];
}

export interface VpnPlan {
  readonly exchangeGateway: string;
  readonly customerGateway: string;
  readonly preSharedKey: string;
  readonly exchangeNetworks: readonly string[];
  readonly customerNetworks: readonly string[];
}

export interface LinePlan {
  readonly sid: string;
  readonly friendlyName: string;
  readonly edge: string;
  readonly type: string;
}

/** How the line is known on a gateway host: the operator's alone. */
export interface GatewayEnd {
  /** Network device. */
  readonly device: string;
  readonly routingTable: number;
}

/** The end of the line that a configuration is for, with what only that end knows. */
export type LineEnd =
  | { readonly side: "customer" }
  | { readonly side: "exchange"; readonly gateway: GatewayEnd };

/** BFD as the exchange runs it: a dead line is known after `multiplier` intervals. */
export const bfd = { intervalMs: 300, multiplier: 3 } as const;

/** No name, key or network that control sends may be longer. */
const maximumTextLength = 1024;

export interface LineDocuments {
  readonly connection: JsonObject;
  readonly secrets: JsonObject;
  readonly exchange: JsonObject;
}

/** Throws CliError when the answer is no connection. */
export function linePlan({ connection }: LineDocuments): LinePlan {
  return {
    sid: text(connection, "sid"),
    friendlyName: text(connection, "friendly_name"),
    edge: text(connection, "edge"),
    type: text(connection, "type"),
  };
}

/** Throws CliError when control keeps the exchange's end to itself: the credentials are not the operator's. */
export function lineEnd({ connection }: LineDocuments, side: LineEnd["side"]): LineEnd {
  if (side === "customer") return { side };
  if (connection["device"] === null || connection["routing_table"] === null) {
    throw new CliError(
      "--side exchange needs the line's device and routing table: control shows them to the operator only",
    );
  }
  return {
    side,
    gateway: { device: text(connection, "device"), routingTable: number(connection, "routing_table") },
  };
}

/** Throws CliError that names what the connection lacks for BGP. */
export function bgpPlan({ connection, secrets, exchange }: LineDocuments): BgpPlan {
  const needed = ["exchange_asn", "customer_asn", "exchange_peer_address", "customer_peer_address"];
  refuseMissing(connection, needed, "BGP");
  return {
    exchangeAsn: number(connection, "exchange_asn"),
    customerAsn: number(connection, "customer_asn"),
    exchangeAddress: address(connection, "exchange_peer_address"),
    customerAddress: address(connection, "customer_peer_address"),
    password: optionalText(secrets, "bgp_password"),
    exchangePrefixes: announcedPrefixes(exchange),
    customerPrefixes: list(connection, "ip_routes"),
  };
}

/**
 * Throws CliError that names what the connection lacks for IPsec.
 * @param exchangeGateway IPv4 address of the exchange's end of the tunnel, which control does not keep
 */
export function vpnPlan(documents: LineDocuments, exchangeGateway: string | undefined): VpnPlan {
  const { connection, secrets, exchange } = documents;
  if (connection["type"] !== "vpn") {
    throw new CliError(
      `${text(connection, "sid")} is of type ${text(connection, "type")}: only a vpn has IPsec`,
    );
  }
  refuseMissing(connection, ["vpn_gateway_address"], "IPsec");
  refuseMissing(secrets, ["pre_shared_key"], "IPsec");
  if (exchangeGateway === undefined) {
    throw new CliError("strongswan needs our end of the tunnel: say --exchange-gateway ADDRESS");
  }
  if (!isIPv4(exchangeGateway))
    throw new CliError(`--exchange-gateway ${exchangeGateway} is no IPv4 address`);
  const exchangeNetworks = list(exchange, "encryption_domain");
  const customerNetworks = list(connection, "ip_routes");
  if (exchangeNetworks.length === 0) throw new CliError("the exchange has no VPN encryption domain");
  if (customerNetworks.length === 0) throw new CliError("the connection has no IP routes");
  return {
    exchangeGateway,
    customerGateway: address(connection, "vpn_gateway_address"),
    preSharedKey: printable(secrets, "pre_shared_key"),
    exchangeNetworks,
    customerNetworks,
  };
}

function announcedPrefixes(exchange: JsonObject): readonly AnnouncedPrefix[] {
  const prefixes = exchange["bgp_prefixes"];
  if (!Array.isArray(prefixes)) throw new CliError("control's answer has no bgp_prefixes");
  return prefixes.map((each: JsonObject) => announcedPrefix(text(each, "prefix"), each["maximum_length"]));
}

function announcedPrefix(network: string, longest: unknown): AnnouncedPrefix {
  if (!/^\d+\.\d+\.\d+\.\d+\/\d+$/.test(network)) {
    throw new CliError(`control named the prefix ${network}, which is none`);
  }
  if (longest === null) return { network, longest: undefined };
  if (typeof longest !== "number") throw new CliError(`control's prefix ${network} has no maximum_length`);
  return { network, longest };
}

function refuseMissing(document: JsonObject, fields: readonly string[], purpose: string): void {
  const missing = fields.filter((field) => document[field] === null || document[field] === undefined);
  if (missing.length > 0)
    throw new CliError(`the connection lacks what ${purpose} needs: ${missing.join(", ")}`);
}

function text(document: JsonObject, field: string): string {
  const value = document[field];
  if (typeof value !== "string") throw new CliError(`control's answer has no ${field}`);
  return oneLine(value, field);
}

function optionalText(document: JsonObject, field: string): string | undefined {
  return document[field] === null || document[field] === undefined ? undefined : printable(document, field);
}

function address(document: JsonObject, field: string): string {
  const value = text(document, field);
  if (!isIPv4(value)) throw new CliError(`${field} ${value} is no IPv4 address`);
  return value;
}

function number(document: JsonObject, field: string): number {
  const value = document[field];
  if (typeof value !== "number") throw new CliError(`control's answer has no ${field}`);
  return value;
}

function list(document: JsonObject, field: string): readonly string[] {
  const value = document[field];
  if (!Array.isArray(value)) throw new CliError(`control's answer has no ${field}`);
  return value.map((entry) => oneLine(String(entry), field));
}

/** A secret goes between quotation marks into files of other programs. */
function printable(document: JsonObject, field: string): string {
  const value = text(document, field);
  if (/["\\]/.test(value)) throw new CliError(`${field} holds a quotation mark or a backslash`);
  return value;
}

/** Nothing that control says may add a line to a configuration file. */
function oneLine(value: string, field: string): string {
  if (value.length > maximumTextLength)
    throw new CliError(`${field} is longer than ${maximumTextLength} characters`);
  return value.replaceAll(/[^\x20-\x7e]/g, "?");
}
