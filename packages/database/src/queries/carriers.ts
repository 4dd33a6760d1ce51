import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { onlyRow } from "./result-rows.ts";

/** A carrier without its password. */
export interface CarrierRow {
  readonly sid: string;
  readonly sequence: number;
  readonly friendly_name: string;
  readonly enabled: boolean;
  readonly username: string | null;
  readonly registrar_url: string | null;
  readonly address_of_record: string | null;
  readonly registration_expires_seconds: number | null;
  readonly source_policy: "address" | "strict" | "symmetric";
  readonly first_response_seconds: number;
  readonly progress_seconds: number;
  readonly ring_seconds: number;
  readonly failover_overrides: Readonly<Record<string, "next" | "stop">>;
  /** PEM of those who may have issued the carrier's certificate; null: it need not show one. */
  readonly tls_peer_authorities: string | null;
  readonly tls_peer_names: readonly string[];
  /** Encodings that the carrier takes, the preferred first; empty: any. */
  readonly codecs: readonly string[];
  readonly identity: "sign" | "pass" | "none";
  readonly date_created: Date;
  readonly date_updated: Date;
}

export type CarrierValues = ColumnValues<
  Omit<CarrierRow, "sid" | "sequence" | "date_created" | "date_updated"> & {
    /** Sealed; null together with `username`. */
    readonly password_encrypted: Uint8Array | null;
  }
>;

const columns = `sid, sequence, friendly_name, enabled, username, registrar_url, address_of_record,
  registration_expires_seconds, source_policy, first_response_seconds, progress_seconds, ring_seconds,
  failover_overrides, tls_peer_authorities, tls_peer_names, codecs, identity, date_created, date_updated`;

export function listCarriers(database: Queryable, window: PageWindow): Promise<Page<CarrierRow>> {
  const list = {
    select: `select ${columns} from carriers`,
    where: "true",
    parameters: [],
    sequence: "sequence",
  };
  return selectPage<CarrierRow>(database, list, window);
}

export async function findCarrier(database: Queryable, sid: string): Promise<CarrierRow | undefined> {
  return (await database.query<CarrierRow>(`select ${columns} from carriers where sid = $1`, [sid]))[0];
}

/** Serialises what changes or counts the carrier's parts. */
export async function lockCarrier(database: Queryable, sid: string): Promise<CarrierRow | undefined> {
  const sql = `select ${columns} from carriers where sid = $1 for no key update`;
  return (await database.query<CarrierRow>(sql, [sid]))[0];
}

export async function insertCarrier(
  database: Queryable,
  sid: string,
  values: CarrierValues & { readonly friendly_name: string },
): Promise<CarrierRow> {
  const { text, values: parameters } = insertStatement("carriers", { sid, ...values });
  return onlyRow(await database.query<CarrierRow>(`${text} returning ${columns}`, parameters));
}

export async function updateCarrier(
  database: Queryable,
  sid: string,
  changes: CarrierValues,
): Promise<CarrierRow | undefined> {
  const { text, values } = updateStatement("carriers", sid, changes);
  return (await database.query<CarrierRow>(`${text} returning ${columns}`, values))[0];
}

/** With its gateways, routes and sources; false when there is no such carrier. */
export async function deleteCarrier(database: Queryable, sid: string): Promise<boolean> {
  return (await database.query("delete from carriers where sid = $1 returning sid", [sid])).length > 0;
}
