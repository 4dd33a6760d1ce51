import type { Queryable } from "../database.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";

/** What a firewall must know, of the view `ip_ranges`. */
export interface IpRangeRow {
  readonly sequence: number;
  readonly kind: "signaling" | "media";
  readonly edge: string;
  readonly legacy_id: string;
  readonly edge_kind: "private" | "public" | "roaming";
  readonly network: string;
  /** Of signaling; null: that transport is not served. */
  readonly udp_port: number | null;
  readonly tcp_port: number | null;
  readonly tls_port: number | null;
  /** Of media, all four. */
  readonly first_port: number | null;
  readonly last_port: number | null;
  readonly client_first_port: number | null;
  readonly client_last_port: number | null;
  readonly secure_media: readonly ("ICE" | "STUN" | "SRTP")[];
  readonly source: "reference" | "public-docs" | "operator";
}

export interface IpRangeFilters {
  readonly kind?: string | undefined;
  /** Name or legacy id. */
  readonly edge?: string | undefined;
  readonly edgeKind?: string | undefined;
  readonly source?: string | undefined;
}

export function listIpRanges(
  database: Queryable,
  filters: IpRangeFilters,
  window: PageWindow,
): Promise<Page<IpRangeRow>> {
  const list = {
    select: "select * from ip_ranges",
    where: `($1::text is null or kind = $1) and ($2::text is null or edge = $2 or legacy_id = $2)
      and ($3::text is null or edge_kind = $3) and ($4::text is null or source = $4)`,
    parameters: [
      filters.kind ?? null,
      filters.edge ?? null,
      filters.edgeKind ?? null,
      filters.source ?? null,
    ],
    sequence: "sequence",
  };
  return selectPage<IpRangeRow>(database, list, window);
}

/**
 * The first of these networks that shares an address with another edge's signaling, or with one before it in the list
 * (then `edge` is the edge itself).
 */
export async function findForeignSignaling(
  database: Queryable,
  edge: string,
  networks: readonly string[],
): Promise<{ readonly network: string; readonly other: string; readonly edge: string } | undefined> {
  const rows = await database.query<{ network: string; other: string; edge: string }>(
    `with given as (select network, place from unnest($2::text[]) with ordinality as given (network, place))
     select given.network, others.network as other, others.edge
     from given
     join (
       select network, edge, 0 as place from ip_ranges where kind = 'signaling' and edge <> $1
       union all select network, $1, place from given
     ) as others on others.place < given.place and others.network::inet && given.network::inet
     order by given.place, others.place limit 1`,
    [edge, networks],
  );
  return rows[0];
}
