import { canonicalName } from "./header-field-name.ts";

/** One header field row. */
export interface HeaderFieldRow {
  readonly name: string;
  readonly value: string;
}

/**
 * Header fields of a message under construction, in order. Known names are kept in their canonical long form; names are
 * compared without case. Values are not looked at before they are serialized.
 */
export class HeaderFields {
  private readonly names: string[];
  private readonly rowValues: string[];

  constructor(rows: readonly HeaderFieldRow[] = []) {
    this.names = [];
    this.rowValues = [];
    for (const { name, value } of rows) this.append(name, value);
  }

  /** Adds a row behind all others. */
  append(name: string, value: string): this {
    this.names.push(canonicalName(name));
    this.rowValues.push(value);
    return this;
  }

  /** Adds a row before all others. */
  prepend(name: string, value: string): this {
    this.names.unshift(canonicalName(name));
    this.rowValues.unshift(value);
    return this;
  }

  /** Puts one row in the place of the first of that name and removes the others; appends if there is none. */
  set(name: string, value: string): this {
    const first = this.indexOf(name, 0);
    if (first < 0) return this.append(name, value);
    this.rowValues[first] = value;
    this.deleteFrom(name, first + 1);
    return this;
  }

  /** Removes all rows of that name. */
  delete(name: string): this {
    this.deleteFrom(name, 0);
    return this;
  }

  /** Value of the first row of that name. */
  value(name: string): string | undefined {
    const first = this.indexOf(name, 0);
    return first < 0 ? undefined : this.rowValues[first];
  }

  /** Values of all rows of that name, in order. */
  values(name: string): readonly string[] {
    const all: string[] = [];
    for (let at = this.indexOf(name, 0); at >= 0; at = this.indexOf(name, at + 1)) {
      all.push(this.rowValues[at] ?? "");
    }
    return all;
  }

  has(name: string): boolean {
    return this.indexOf(name, 0) >= 0;
  }

  get count(): number {
    return this.names.length;
  }

  /** Name of the n-th row, "" past the end. With {@link valueAt}: a walk that allocates nothing. */
  nameAt(row: number): string {
    return this.names[row] ?? "";
  }

  valueAt(row: number): string {
    return this.rowValues[row] ?? "";
  }

  /** All rows in order. */
  rows(): readonly HeaderFieldRow[] {
    return this.names.map((name, row) => ({ name, value: this.rowValues[row] ?? "" }));
  }

  /** An independent copy. */
  clone(): HeaderFields {
    const copy = new HeaderFields();
    for (let row = 0; row < this.names.length; row++) {
      copy.names.push(this.names[row] ?? "");
      copy.rowValues.push(this.rowValues[row] ?? "");
    }
    return copy;
  }

  private deleteFrom(name: string, start: number): void {
    for (let at = this.indexOf(name, start); at >= 0; at = this.indexOf(name, at)) {
      this.names.splice(at, 1);
      this.rowValues.splice(at, 1);
    }
  }

  private indexOf(name: string, from: number): number {
    const wanted = canonicalName(name);
    for (let at = from; at < this.names.length; at++) {
      const candidate = this.names[at] ?? "";
      if (candidate === wanted) return at;
      if (candidate.length === wanted.length && candidate.toLowerCase() === wanted.toLowerCase()) return at;
    }
    return -1;
  }
}
