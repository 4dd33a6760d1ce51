import type { Page, PageWindow } from "@tandem/database";

/** One page of a list that is no table. Rows are in ascending order of their `sequence`, which need not be without gaps. */
export function pageOfRows<Row extends { readonly sequence: number }>(
  rows: readonly Row[],
  { limit, after, before }: PageWindow,
): Page<Row> {
  const end = before === undefined ? rows.length : rows.filter((row) => row.sequence < before).length;
  const from = rows.filter((row) => row.sequence <= (after ?? 0)).length;
  const start = before === undefined ? from : Math.max(0, end - limit);
  const wanted = rows.slice(start, Math.min(end, start + limit));
  return { rows: wanted, hasPrevious: start > 0, hasNext: start + wanted.length < rows.length };
}
