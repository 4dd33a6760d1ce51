/** Column values of an insert or update; a column that is undefined is left out. */
export type ColumnValues<Row> = { readonly [Column in keyof Row]?: Row[Column] | undefined };

export interface Assignments {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

/** Splits into names and values. Names come from the code's row types; anything but a plain name is a fault of ours. */
export function assignmentsOf(columns: object): Assignments {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`${name} is no column name`);
  }
  return { columns: given.map(([name]) => name), values: given.map(([, value]) => parameterOf(value)) };
}

/** `insert into … (…) values (…)` without `returning`. */
export function insertStatement(
  table: string,
  columns: object,
): { text: string; values: readonly unknown[] } {
  const { columns: names, values } = assignmentsOf(columns);
  const places = names.map((_, index) => `$${index + 1}`);
  return { text: `insert into ${table} (${names.join(", ")}) values (${places.join(", ")})`, values };
}

/** `update … set …, date_updated = now() where sid = $1` without `returning`. */
export function updateStatement(
  table: string,
  sid: string,
  columns: object,
): { text: string; values: readonly unknown[] } {
  const { columns: names, values } = assignmentsOf(columns);
  const sets = names.map((name, index) => `${name} = $${index + 2}, `);
  return {
    text: `update ${table} set ${sets.join("")}date_updated = now() where sid = $1`,
    values: [sid, ...values],
  };
}

/** JSON columns are passed as text. */
function parameterOf(value: unknown): unknown {
  const isPlain =
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? JSON.stringify(value) : value;
}
