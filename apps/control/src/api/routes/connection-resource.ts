/** Parameters and shape of a private line. */
import type { ConnectionTransitionRow } from "@tandem/database";
import Type, { type Static } from "typebox";
import { iso8601 } from "../conventions/dates.ts";
import { Nullable, OneOf } from "../conventions/parameters.ts";
import { nameLengths } from "../limits.ts";
import { ConnectionHealth } from "./connection-health.ts";

/** Both sides paste these into configuration files: printable ASCII without blanks, quotes and backslashes. */
const secretPattern = "^[!#-&(-\\[\\]-~]+$";

const Fallback = OneOf(["none", "public"]);
const Asn = Type.Integer({ minimum: 1, maximum: 4_294_967_294 });

/** What the owner may set at any time. */
const ownerParameters = {
  FriendlyName: Type.Optional(Type.String({ maxLength: nameLengths.connection })),
  BandwidthMbps: Type.Optional(Type.String({ description: "10, 100, 500 or 1000, as the edge offers." })),
  Fallback: Type.Optional(Fallback),
  IpRoutes: Type.Optional(
    Type.Array(Type.String(), {
      description: "Repeated; networks behind the line in CIDR form, of 256 addresses at most. Empty: none.",
    }),
  ),
  VpnGatewayAddress: Type.Optional(Nullable(Type.String({ description: "The customer's end of a VPN." }))),
  MplsCarrierSid: Type.Optional(Nullable(Type.String({ description: "For type mpls, and only for it." }))),
  CustomerAsn: Type.Optional(Nullable(Asn)),
  BgpPassword: Type.Optional(
    Nullable(Type.String({ pattern: secretPattern, maxLength: 80, description: "TCP MD5; empty: none." })),
  ),
  PreSharedKey: Type.Optional(
    Nullable(
      Type.String({
        pattern: secretPattern,
        minLength: 16,
        maxLength: 128,
        description: "Of a VPN; left out at its creation, one is made.",
      }),
    ),
  ),
};

/** What only the operator may set: it is about the exchange's own network, or a permission. */
export const operatorParameters = {
  Device: Type.Optional(
    Type.String({
      pattern: "^(?!(\\.|\\.\\.|lo)$)[A-Za-z0-9._-]{1,15}$",
      description: "Network device on the gateway hosts; default tx- and 10 digits of the SID.",
    }),
  ),
  NextHop: Type.Optional(
    Nullable(Type.String({ description: "Of the routes; empty: directly on the device." })),
  ),
  ExchangeAsn: Type.Optional(Nullable(Asn)),
  CustomerPeerAddress: Type.Optional(
    Nullable(Type.String({ description: "With ExchangePeerAddress, the two ends of a /30 or /31." })),
  ),
  ExchangePeerAddress: Type.Optional(Nullable(Type.String())),
  AllowPrivateAddresses: Type.Optional(
    Type.Boolean({ description: "Routes and VPN gateway may be of private address space." }),
  ),
  DateExpires: Type.Optional(Nullable(Type.String({ description: "ISO 8601; empty: never." }))),
};

export const CreateParameters = Type.Object({
  AccountSid: Type.Optional(Type.String({ description: "Owner; default the caller's account." })),
  Type: Type.Optional(Type.String({ description: "Required: crossconnect, mpls, vpn or cloudconnect." })),
  Edge: Type.Optional(Type.String({ description: "Required: name or legacy id of a private edge." })),
  ...ownerParameters,
  ...operatorParameters,
});
export type CreateParameters = Static<typeof CreateParameters>;

export const UpdateParameters = Type.Object({
  ...ownerParameters,
  ...operatorParameters,
  Status: Type.Optional(OneOf(["active", "inactive"])),
});
export type UpdateParameters = Static<typeof UpdateParameters>;

const Text = Nullable(Type.String());
const Count = Nullable(Type.Integer());

export const Transition = Type.Object({
  from_status: Nullable(Type.String({ description: "Null: the connection was created." })),
  to_status: Type.String(),
  code: Nullable(Type.Integer({ description: "Null: nothing went wrong." })),
  cause: Type.String(),
  date_created: Type.String(),
});

const internal = { description: "For the operator; null for everybody else." };

export const Connection = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  friendly_name: Type.String(),
  type: Type.String(),
  edge: Type.String(),
  exchange_sid: Text,
  bandwidth_mbps: Type.Integer(),
  status: Type.String(),
  fallback: Fallback,
  allow_private_addresses: Type.Boolean(),
  ip_routes: Type.Array(Type.String()),
  device: Nullable(Type.String(internal)),
  next_hop: Nullable(Type.String(internal)),
  local_address: Nullable(Type.String(internal)),
  routing_table: Nullable(Type.Integer(internal)),
  vpn_gateway_address: Text,
  mpls_carrier_sid: Text,
  customer_asn: Count,
  exchange_asn: Count,
  customer_peer_address: Text,
  exchange_peer_address: Text,
  shared_account_sids: Type.Array(Type.String(), {
    description: "A subaccount sees its own share only.",
  }),
  health: Type.Array(ConnectionHealth, { description: "One for each gateway of the edge." }),
  transitions: Type.Array(Transition, { description: "The last ten, newest first." }),
  date_expires: Text,
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
  links: Type.Object({ transitions: Type.String(), secrets: Type.String(), shares: Type.String() }),
});
export type Connection = Static<typeof Connection>;

export function connectionUrl(publicUrl: string, sid: string): string {
  return `${publicUrl}/v1/Interconnect/Connections/${sid}`;
}

export function presentTransition(row: ConnectionTransitionRow): Static<typeof Transition> {
  return {
    from_status: row.from_status,
    to_status: row.to_status,
    code: row.code,
    cause: row.cause,
    date_created: iso8601(row.date_created),
  };
}
