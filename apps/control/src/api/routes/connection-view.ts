import {
  type ConnectionRow,
  type ConnectionTransitionRow,
  findInstallation,
  findLastConnectionTransitions,
  type GatewayRow,
  listGatewaysOfEdges,
  type Queryable,
} from "@tandem/database";
import { interconnectLimits, lineAddressOf, routingTableOf } from "../../interconnect/index.ts";
import type { Asker } from "../conventions/account-scope.ts";
import { iso8601 } from "../conventions/dates.ts";
import { accessOf } from "../rules/connection-access.ts";
import { presentConnectionHealth } from "./connection-health.ts";
import { type Connection, connectionUrl, presentTransition } from "./connection-resource.ts";

export interface ConnectionViewer {
  readonly asker: Asker;
  readonly publicUrl: string;
  readonly nowMs: number;
}

interface Surroundings {
  readonly linePool: string;
  readonly gateways: ReadonlyMap<string | null, readonly GatewayRow[]>;
  readonly transitions: ReadonlyMap<string, readonly ConnectionTransitionRow[]>;
}

/** Reads what is shown with these lines, once for all, and gives the function that shows each. */
export async function connectionPresenter(
  database: Queryable,
  rows: readonly ConnectionRow[],
  viewer: ConnectionViewer,
): Promise<(row: ConnectionRow) => Connection> {
  const installation = await findInstallation(database);
  if (installation === undefined) throw new Error("there is no installation");
  const gateways = await listGatewaysOfEdges(database, [...new Set(rows.map((row) => row.edge))]);
  const surroundings = {
    linePool: installation.line_pool,
    gateways: Map.groupBy(gateways, (gateway) => gateway.edge),
    transitions: await findLastConnectionTransitions(
      database,
      rows.map((row) => row.sid),
      interconnectLimits.shownTransitions,
    ),
  };
  return (row) => present(row, surroundings, viewer);
}

function present(row: ConnectionRow, surroundings: Surroundings, viewer: ConnectionViewer): Connection {
  const { asker, publicUrl, nowMs } = viewer;
  const access = accessOf(asker, row);
  const url = connectionUrl(publicUrl, row.sid);
  const gateways = surroundings.gateways.get(row.edge) ?? [];
  return {
    sid: row.sid,
    account_sid: row.account_sid,
    friendly_name: row.friendly_name,
    type: row.type,
    edge: row.edge,
    exchange_sid: row.exchange_sid,
    bandwidth_mbps: row.bandwidth_mbps,
    status: row.status,
    fallback: row.fallback,
    allow_private_addresses: row.allow_private_addresses,
    ip_routes: [...row.ip_routes],
    ...(access === "operator" ? internals(row, surroundings.linePool) : noInternals),
    vpn_gateway_address: row.vpn_gateway_address,
    mpls_carrier_sid: row.mpls_carrier_sid,
    customer_asn: row.customer_asn,
    exchange_asn: row.exchange_asn,
    customer_peer_address: row.customer_peer_address,
    exchange_peer_address: row.exchange_peer_address,
    shared_account_sids: row.shared_account_sids.filter(
      (sid) => access !== "shared" || sid === asker.accountSid,
    ),
    health: gateways.map((gateway) => presentConnectionHealth(row, gateway, nowMs)),
    transitions: (surroundings.transitions.get(row.sid) ?? []).map(presentTransition),
    date_expires: row.expires_at === null ? null : iso8601(row.expires_at),
    date_created: iso8601(row.date_created),
    date_updated: iso8601(row.date_updated),
    url,
    links: { transitions: `${url}/Transitions`, secrets: `${url}/Secrets`, shares: `${url}/Shares` },
  };
}

function internals(row: ConnectionRow, linePool: string) {
  return {
    device: row.device,
    next_hop: row.next_hop,
    local_address: lineAddressOf(linePool, row.line_number),
    routing_table: routingTableOf(row.line_number),
  };
}

const noInternals = { device: null, next_hop: null, local_address: null, routing_table: null };
