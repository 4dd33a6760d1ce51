import type { EdgeRow, EdgeValues } from "@tandem/database";
import Type, { type Static } from "typebox";
import { ApiError } from "../conventions/api-error.ts";
import { iso8601 } from "../conventions/dates.ts";
import { Nullable, OneOf } from "../conventions/parameters.ts";
import { signalingNetworkOf } from "../rules/signaling-network.ts";

export const TopologyName = Type.String({
  pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
  description: "ashburn-ix",
});
export const TopologySource = OneOf(["reference", "public-docs", "operator"]);
export const EdgeKind = OneOf(["private", "public"]);
const Port = Nullable(Type.Integer({ minimum: 1, maximum: 65_535, description: "Empty: not served." }));

/** Of an update; create also needs a name. */
export const EdgeParameters = Type.Partial(
  Type.Object({
    LegacyId: TopologyName,
    Region: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,31}$", description: "us1" }),
    Kind: EdgeKind,
    Place: Type.String({ maxLength: 255 }),
    Exchange: Nullable(Type.String({ description: "Name or SID; of a private edge only." })),
    SignalingAddress: Type.Array(Type.String(), {
      maxItems: 64,
      description: "Address or network, repeated; what a firewall must allow.",
    }),
    UdpPort: Port,
    TcpPort: Port,
    TlsPort: Port,
  }),
);

export const Edge = Type.Object({
  name: Type.String(),
  legacy_id: Type.String(),
  region: Type.String(),
  kind: EdgeKind,
  place: Type.String(),
  source: TopologySource,
  managed_by: OneOf(["file", "api"]),
  exchange: Nullable(Type.String()),
  exchange_sid: Nullable(Type.String()),
  signaling_addresses: Type.Array(Type.String()),
  udp_port: Nullable(Type.Integer()),
  tcp_port: Nullable(Type.Integer()),
  tls_port: Nullable(Type.Integer()),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
  links: Type.Object({ ip_ranges: Type.String(), exchange: Nullable(Type.String()) }),
});

/** Columns without the exchange, which needs the database. Whatever is written becomes the operator's word. */
export function edgeValuesOf(body: Static<typeof EdgeParameters>): EdgeValues {
  return {
    legacy_id: body.LegacyId,
    region: body.Region,
    kind: body.Kind,
    place: body.Place,
    signaling_addresses: body.SignalingAddress?.map(signalingNetworkOf),
    udp_port: body.UdpPort,
    tcp_port: body.TcpPort,
    tls_port: body.TlsPort,
    source: "operator",
  };
}

/** Throws for what cannot be of an edge as it would be. */
export function checkEdge(
  edge: Pick<EdgeRow, "kind" | "exchange_sid" | "udp_port" | "tcp_port" | "tls_port">,
): void {
  if (edge.kind === "public" && edge.exchange_sid !== null) {
    throw new ApiError("invalidParameter", "A public edge stands at no exchange.");
  }
  if (edge.udp_port === null && edge.tcp_port === null && edge.tls_port === null) {
    throw new ApiError("invalidParameter", "The edge would serve no transport.");
  }
}

export function presentEdge(row: EdgeRow, publicUrl: string): Static<typeof Edge> {
  const interconnect = `${publicUrl}/v1/Interconnect`;
  return {
    name: row.name,
    legacy_id: row.legacy_id,
    region: row.region,
    kind: row.kind,
    place: row.place,
    source: row.source,
    managed_by: row.managed_by,
    exchange: row.exchange,
    exchange_sid: row.exchange_sid,
    signaling_addresses: [...row.signaling_addresses],
    udp_port: row.udp_port,
    tcp_port: row.tcp_port,
    tls_port: row.tls_port,
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url: `${publicUrl}/v1/Edges/${row.name}`,
    links: {
      ip_ranges: `${interconnect}/IpRanges?Edge=${row.name}`,
      exchange: row.exchange_sid === null ? null : `${interconnect}/Exchanges/${row.exchange_sid}`,
    },
  };
}
