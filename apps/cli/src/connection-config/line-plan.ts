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
  /** Network device of the line on a gateway host. */
  readonly device: string;
  /** Routing table of the line on a gateway host. */
  readonly routingTable: number;
}

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
    device: text(connection, "device"),
    routingTable: number(connection, "routing_table"),
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
    exchangePrefixes: list(exchange, "bgp_prefixes").map((prefix) => announcedPrefix(prefix)),
    customerPrefixes: list(connection, "ip_routes"),
  };
}

/**
 * Throws CliError that names what the connection lacks for IPsec.
 * @param exchangeGateway IPv4 address of the exchange's end of the tunnel when the exchange does not name one
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
  const ours = exchangeGateway ?? optionalText(exchange, "vpn_gateway_address");
  if (ours === undefined) {
    throw new CliError("the exchange names no VPN gateway: say --exchange-gateway ADDRESS");
  }
  if (!isIPv4(ours)) throw new CliError(`--exchange-gateway ${ours} is no IPv4 address`);
  const exchangeNetworks = list(exchange, "vpn_encryption_domain");
  const customerNetworks = list(connection, "ip_routes");
  if (exchangeNetworks.length === 0) throw new CliError("the exchange has no VPN encryption domain");
  if (customerNetworks.length === 0) throw new CliError("the connection has no IP routes");
  return {
    exchangeGateway: ours,
    customerGateway: address(connection, "vpn_gateway_address"),
    preSharedKey: printable(secrets, "pre_shared_key"),
    exchangeNetworks,
    customerNetworks,
  };
}

/** `168.86.128.0/18 le 24` or `168.86.128.0/18`. */
function announcedPrefix(given: string): AnnouncedPrefix {
  const parts = /^(\d+\.\d+\.\d+\.\d+\/\d+)(?: le (\d+))?$/.exec(given);
  if (parts === null) throw new CliError(`control named the prefix ${given}, which is none`);
  return { network: parts[1] as string, longest: parts[2] === undefined ? undefined : Number(parts[2]) };
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
