import type { ConnectionStatus } from "@tandem/contracts";
import type { Queryable } from "../database.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";

/** One change of a line's status. */
export interface ConnectionTransitionRow {
  readonly sequence: number;
  readonly connection_sid: string;
  /** Null: it was created. */
  readonly from_status: ConnectionStatus | null;
  readonly to_status: ConnectionStatus;
  /** Number in the catalogue; null: nothing went wrong. */
  readonly code: number | null;
  readonly cause: string;
  readonly date_created: Date;
}

/** Transitions of one connection that are kept; older ones go when a new one comes. */
export const keptConnectionTransitions = 100;

const columns = "sequence, connection_sid, from_status, to_status, code, cause, date_created";

/** Writes a transition down; its date is the caller's: waits are measured from it. */
export async function insertConnectionTransition(
  transaction: Queryable,
  row: Omit<ConnectionTransitionRow, "sequence">,
): Promise<void> {
  await transaction.query(
    `insert into connection_transitions (connection_sid, from_status, to_status, code, cause, date_created)
     values ($1, $2, $3, $4, $5, $6)`,
    [row.connection_sid, row.from_status, row.to_status, row.code, row.cause, row.date_created],
  );
  await transaction.query(
    `delete from connection_transitions where connection_sid = $1 and sequence <= (
       select sequence from connection_transitions where connection_sid = $1 order by sequence desc limit 1 offset $2)`,
    [row.connection_sid, keptConnectionTransitions],
  );
}

/** Oldest first. */
export function listConnectionTransitions(
  database: Queryable,
  connectionSid: string,
  window: PageWindow,
): Promise<Page<ConnectionTransitionRow>> {
  return selectPage<ConnectionTransitionRow>(
    database,
    {
      select: `select ${columns} from connection_transitions`,
      where: "connection_sid = $1",
      parameters: [connectionSid],
      sequence: "sequence",
    },
    window,
  );
}

/** The last `count` transitions of each of these connections, newest first. */
export async function findLastConnectionTransitions(
  database: Queryable,
  connectionSids: readonly string[],
  count: number,
): Promise<ReadonlyMap<string, readonly ConnectionTransitionRow[]>> {
  if (connectionSids.length === 0) return new Map();
  const rows = await database.query<ConnectionTransitionRow>(
    `select ${columns} from (
       select *, row_number() over (partition by connection_sid order by sequence desc) as place
       from connection_transitions where connection_sid = any($1::text[])) as numbered
     where place <= $2 order by sequence desc`,
    [connectionSids, count],
  );
  return Map.groupBy(rows, (row) => row.connection_sid);
}
