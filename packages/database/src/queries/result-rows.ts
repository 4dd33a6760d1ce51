/** The row of a statement that always has one. */
export function onlyRow<Row>(rows: readonly Row[]): Row {
  const row = rows[0];
  if (row === undefined) throw new Error("the statement returned no row");
  return row;
}

/** Result of `select count(*)::int as count …`. */
export function countOf(rows: readonly object[]): number {
  return (onlyRow(rows) as { count: number }).count;
}
