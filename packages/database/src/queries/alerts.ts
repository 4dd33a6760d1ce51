import type { Queryable } from "../database.ts";
import type { TimeSpan } from "./calls.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";

export interface AlertRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string | null;
  readonly trunk_sid: string | null;
  readonly call_sid: string | null;
  readonly gateway: string;
  readonly code: number;
  readonly level: "error" | "warning";
  readonly alert_text: string;
  readonly date_generated: Date;
  readonly date_created: Date;
}

/** Whose alerts: an account's own; for the operator also those that belong to no account. */
export interface AlertScope {
  readonly accountSid: string;
  readonly withOwnerless: boolean;
}

export interface AlertFilters {
  readonly level?: "error" | "warning" | undefined;
  readonly code?: number | undefined;
  readonly callSid?: string | undefined;
  readonly trunkSid?: string | undefined;
  readonly generated?: TimeSpan | undefined;
}

const inScope = "(account_sid = $1 or ($2::boolean and account_sid is null))";

/** In the order in which they came. */
export function listAlerts(
  database: Queryable,
  scope: AlertScope,
  filters: AlertFilters,
  window: PageWindow,
): Promise<Page<AlertRow>> {
  const list = {
    select: "select * from alerts",
    where: `${inScope} and ($3::text is null or level = $3) and ($4::integer is null or code = $4)
      and ($5::text is null or call_sid = $5) and ($6::text is null or trunk_sid = $6)
      and ($7::timestamptz is null or date_generated >= $7) and ($8::timestamptz is null or date_generated < $8)`,
    parameters: [
      scope.accountSid,
      scope.withOwnerless,
      filters.level ?? null,
      filters.code ?? null,
      filters.callSid ?? null,
      filters.trunkSid ?? null,
      filters.generated?.from ?? null,
      filters.generated?.to ?? null,
    ],
    sequence: "sequence",
  };
  return selectPage<AlertRow>(database, list, window);
}

export async function findAlert(
  database: Queryable,
  scope: AlertScope,
  sid: string,
): Promise<AlertRow | undefined> {
  const sql = `select * from alerts where ${inScope} and sid = $3`;
  return (await database.query<AlertRow>(sql, [scope.accountSid, scope.withOwnerless, sid]))[0];
}
