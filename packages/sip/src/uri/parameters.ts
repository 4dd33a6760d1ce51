import { equalsLowerCase, skipClass, tokenCharacter } from "./character-class.ts";

/** One parameter as written; `value` is undefined when there is no "=". A quoted value keeps its quotes. */
export interface Parameter {
  readonly name: string;
  readonly value: string | undefined;
}

/**
 * Parameters of a header field value or of a URI, in order. Holds offsets into the text they came from, four to a
 * parameter (start and end of the name, start and end of the value; -1 -1 without "="), and cuts strings only on demand.
 */
export class Parameters {
  static readonly none: Parameters = new Parameters("", []);

  private readonly source: string;
  private readonly offsets: readonly number[];

  constructor(source: string, offsets: readonly number[]) {
    this.source = source;
    this.offsets = offsets;
  }

  /** Parameters made by us. Values are written as given; undefined makes a parameter without "=". */
  static from(parameters: readonly (readonly [name: string, value: string | undefined])[]): Parameters {
    let source = "";
    const offsets: number[] = [];
    for (const [name, value] of parameters) {
      const nameStart = source.length + 1;
      source += value === undefined ? `;${name}` : `;${name}=${value}`;
      const nameEnd = nameStart + name.length;
      if (value === undefined) offsets.push(nameStart, nameEnd, -1, -1);
      else offsets.push(nameStart, nameEnd, nameEnd + 1, source.length);
    }
    return new Parameters(source, offsets);
  }

  get count(): number {
    return this.offsets.length >> 2;
  }

  /** Whether the n-th parameter has that name, which must be given in lower case. */
  isNamed(parameter: number, lowerCase: string): boolean {
    const start = this.offsets[parameter * 4] ?? 0;
    const end = this.offsets[parameter * 4 + 1] ?? 0;
    return end - start === lowerCase.length && equalsLowerCase(this.source, start, end, lowerCase);
  }

  /** Value of the n-th parameter, without quotes and escapes; "" for one without "=". */
  valueOf(parameter: number): string {
    const start = this.offsets[parameter * 4 + 2] ?? -1;
    return start < 0 ? "" : unquote(this.source.slice(start, this.offsets[parameter * 4 + 3]));
  }

  /** The n-th parameter as written, without blanks around "=": `name=value` or `name`. */
  textOf(parameter: number): string {
    const name = this.source.slice(this.offsets[parameter * 4], this.offsets[parameter * 4 + 1]);
    const start = this.offsets[parameter * 4 + 2] ?? -1;
    return start < 0 ? name : `${name}=${this.source.slice(start, this.offsets[parameter * 4 + 3])}`;
  }

  /** Whether the value of the n-th parameter is a token. */
  isToken(parameter: number): boolean {
    const start = this.offsets[parameter * 4 + 2] ?? -1;
    const end = this.offsets[parameter * 4 + 3] ?? -1;
    return start < end && skipClass(this.source, start, end, tokenCharacter) === end;
  }

  /** Value of the first parameter of that name, without quotes and escapes; "" for one without "="; undefined if absent. */
  get(name: string): string | undefined {
    const at = this.find(name);
    return at < 0 ? undefined : this.valueOf(at);
  }

  has(name: string): boolean {
    return this.find(name) >= 0;
  }

  /** All parameters as written. */
  entries(): readonly Parameter[] {
    const all: Parameter[] = [];
    for (let at = 0; at < this.offsets.length; at += 4) {
      const start = this.offsets[at + 2] ?? -1;
      all.push({
        name: this.source.slice(this.offsets[at], this.offsets[at + 1]),
        value: start < 0 ? undefined : this.source.slice(start, this.offsets[at + 3]),
      });
    }
    return all;
  }

  /** These parameters with one replaced in place, or appended. */
  with(name: string, value: string | undefined): Parameters {
    const wanted = name.toLowerCase();
    const pairs: [string, string | undefined][] = [];
    let isPlaced = false;
    for (const entry of this.entries()) {
      if (entry.name.toLowerCase() !== wanted) pairs.push([entry.name, entry.value]);
      else if (!isPlaced) {
        pairs.push([entry.name, value]);
        isPlaced = true;
      }
    }
    if (!isPlaced) pairs.push([name, value]);
    return Parameters.from(pairs);
  }

  /** These parameters less those of that name. */
  without(name: string): Parameters {
    const wanted = name.toLowerCase();
    return Parameters.from(
      this.entries()
        .filter((entry) => entry.name.toLowerCase() !== wanted)
        .map((entry) => [entry.name, entry.value] as const),
    );
  }

  /** `;name=value;name`, names and values as written, blanks around ";" and "=" dropped. "" when there are none. */
  toString(): string {
    let text = "";
    for (let parameter = 0; parameter < this.count; parameter++) text += `;${this.textOf(parameter)}`;
    return text;
  }

  /** Number of the first parameter of that name, or -1. */
  private find(name: string): number {
    const lowerCase = name.toLowerCase();
    for (let parameter = 0; parameter < this.count; parameter++) {
      if (this.isNamed(parameter, lowerCase)) return parameter;
    }
    return -1;
  }
}

/** Content of a quoted string with its escapes resolved (RFC 3261 §25.1); any other text as it is. */
export function unquote(text: string): string {
  if (text.charCodeAt(0) !== 0x22) return text;
  return unescapeQuotedPairs(text.slice(1, text.length > 1 && text.endsWith('"') ? -1 : undefined));
}

/** The text with each quoted-pair replaced by what it stands for. */
export function unescapeQuotedPairs(text: string): string {
  if (!text.includes("\\")) return text;
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) === 0x5c && at + 1 < text.length) at++;
    plain += text[at];
  }
  return plain;
}

/** The text as a quoted string; quotes and backslashes are escaped. */
export function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
