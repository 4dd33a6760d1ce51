/** What a form sends: what was given when an object is made, what changed when it is changed. */
import type { Parameters } from "../api/client.ts";
import type { Field, Values } from "./field.ts";

/** For a new object: everything that is not empty. */
export function createParameters(fields: readonly Field[], values: Values): Parameters {
  return fields.flatMap((field) => {
    const value = values[field.name] ?? "";
    return field.kind === "lines" || value !== "" ? parametersOf(field, value, false) : [];
  });
}

/** For an object that had `before`: what differs. An empty value removes what was there. */
export function updateParameters(fields: readonly Field[], before: Values, values: Values): Parameters {
  return fields.flatMap((field) => {
    const value = values[field.name] ?? "";
    return value === (before[field.name] ?? "") ? [] : parametersOf(field, value, true);
  });
}

function parametersOf({ name, kind }: Field, value: string, isChange: boolean): Parameters {
  if (kind !== "lines") return [[name, value]];
  const lines = value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  // A list that has become empty is one empty value: none at all would say that it stays.
  if (lines.length === 0) return isChange ? [[name, ""]] : [];
  return lines.map((line) => [name, line] as const);
}

export interface FieldFault {
  readonly field: Field;
  /** What is wrong with it, without what the error's code says of every such case. */
  readonly text: string;
}

/**
 * The field that a refusal is about, so that it can stand there: a sentence of the interface's message begins with the
 * parameter's name. Undefined: it is about the whole.
 */
export function fieldFaultOf(fields: readonly Field[], message: string): FieldFault | undefined {
  for (const { 1: name, index, 0: found } of message.matchAll(/(?:^|\. )([A-Za-z]+)\b/g)) {
    const field = fields.find((one) => one.name === name);
    if (field !== undefined)
      return { field, text: message.slice(index + found.length - (name?.length ?? 0)) };
  }
  return undefined;
}
