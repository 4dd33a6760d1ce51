/** An object of the interface as JSON has it. Its fields are asked for by name, and what is not there shows as nothing. */
export type Row = Readonly<Record<string, unknown>>;

/** The field as text; "" when it is null or missing. */
export function textOf(row: Row, name: string): string {
  const value = row[name];
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** The field as a number; undefined when it is none. */
export function numberOf(row: Row, name: string): number | undefined {
  const value = row[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The field as an object; an empty one when it is none. */
export function partOf(row: Row, name: string): Row {
  const value = row[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : {};
}

/** The field as a list of objects. */
export function rowsOf(row: Row, name: string): readonly Row[] {
  const value = row[name];
  return Array.isArray(value)
    ? value.filter((one): one is Row => typeof one === "object" && one !== null)
    : [];
}

/** The field as a list of texts. */
export function textsOf(row: Row, name: string): readonly string[] {
  const value = row[name];
  return Array.isArray(value) ? value.map(String) : [];
}
