/** Prefixes of numbers that are refused, called or calling, of an account or of all. One set of statements over two tables. */
import type { Queryable } from "../database.ts";
import { insertStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf, onlyRow } from "./result-rows.ts";

export interface NumberPrefixRow {
  readonly sid: string;
  readonly sequence: number;
  /** Null: the operator's, for all accounts. */
  readonly account_sid: string | null;
  /** `+` and 1 to 15 digits. */
  readonly prefix: string;
  readonly friendly_name: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

/** Whose rows are meant: those of one account, and those for all accounts where that is wanted. */
export interface PrefixOwner {
  readonly accountSid: string;
  readonly withExchange: boolean;
}

export interface NumberPrefixes {
  list(database: Queryable, owner: PrefixOwner, window: PageWindow): Promise<Page<NumberPrefixRow>>;
  find(database: Queryable, owner: PrefixOwner, sid: string): Promise<NumberPrefixRow | undefined>;
  /** Of the account, or with null of those for all accounts. */
  count(database: Queryable, accountSid: string | null): Promise<number>;
  insert(
    database: Queryable,
    row: Pick<NumberPrefixRow, "sid" | "account_sid" | "prefix" | "friendly_name">,
  ): Promise<NumberPrefixRow>;
  delete(database: Queryable, owner: PrefixOwner, sid: string): Promise<boolean>;
}

const owned = "(account_sid = $1 or ($2 and account_sid is null))";

function numberPrefixes(table: string): NumberPrefixes {
  return {
    list: (database, { accountSid, withExchange }, window) =>
      selectPage<NumberPrefixRow>(
        database,
        {
          select: `select * from ${table}`,
          where: owned,
          parameters: [accountSid, withExchange],
          sequence: "sequence",
        },
        window,
      ),
    find: async (database, { accountSid, withExchange }, sid) => {
      const sql = `select * from ${table} where ${owned} and sid = $3`;
      return (await database.query<NumberPrefixRow>(sql, [accountSid, withExchange, sid]))[0];
    },
    count: async (database, accountSid) =>
      countOf(
        await database.query(
          `select count(*)::int as count from ${table} where account_sid is not distinct from $1`,
          [accountSid],
        ),
      ),
    insert: async (database, row) => {
      const { text, values } = insertStatement(table, row);
      return onlyRow(await database.query<NumberPrefixRow>(`${text} returning *`, values));
    },
    delete: async (database, { accountSid, withExchange }, sid) => {
      const sql = `delete from ${table} where ${owned} and sid = $3 returning sid`;
      return (await database.query(sql, [accountSid, withExchange, sid])).length > 0;
    },
  };
}

/** A prefix given twice violates `blocked_prefixes_prefix`. */
export const blockedPrefixes: NumberPrefixes = numberPrefixes("blocked_prefixes");
/** A prefix given twice violates `do_not_originate_prefixes_prefix`. */
export const doNotOriginatePrefixes: NumberPrefixes = numberPrefixes("do_not_originate_prefixes");
