/** The catalogue of errors of the REST interface. `docs/reasons.md` is generated from it. */
import { generalRestErrors } from "./general-rest-errors.ts";
import { interconnectRestErrors } from "./interconnect-rest-errors.ts";
import { kebabCase } from "./kebab-case.ts";
import type { RestError, RestErrorEntry } from "./rest-error.ts";
import { trunkingRestErrors } from "./trunking-rest-errors.ts";

const entries = { ...generalRestErrors, ...trunkingRestErrors, ...interconnectRestErrors };

/** Key of a REST error: `notFound`. */
export type RestErrorName = keyof typeof entries;

/** All REST errors by key. */
export const restErrors: Readonly<Record<RestErrorName, RestError>> = withNames(entries);

const byCode: ReadonlyMap<number, RestError> = new Map(
  Object.values(restErrors).map((error) => [error.code, error]),
);

/** The REST error with that stable code; undefined: there is none. */
export function restErrorByCode(code: number): RestError | undefined {
  return byCode.get(code);
}

function withNames<K extends string>(table: Record<K, RestErrorEntry>): Record<K, RestError> {
  const named = Object.entries<RestErrorEntry>(table).map(([key, entry]) => [
    key,
    Object.freeze({ name: kebabCase(key), ...entry }),
  ]);
  return Object.freeze(Object.fromEntries(named)) as Record<K, RestError>;
}
