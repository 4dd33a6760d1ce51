/** Rows as text in columns, for people. */
import type { JsonObject } from "../client/rest-client.ts";

/** A cell that is longer is cut, so that one long value does not tear the table apart. */
const maximumCellCharacters = 60;

/** Columns name the fields; `a.b` looks inside an object. No rows: a line that says so. */
export function tableText(rows: readonly JsonObject[], columns: readonly string[]): string {
  if (rows.length === 0) return "nothing there";
  const cells = [
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((name) => cellOf(row, name))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** One object, a field a line; nested objects as JSON. */
export function objectText(object: JsonObject): string {
  const names = Object.keys(object);
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${valueText(object[name])}`.trimEnd()).join("\n");
}

function cellOf(row: JsonObject, column: string): string {
  let value: unknown = row;
  for (const name of column.split(".")) {
    value = typeof value === "object" && value !== null ? (value as JsonObject)[name] : undefined;
  }
  const text = valueText(value);
  return text.length > maximumCellCharacters ? `${text.slice(0, maximumCellCharacters - 1)}…` : text;
}

/** Control characters in a value must not reach the terminal. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return "-";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "�");
}
