/**
 * IP access control lists and credential lists: the two kinds of lists that an account owns and that its trunks are
 * attached to. They differ in their tables' names only.
 */
import type { Queryable } from "../database.ts";
import { type ColumnValues, insertStatement, updateStatement } from "./assignments.ts";
import { type Page, type PageWindow, selectPage } from "./page.ts";
import { countOf } from "./result-rows.ts";

/** An attached list as a trunk shows it. */
export interface AttachedListRow {
  readonly sid: string;
  /** Of the attachment. */
  readonly sequence: number;
  readonly friendly_name: string;
  readonly date_created: Date;
  readonly date_updated: Date;
}

/** Columns that both kinds have. */
export interface ListRow {
  readonly sid: string;
  readonly sequence: number;
  readonly account_sid: string;
  readonly friendly_name: string;
}

/** What concerns attachments; the same for both kinds. */
export interface AttachableLists {
  /** Finds the list and locks it until the end of the transaction. */
  lock(database: Queryable, accountSid: string, sid: string): Promise<ListRow | undefined>;
  attach(
    database: Queryable,
    attachment: { readonly account_sid: string; readonly trunk_sid: string; readonly sid: string },
  ): Promise<void>;
  /** False: it is not attached. */
  detach(database: Queryable, trunkSid: string, sid: string): Promise<boolean>;
  findAttached(database: Queryable, trunkSid: string, sid: string): Promise<AttachedListRow | undefined>;
  listAttached(database: Queryable, trunkSid: string, window: PageWindow): Promise<Page<AttachedListRow>>;
}

/** Queries of one kind of list. */
export interface AccountLists<Row extends ListRow, Values extends object> extends AttachableLists {
  find(database: Queryable, accountSid: string, sid: string): Promise<Row | undefined>;
  /** As `find`, and locks the list until the end of the transaction. */
  lock(database: Queryable, accountSid: string, sid: string): Promise<Row | undefined>;
  list(database: Queryable, accountSid: string, window: PageWindow): Promise<Page<Row>>;
  count(database: Queryable, accountSid: string): Promise<number>;
  insert(
    database: Queryable,
    identity: { readonly sid: string; readonly account_sid: string },
    values: ColumnValues<Values>,
  ): Promise<void>;
  update(database: Queryable, sid: string, changes: ColumnValues<Values>): Promise<void>;
  /** Its entries go with it. An attached list is refused with a foreign key violation. */
  delete(database: Queryable, sid: string): Promise<void>;
}

export function accountLists<Row extends ListRow, Values extends object>(tables: {
  readonly lists: string;
  readonly attachments: string;
  /** Column of the attachments that names the list. */
  readonly listSid: string;
}): AccountLists<Row, Values> {
  return { ...listQueries<Row, Values>(tables.lists), ...attachmentQueries(tables) };
}

type AttachmentQueries = Omit<AttachableLists, "lock">;

function listQueries<Row extends ListRow, Values extends object>(
  lists: string,
): Omit<AccountLists<Row, Values>, keyof AttachmentQueries> {
  return {
    async find(database, accountSid, sid) {
      const rows = await database.query<Row>(`select * from ${lists} where account_sid = $1 and sid = $2`, [
        accountSid,
        sid,
      ]);
      return rows[0];
    },
    async lock(database, accountSid, sid) {
      const rows = await database.query<Row>(
        `select * from ${lists} where account_sid = $1 and sid = $2 for no key update`,
        [accountSid, sid],
      );
      return rows[0];
    },
    list(database, accountSid, window) {
      const select = `select * from ${lists}`;
      return selectPage<Row>(
        database,
        { select, where: "account_sid = $1", parameters: [accountSid], sequence: "sequence" },
        window,
      );
    },
    async count(database, accountSid) {
      return countOf(
        await database.query(`select count(*)::int as count from ${lists} where account_sid = $1`, [
          accountSid,
        ]),
      );
    },
    async insert(database, identity, values) {
      const statement = insertStatement(lists, { ...identity, ...values });
      await database.query(statement.text, statement.values);
    },
    async update(database, sid, changes) {
      const statement = updateStatement(lists, sid, changes);
      await database.query(statement.text, statement.values);
    },
    async delete(database, sid) {
      await database.query(`delete from ${lists} where sid = $1`, [sid]);
    },
  };
}

function attachmentQueries(tables: {
  readonly lists: string;
  readonly attachments: string;
  readonly listSid: string;
}): AttachmentQueries {
  const { lists, attachments, listSid } = tables;
  const attached = `select list.sid, attachment.sequence, list.friendly_name, list.date_created, list.date_updated
    from ${attachments} attachment join ${lists} list on list.sid = attachment.${listSid}`;
  return {
    async attach(database, attachment) {
      await database.query(
        `insert into ${attachments} (account_sid, trunk_sid, ${listSid}) values ($1, $2, $3)`,
        [attachment.account_sid, attachment.trunk_sid, attachment.sid],
      );
    },
    async detach(database, trunkSid, sid) {
      const rows = await database.query(
        `delete from ${attachments} where trunk_sid = $1 and ${listSid} = $2 returning ${listSid}`,
        [trunkSid, sid],
      );
      return rows.length > 0;
    },
    async findAttached(database, trunkSid, sid) {
      const rows = await database.query<AttachedListRow>(
        `${attached} where attachment.trunk_sid = $1 and list.sid = $2`,
        [trunkSid, sid],
      );
      return rows[0];
    },
    listAttached(database, trunkSid, window) {
      return selectPage<AttachedListRow>(
        database,
        {
          select: attached,
          where: "attachment.trunk_sid = $1",
          parameters: [trunkSid],
          sequence: "attachment.sequence",
        },
        window,
      );
    },
  };
}
