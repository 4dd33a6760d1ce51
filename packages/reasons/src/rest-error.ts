/** An error of the REST interface: `code`, `message` (starts from `text`) and `status` of the answer. */
export interface RestError {
  /** Stable number. The reference system's where it has one, our own from 91001 on. */
  readonly code: number;
  /** Stable kebab-case name. */
  readonly name: string;
  readonly httpStatus: number;
  /** What was wrong, for people. */
  readonly text: string;
}

/** An error as its table writes it: the name follows from the key. */
export type RestErrorEntry = Omit<RestError, "name">;

/** Keeps the keys of a table as literal types. */
export function restErrorTable<K extends string>(
  table: Record<K, RestErrorEntry>,
): Record<K, RestErrorEntry> {
  return table;
}
