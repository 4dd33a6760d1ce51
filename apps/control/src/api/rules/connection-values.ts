/** Columns of a private line from the parameters of its creation or update. */
import { randomBytes } from "node:crypto";
import { ConnectionType } from "@tandem/contracts";
import {
  type ConnectionRow,
  type ConnectionValues,
  type EdgeRow,
  findEdgeByEitherName,
  type Queryable,
} from "@tandem/database";
import { purposes, type SecretBox } from "../../secrets/index.ts";
import { ApiError } from "../conventions/api-error.ts";
import type { Caller } from "../conventions/authentication.ts";
import {
  type CreateParameters,
  operatorParameters,
  type UpdateParameters,
} from "../routes/connection-resource.ts";
import { type AddressPolicy, checkPeerAddresses, linkAddressOf, vpnGatewayOf } from "./ip-route.ts";

type SharedParameters = Omit<CreateParameters & UpdateParameters, "AccountSid" | "Type" | "Edge" | "Status">;

/** The line as it is before the change; at its creation, what it will be whatever else is given. */
export type ConnectionBefore = Pick<
  ConnectionRow,
  | "sid"
  | "type"
  | "vpn_gateway_address"
  | "mpls_carrier_sid"
  | "customer_peer_address"
  | "exchange_peer_address"
>;

const types: readonly string[] = ConnectionType.anyOf.map((type) => type.const);

/** Throws 62024 for none, 62025 for one that there is not. */
export function connectionTypeOf(given: string | undefined): ConnectionType {
  if (given === undefined || given === "") throw new ApiError("connectionTypeMissing");
  if (!types.includes(given)) throw new ApiError("invalidConnectionType");
  return given as ConnectionType;
}

/** Throws 62023 for none, 62002 for one that there is not or that has no exchange. */
export async function privateEdgeOf(database: Queryable, given: string | undefined): Promise<EdgeRow> {
  if (given === undefined || given === "") throw new ApiError("exchangeMissing", "Edge names it.");
  const edge = await findEdgeByEitherName(database, given);
  if (edge === undefined) throw new ApiError("exchangeNotFound");
  if (edge.kind !== "private") throw new ApiError("exchangeNotFound", `${edge.name} is a public edge.`);
  return edge;
}

/** Throws 62035. Not every exchange offers every bandwidth. */
export function bandwidthOf(given: string | undefined, edge: EdgeRow): number {
  const bandwidth = /^\d{1,5}(\.0+)?$/.test(given ?? "") ? Number(given) : undefined;
  if (bandwidth !== undefined && edge.bandwidths_mbps.includes(bandwidth)) return bandwidth;
  throw new ApiError("invalidBandwidth", `${edge.name} offers ${edge.bandwidths_mbps.join(", ")}.`);
}

/** Throws 62011 for a parameter that is the operator's when somebody else gives it. */
export function checkOperatorParameters(caller: Caller, body: object): void {
  if (caller.isOperator) return;
  const given = Object.keys(operatorParameters).find((name) => Object.hasOwn(body, name));
  if (given !== undefined) throw new ApiError("interconnectForbidden", `Only the operator sets ${given}.`);
}

/** All but bandwidth, routes and status. Throws what stands against the values or their combination. */
export function connectionValuesOf(
  body: SharedParameters,
  before: ConnectionBefore,
  policy: AddressPolicy,
  nowMs: number,
): ConnectionValues {
  const link = (name: "NextHop" | "CustomerPeerAddress" | "ExchangePeerAddress") => {
    const text = body[name];
    return typeof text === "string" ? linkAddressOf(name, text, policy.linePool) : text;
  };
  const values = {
    friendly_name: body.FriendlyName,
    fallback: body.Fallback,
    allow_private_addresses: body.AllowPrivateAddresses,
    device: body.Device,
    next_hop: link("NextHop"),
    vpn_gateway_address: vpnGateway(body, before, policy),
    mpls_carrier_sid: mplsCarrier(body.MplsCarrierSid, before),
    customer_asn: asnOf("CustomerAsn", body.CustomerAsn),
    exchange_asn: asnOf("ExchangeAsn", body.ExchangeAsn),
    customer_peer_address: link("CustomerPeerAddress"),
    exchange_peer_address: link("ExchangePeerAddress"),
    expires_at: expiryOf(body.DateExpires, nowMs),
  };
  checkPeerAddresses(
    values.customer_peer_address === undefined ? before.customer_peer_address : values.customer_peer_address,
    values.exchange_peer_address === undefined ? before.exchange_peer_address : values.exchange_peer_address,
  );
  return values;
}

/** The one that stays is judged, too: the permission for private addresses may have gone. */
function vpnGateway(
  body: SharedParameters,
  before: ConnectionBefore,
  policy: AddressPolicy,
): string | null | undefined {
  const { VpnGatewayAddress: given } = body;
  if (typeof given === "string" && before.type !== "vpn") {
    throw new ApiError("validationFailed", "Only a connection of type vpn has a VpnGatewayAddress.");
  }
  const address = given === undefined ? before.vpn_gateway_address : given;
  if (address !== null) vpnGatewayOf(address, policy);
  return given;
}

function mplsCarrier(given: string | null | undefined, before: ConnectionBefore): string | null | undefined {
  const sid = given === undefined ? before.mpls_carrier_sid : given;
  if (before.type !== "mpls") {
    if (sid !== null) throw new ApiError("mplsCarrierNotAllowed");
    return undefined;
  }
  if (sid === null) throw new ApiError("mplsCarrierMissing");
  if (!/^[A-Z]{2}[0-9a-f]{32}$/.test(sid)) throw new ApiError("interconnectInvalidSid", "MplsCarrierSid");
  return given ?? undefined;
}

/** RFC 6793 §9, RFC 7300: numbers that stand for something else. 0 and the last one are out of range already. */
const reservedAsns: readonly number[] = [23_456, 65_535];

function asnOf(name: string, asn: number | null | undefined): number | null | undefined {
  if (typeof asn === "number" && reservedAsns.includes(asn)) {
    throw new ApiError("invalidParameter", `${name} ${asn} is reserved.`);
  }
  return asn;
}

function expiryOf(text: string | null | undefined, nowMs: number): Date | null | undefined {
  if (typeof text !== "string") return text;
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const date = new Date(isInstant ? text : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new ApiError("invalidParameter", "DateExpires must be ISO 8601.");
  if (date.getTime() <= nowMs) throw new ApiError("invalidParameter", "DateExpires lies in the past.");
  return date;
}

/** Sealed columns of the secrets that were given; `isNew`: a VPN's key is made if it was not. */
export function connectionSecretsOf(
  body: SharedParameters,
  line: Pick<ConnectionBefore, "sid" | "type">,
  box: SecretBox,
  isNew: boolean,
): Pick<ConnectionValues, "bgp_password_encrypted" | "pre_shared_key_encrypted"> {
  const { BgpPassword: bgpPassword } = body;
  const isVpn = line.type === "vpn";
  if (typeof body.PreSharedKey === "string" && !isVpn) {
    throw new ApiError("validationFailed", "Only a connection of type vpn has a PreSharedKey.");
  }
  const preSharedKey = body.PreSharedKey === undefined && isNew && isVpn ? newKey() : body.PreSharedKey;
  return {
    bgp_password_encrypted:
      typeof bgpPassword === "string" ? box.seal(bgpPassword, purposes.bgpPassword(line.sid)) : bgpPassword,
    pre_shared_key_encrypted:
      typeof preSharedKey === "string"
        ? box.seal(preSharedKey, purposes.preSharedKey(line.sid))
        : preSharedKey,
  };
}

/** 192 bits, as 32 characters that every router takes. */
function newKey(): string {
  return randomBytes(24).toString("base64url");
}
