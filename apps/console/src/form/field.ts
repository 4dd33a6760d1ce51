/** One field of a form, and the parameter of the interface that it becomes. */
import type { Client } from "../api/client.ts";
import { type Row, textOf } from "../api/row.ts";

export type Choice = readonly [value: string, label: string];

export interface Field {
  /** The parameter, in the interface's spelling. */
  readonly name: string;
  readonly label: string;
  /** `lines`: a value in each line, each a parameter of its own. `text` when left out. */
  readonly kind?: "text" | "number" | "password" | "checkbox" | "select" | "lines" | "long-text";
  readonly hint?: string;
  readonly placeholder?: string;
  /** It must be given when the object is made. */
  readonly isRequired?: boolean;
  /** Choices of a `select`; those that the interface knows are asked for when the form opens. */
  readonly choices?: readonly Choice[] | ((client: Client) => Promise<readonly Choice[]>);
  /** The value that an object has; default: the field of the same name in snake case. */
  readonly read?: (row: Row) => string;
  /** Value in an empty form. */
  readonly initial?: string;
  /** Only in forms of that kind. */
  readonly only?: "create" | "update";
  /** Only for the operator. */
  readonly isOperators?: boolean;
  /** About all accounts, so it is not there for whoever acts for one. */
  readonly isForAll?: boolean;
}

/** What the fields of a form hold, by name; a checkbox holds `true` or `false`, `lines` their lines. */
export type Values = Readonly<Record<string, string>>;

/** What a form begins with: the object's values, or those of a new one. */
export function initialValues(fields: readonly Field[], row: Row | undefined): Values {
  return Object.fromEntries(fields.map((field) => [field.name, initialValue(field, row)]));
}

function initialValue(field: Field, row: Row | undefined): string {
  if (row !== undefined && field.kind === "password") return "";
  if (row !== undefined) return (field.read ?? storedValue(field))(row);
  return field.initial ?? (field.kind === "checkbox" ? "false" : "");
}

function storedValue({ name }: Field): (row: Row) => string {
  const key = snakeCase(name);
  return (row) => {
    const value = row[key];
    return Array.isArray(value) ? value.map(String).join("\n") : textOf(row, key);
  };
}

/**
 * The choices with the one that the object has now, should it not be among them: a select shows another one then, and
 * would send it.
 */
export function withCurrent(choices: readonly Choice[], value: string): readonly Choice[] {
  if (choices.some(([choice]) => choice === value)) return choices;
  return [[value, value === "" ? "–" : value], ...choices];
}

/** `FriendlyName` to `friendly_name`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, "_$&").toLowerCase();
}
