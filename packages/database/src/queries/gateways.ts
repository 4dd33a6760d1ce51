import type { Queryable } from "../database.ts";

export interface GatewayRow {
  readonly name: string;
  readonly token_hash: string;
  readonly edge: string | null;
  readonly last_seen: Date | null;
  /** What the gateway said it has applied; 0: nothing yet. */
  readonly snapshot_version: number;
}

export async function listGateways(database: Queryable): Promise<readonly GatewayRow[]> {
  return database.query<GatewayRow>(
    "select name, token_hash, edge, last_seen, snapshot_version from gateways order by sequence",
  );
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
    readonly edge: string;
    readonly snapshotVersion: number;
    readonly atMs: number;
  },
): Promise<void> {
  await database.query(
    `update gateways set edge = $2, snapshot_version = $3, last_seen = to_timestamp($4 / 1000.0) where name = $1`,
    [gateway.name, gateway.edge, gateway.snapshotVersion, gateway.atMs],
  );
}
