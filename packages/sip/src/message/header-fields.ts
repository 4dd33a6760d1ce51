import {
  headerField,
  headerFieldId,
  lineStartOfId,
  nameOfId,
  unknownHeaderField,
} from "./header-field-name.ts";

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
  /** Of each row the id of its name, or the name itself when it has none. */
  private readonly names: (number | string)[];
  private readonly rowValues: string[];

  constructor(rows: readonly HeaderFieldRow[] = []) {
    this.names = [];
    this.rowValues = [];
    for (const { name, value } of rows) this.append(name, value);
  }

  /** Adds a row behind all others. */
  append(name: string, value: string): this {
    return this.appendWithId(headerFieldId(name), name, value);
  }

  /** {@link append} for who knows the id of the name; `name` counts only for {@link unknownHeaderField}. */
  appendWithId(id: number, name: string, value: string): this {
    this.names.push(id === unknownHeaderField ? name : id);
    this.rowValues.push(value);
    return this;
  }

  /** Adds all rows of another behind all others. */
  appendAll(other: HeaderFields): this {
    for (let row = 0; row < other.names.length; row++) {
      this.names.push(other.names[row] ?? "");
      this.rowValues.push(other.rowValues[row] ?? "");
    }
    return this;
  }

  /** Adds a row before all others. */
  prepend(name: string, value: string): this {
    const id = headerFieldId(name);
    this.names.unshift(id === unknownHeaderField ? name : id);
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

  /** Removes all rows but those of these names, given as they are kept: in their long form where they are known. */
  retain(names: readonly string[]): this {
    let kept = 0;
    for (let row = 0; row < this.names.length; row++) {
      if (!names.includes(this.nameAt(row))) continue;
      this.names[kept] = this.names[row] ?? "";
      this.rowValues[kept] = this.rowValues[row] ?? "";
      kept++;
    }
    this.names.length = kept;
    this.rowValues.length = kept;
    return this;
  }

  /** Removes all rows. */
  clear(): void {
    this.names.length = 0;
    this.rowValues.length = 0;
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
    const name = this.names[row] ?? "";
    return typeof name === "number" ? nameOfId(name) : name;
  }

  /** Name of the n-th row if it is none of the well-known ones, which need not be looked at before they are written. */
  unknownNameAt(row: number): string | undefined {
    const name = this.names[row];
    return typeof name === "string" ? name : undefined;
  }

  isContentLengthAt(row: number): boolean {
    return this.names[row] === headerField.contentLength;
  }

  /** What {@link lineStartOfId} says of the n-th row, whose name is well-known. */
  lineStartAt(row: number): string {
    const name = this.names[row];
    return typeof name === "number" ? lineStartOfId(name) : "";
  }

  valueAt(row: number): string {
    return this.rowValues[row] ?? "";
  }

  /** All rows in order. */
  rows(): readonly HeaderFieldRow[] {
    return this.rowValues.map((value, row) => ({ name: this.nameAt(row), value }));
  }

  /** An independent copy. */
  clone(): HeaderFields {
    return new HeaderFields().appendAll(this);
  }

  private deleteFrom(name: string, start: number): void {
    for (let at = this.indexOf(name, start); at >= 0; at = this.indexOf(name, at)) {
      this.names.splice(at, 1);
      this.rowValues.splice(at, 1);
    }
  }

  private indexOf(name: string, from: number): number {
    const id = headerFieldId(name);
    if (id !== unknownHeaderField) return this.names.indexOf(id, from);
    const wanted = name.toLowerCase();
    for (let at = from; at < this.names.length; at++) {
      const candidate = this.names[at];
      if (typeof candidate !== "string" || candidate.length !== wanted.length) continue;
      if (candidate.toLowerCase() === wanted) return at;
    }
    return -1;
  }
}
