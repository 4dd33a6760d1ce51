import type { Queryable } from "../database.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { onlyRow } from "./result-rows.ts";

export interface EdgeRow {
  readonly name: string;
  readonly sequence: number;
  readonly legacy_id: string;
  readonly region: string;
  readonly kind: "private" | "public";
  readonly place: string;
  readonly signaling_addresses: readonly string[];
  /** Who says so: a document of the reference system, or the operator. */
  readonly source: "reference" | "public-docs" | "operator";
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type EdgeValues = Pick<
  EdgeRow,
  "name" | "legacy_id" | "region" | "kind" | "place" | "signaling_addresses" | "source"
>;

export function listEdges(database: Queryable, window: PageWindow): Promise<Page<EdgeRow>> {
  const list = { select: "select * from edges", where: "true", parameters: [], sequence: "sequence" };
  return selectPage<EdgeRow>(database, list, window);
}

export async function findEdge(database: Queryable, name: string): Promise<EdgeRow | undefined> {
  return (await database.query<EdgeRow>("select * from edges where name = $1", [name]))[0];
}

/** Violates `edges_pkey` or `edges_legacy_id_key` when the name or the legacy id is taken. */
export async function insertEdge(database: Queryable, edge: EdgeValues): Promise<EdgeRow> {
  const rows = await database.query<EdgeRow>(
    `insert into edges (name, legacy_id, region, kind, place, signaling_addresses, source)
     values ($1, $2, $3, $4, $5, $6, $7) returning *`,
    [
      edge.name,
      edge.legacy_id,
      edge.region,
      edge.kind,
      edge.place,
      JSON.stringify(edge.signaling_addresses),
      edge.source,
    ],
  );
  return onlyRow(rows);
}
