import type { Queryable } from "../database.ts";

/** Puts these networks (CIDR texts, in this order) in place of the line's routes. Call it with the allotment locked. */
export async function replaceConnectionRoutes(
  transaction: Queryable,
  connectionSid: string,
  networks: readonly string[],
): Promise<void> {
  await transaction.query("delete from connection_routes where connection_sid = $1", [connectionSid]);
  await transaction.query(
    `insert into connection_routes (connection_sid, network)
     select $1, network::cidr from unnest($2::text[]) with ordinality as given (network, place) order by place`,
    [connectionSid, networks],
  );
}

/** The first of these networks that shares an address with a route of another account's line; undefined: none does. */
export async function findRouteOfOtherAccount(
  database: Queryable,
  accountSid: string,
  networks: readonly string[],
): Promise<string | undefined> {
  const rows = await database.query<{ network: string }>(
    `select given.network from unnest($2::text[]) with ordinality as given (network, place)
     where exists (select from connection_routes route join connections c on c.sid = route.connection_sid
       where route.network && given.network::inet and c.account_sid <> $1)
     order by place limit 1`,
    [accountSid, networks],
  );
  return rows[0]?.network;
}

/** The first of these networks that holds a signaling address of an edge; undefined: none does. */
export async function findRouteOfOwnAddress(
  database: Queryable,
  networks: readonly string[],
): Promise<string | undefined> {
  const rows = await database.query<{ network: string }>(
    `select given.network from unnest($1::text[]) with ordinality as given (network, place)
     where exists (select from edges, jsonb_array_elements_text(signaling_addresses) as address
       where address::inet <<= given.network::inet)
     order by place limit 1`,
    [networks],
  );
  return rows[0]?.network;
}

/** Whether any line has a route into that network. */
export async function hasRouteWithin(database: Queryable, network: string): Promise<boolean> {
  const sql = "select 1 from connection_routes where network && $1::inet limit 1";
  return (await database.query(sql, [network])).length > 0;
}
