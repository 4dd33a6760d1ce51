import type { Queryable } from "../database.ts";

export interface MediaRangeRow {
  readonly edge: string;
  readonly legacy_id: string;
  readonly network: string;
  readonly first_port: number;
  readonly last_port: number;
  readonly client_first_port: number;
  readonly client_last_port: number;
  readonly secure_media: readonly string[];
  readonly source: "reference" | "public-docs" | "operator";
}

/** Makes the row follow the topology file; true when that changed it. One that the API made stays as it is. */
export async function followMediaRange(transaction: Queryable, media: MediaRangeRow): Promise<boolean> {
  const rows = await transaction.query(
    `insert into media_ranges (edge, legacy_id, network, first_port, last_port, client_first_port, client_last_port,
       secure_media, source, managed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'file')
     on conflict (edge) do update
       set legacy_id = excluded.legacy_id, network = excluded.network, first_port = excluded.first_port,
         last_port = excluded.last_port, client_first_port = excluded.client_first_port,
         client_last_port = excluded.client_last_port, secure_media = excluded.secure_media, source = excluded.source
     where media_ranges.managed_by = 'file'
       and (media_ranges.legacy_id, media_ranges.network, media_ranges.first_port, media_ranges.last_port,
         media_ranges.client_first_port, media_ranges.client_last_port, media_ranges.secure_media, media_ranges.source)
         is distinct from (excluded.legacy_id, excluded.network, excluded.first_port, excluded.last_port,
         excluded.client_first_port, excluded.client_last_port, excluded.secure_media, excluded.source)
     returning edge`,
    [
      media.edge,
      media.legacy_id,
      media.network,
      media.first_port,
      media.last_port,
      media.client_first_port,
      media.client_last_port,
      JSON.stringify(media.secure_media),
      media.source,
    ],
  );
  return rows.length > 0;
}

/** An edge that the API made has its media where the first edge has; nothing when there are no media ranges. */
export async function addMediaRange(
  transaction: Queryable,
  edge: { readonly name: string; readonly legacyId: string },
): Promise<void> {
  await transaction.query(
    `insert into media_ranges (edge, legacy_id, network, first_port, last_port, client_first_port, client_last_port,
       secure_media)
     select $1, $2, network, first_port, last_port, client_first_port, client_last_port, secure_media
     from media_ranges order by sequence limit 1
     on conflict do nothing`,
    [edge.name, edge.legacyId],
  );
}
