import type { ConnectionHealth, SnapshotGatewayInterface } from "@tandem/contracts";
import type { Queryable } from "../database.ts";

/** What a gateway says about a line, and the rates that control made of its counters; null: not known. */
export type ReportedConnectionHealth = ConnectionHealth & {
  readonly receivedBitsPerSecond: number | null;
  readonly sentBitsPerSecond: number | null;
};

export interface GatewayRow {
  readonly name: string;
  readonly token_hash: string;
  readonly edge: string | null;
  readonly last_seen: Date | null;
  /** What the gateway said it has applied; 0: nothing yet. */
  readonly snapshot_version: number;
  readonly interfaces: readonly SnapshotGatewayInterface[];
  /** The stream between it and a control; null: none. */
  readonly stream_id: string | null;
  readonly connection_health: readonly ReportedConnectionHealth[];
  /** Snapshot that it had applied when it said so. */
  readonly health_snapshot_version: number;
}

const select = `select name, token_hash, edge, last_seen, snapshot_version, interfaces, stream_id, connection_health,
  health_snapshot_version from gateways`;

export async function listGateways(database: Queryable): Promise<readonly GatewayRow[]> {
  return database.query<GatewayRow>(`${select} order by sequence`);
}

/** Gateways that said they stand at one of these edges. */
export async function listGatewaysOfEdges(
  database: Queryable,
  edges: readonly string[],
): Promise<readonly GatewayRow[]> {
  if (edges.length === 0) return [];
  return database.query<GatewayRow>(`${select} where edge = any($1::text[]) order by sequence`, [edges]);
}

/** Makes the gateway known, or gives it another token. */
export async function upsertGateway(database: Queryable, name: string, tokenHash: string): Promise<void> {
  await database.query(
    `insert into gateways (name, token_hash) values ($1, $2)
     on conflict (name) do update set token_hash = excluded.token_hash
     where gateways.token_hash <> excluded.token_hash`,
    [name, tokenHash],
  );
}

/** What a gateway has said about itself. */
export async function markGatewaySeen(
  database: Queryable,
  gateway: {
    readonly name: string;
    readonly streamId: string;
    readonly snapshotVersion: number;
    readonly health: readonly ReportedConnectionHealth[];
    readonly healthSnapshotVersion: number;
    readonly atMs: number;
  },
): Promise<void> {
  await database.query(
    `update gateways set snapshot_version = $2, last_seen = to_timestamp($3 / 1000.0), stream_id = $4,
       connection_health = $5, health_snapshot_version = $6
     where name = $1`,
    [
      gateway.name,
      gateway.snapshotVersion,
      gateway.atMs,
      gateway.streamId,
      JSON.stringify(gateway.health),
      gateway.healthSnapshotVersion,
    ],
  );
}

/** Notes where the gateway stands; true when that is news, and thus a change of the snapshot. */
export async function placeGateway(
  transaction: Queryable,
  name: string,
  edge: string,
  interfaces: readonly SnapshotGatewayInterface[],
): Promise<boolean> {
  const rows = await transaction.query(
    `update gateways set edge = $2, interfaces = $3::jsonb
     where name = $1 and (edge is distinct from $2 or interfaces <> $3::jsonb) returning name`,
    [name, edge, JSON.stringify(interfaces)],
  );
  return rows.length > 0;
}

/** That stream of the gateway has ended; nothing changes when it has another one by now. */
export async function markGatewayGone(database: Queryable, name: string, streamId: string): Promise<void> {
  await database.query("update gateways set stream_id = null where name = $1 and stream_id = $2", [
    name,
    streamId,
  ]);
}
