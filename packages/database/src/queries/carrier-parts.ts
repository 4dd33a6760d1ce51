/** What belongs to one carrier: gateways, routes, source networks. One set of statements over three tables. */
import type { Queryable } from "../database.ts";
import { insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

interface PartRow {
  readonly sid: string;
  readonly sequence: number;
  readonly carrier_sid: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

export interface CarrierGatewayRow extends PartRow {
  readonly sip_url: string;
  readonly priority: number;
  readonly weight: number;
  readonly enabled: boolean;
  /** Edge whose gateways place calls to it; null: any. */
  readonly edge: string | null;
}

export interface CarrierRouteRow extends PartRow {
  readonly prefix: string;
  readonly priority: number;
  readonly weight: number;
}

export interface CarrierSourceRow extends PartRow {
  /** CIDR text. */
  readonly network: string;
}

/** The columns that a client may set. */
export type PartValues<Row> = {
  readonly [Column in Exclude<keyof Row, keyof PartRow>]?: Row[Column] | undefined;
};

export interface CarrierParts<Row> {
  list(database: Queryable, carrierSid: string, window: PageWindow): Promise<Page<Row>>;
  find(database: Queryable, carrierSid: string, sid: string): Promise<Row | undefined>;
  count(database: Queryable, carrierSid: string): Promise<number>;
  insert(
    database: Queryable,
    identity: { sid: string; carrier_sid: string },
    values: PartValues<Row>,
  ): Promise<Row>;
  update(database: Queryable, sid: string, changes: PartValues<Row>): Promise<Row | undefined>;
  delete(database: Queryable, carrierSid: string, sid: string): Promise<boolean>;
}

function carrierParts<Row extends PartRow>(table: string): CarrierParts<Row> {
  return {
    list: (database, carrierSid, window) =>
      selectPage<Row>(
        database,
        {
          select: `select * from ${table}`,
          where: "carrier_sid = $1",
          parameters: [carrierSid],
          sequence: "sequence",
        },
        window,
      ),
    find: async (database, carrierSid, sid) => {
      const sql = `select * from ${table} where carrier_sid = $1 and sid = $2`;
      return (await database.query<Row>(sql, [carrierSid, sid]))[0];
    },
    count: async (database, carrierSid) =>
      countOf(
        await database.query(`select count(*)::int as count from ${table} where carrier_sid = $1`, [
          carrierSid,
        ]),
      ),
    insert: async (database, identity, values) => {
      const { text, values: parameters } = insertStatement(table, { ...identity, ...values });
      return onlyRow(await database.query<Row>(`${text} returning *`, parameters));
    },
    update: async (database, sid, changes) => {
      const { text, values } = updateStatement(table, sid, changes);
      return (await database.query<Row>(`${text} returning *`, values))[0];
    },
    delete: async (database, carrierSid, sid) => {
      const sql = `delete from ${table} where carrier_sid = $1 and sid = $2 returning sid`;
      return (await database.query(sql, [carrierSid, sid])).length > 0;
    },
  };
}

export const carrierGateways: CarrierParts<CarrierGatewayRow> = carrierParts("carrier_gateways");
/** A second route of a carrier for one prefix violates `carrier_routes_prefix`. */
export const carrierRoutes: CarrierParts<CarrierRouteRow> = carrierParts("carrier_routes");
/** A network given twice violates `carrier_sources_network`. */
export const carrierSources: CarrierParts<CarrierSourceRow> = carrierParts("carrier_sources");
