import type { Queryable } from "../database.ts";

/** Which rows of a list are wanted. Rows are in ascending order of their `sequence`. */
export interface PageWindow {
  /** Most rows to return; 1 or more. */
  readonly limit: number;
  /** Only rows whose sequence is greater. */
  readonly after?: number;
  /** Only rows whose sequence is less: the last `limit` of them. Not together with `after`. */
  readonly before?: number;
}

export interface Page<Row> {
  /** Ascending by sequence, also when asked for with `before`. */
  readonly rows: readonly Row[];
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
}

/** A list as SQL. All texts are written in the code, never taken from a request; values go into `parameters`. */
export interface ListStatement {
  /** `select … from …` without conditions. */
  readonly select: string;
  /** Condition with `$1`…, without `where`. */
  readonly where: string;
  readonly parameters: readonly unknown[];
  /** Column that orders the list, `trunks.sequence`. */
  readonly sequence: string;
}

/** Reads one page; the page tells whether there is anything on either side of it. */
export async function selectPage<Row extends { sequence: number }>(
  database: Queryable,
  list: ListStatement,
  window: PageWindow,
): Promise<Page<Row>> {
  const isBackward = window.before !== undefined;
  const rows = await selectRows<Row>(database, list, window);
  const hasMore = rows.length > window.limit;
  const wanted = rows.slice(0, window.limit);
  const hasBehind = await hasRowsBehind(database, list, window);
  return isBackward
    ? { rows: wanted.reverse(), hasPrevious: hasMore, hasNext: hasBehind }
    : { rows: wanted, hasPrevious: hasBehind, hasNext: hasMore };
}

/** One row more than wanted, in walking direction. */
async function selectRows<Row extends object>(
  database: Queryable,
  list: ListStatement,
  window: PageWindow,
): Promise<Row[]> {
  const { comparison, order } =
    window.before === undefined ? { comparison: ">", order: "asc" } : { comparison: "<", order: "desc" };
  const count = list.parameters.length;
  const rows = await database.query<Row>(
    `${list.select} where (${list.where}) and ${list.sequence} ${comparison} $${count + 1}
     order by ${list.sequence} ${order} limit $${count + 2}`,
    [...list.parameters, window.before ?? window.after ?? 0, window.limit + 1],
  );
  return [...rows];
}

/** Whether the list has rows on the side of the window from which the walk came. */
async function hasRowsBehind(database: Queryable, list: ListStatement, window: PageWindow): Promise<boolean> {
  const place = window.before ?? window.after;
  if (place === undefined) return false;
  const comparison = window.before === undefined ? "<=" : ">=";
  const rows = await database.query(
    `${list.select} where (${list.where}) and ${list.sequence} ${comparison} $${list.parameters.length + 1} limit 1`,
    [...list.parameters, place],
  );
  return rows.length > 0;
}
