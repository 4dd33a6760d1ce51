/** Regions and their order of fallback. */
import type { Queryable } from "../database.ts";

export interface RegionRow {
  readonly name: string;
  readonly place: string;
  readonly fallback: readonly string[];
  readonly source: "reference" | "public-docs" | "operator";
}

/** Rows that follow the topology file; true when that changed one. A row that the API manages stays as it is. */
export async function followRegion(transaction: Queryable, region: RegionRow): Promise<boolean> {
  const rows = await transaction.query(
    `insert into regions (name, place, fallback, source, managed_by) values ($1, $2, $3, $4, 'file')
     on conflict (name) do update
       set place = excluded.place, fallback = excluded.fallback, source = excluded.source, date_updated = now()
     where regions.managed_by = 'file'
       and (regions.place, regions.fallback, regions.source)
         is distinct from (excluded.place, excluded.fallback, excluded.source)
     returning name`,
    [region.name, region.place, JSON.stringify(region.fallback), region.source],
  );
  return rows.length > 0;
}
