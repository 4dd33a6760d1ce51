/**
 * Bencode, in which rtpengine's ng protocol is written: `i42e`, `4:spam`, `l…e`, `d…e`. A text is bytes, one latin1
 * character each.
 *
 * *Deviation* from BEP 3: rtpengine does not sort the keys of a dictionary, so that any order is read. Everything else
 * must be written in the one way there is: no leading zeros, no minus zero, no key twice.
 */
export type BencodeValue = number | string | readonly BencodeValue[] | ReadonlyMap<string, BencodeValue>;

export type Bdecoded =
  | { readonly ok: true; readonly value: BencodeValue }
  /** Offset of the fault in the text. */
  | { readonly ok: false; readonly fault: string; readonly at: number };

/** A datagram holds no more. */
export const maximumBencodeBytes = 65_535;
/** Nested lists and dictionaries; rtpengine's statistics need 8. */
export const maximumBencodeDepth = 16;
/** Texts, numbers, lists and dictionaries of one message, keys included. */
export const maximumBencodeItems = 16_384;

/** @throws RangeError for a number that is no safe integer */
export function bencode(value: BencodeValue): string {
  if (typeof value === "string") return `${value.length}:${value}`;
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
    return `i${Object.is(value, -0) ? 0 : value}e`;
  }
  let written = "";
  if (isList(value)) {
    for (const item of value) written += bencode(item);
    return `l${written}e`;
  }
  for (const [key, item] of value) written += bencode(key) + bencode(item);
  return `d${written}e`;
}

/** Reads one value that fills the whole text. */
export function bdecode(text: string): Bdecoded {
  if (text.length > maximumBencodeBytes) {
    return { ok: false, fault: `longer than ${maximumBencodeBytes} bytes`, at: maximumBencodeBytes };
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  if (value !== undefined && reader.at < text.length) reader.fail("something stands behind the value");
  return value === undefined || reader.fault !== undefined
    ? { ok: false, fault: reader.fault ?? "no value", at: reader.at }
    : { ok: true, value };
}

export function isList(value: BencodeValue): value is readonly BencodeValue[] {
  return Array.isArray(value);
}

export function isDictionary(value: BencodeValue | undefined): value is ReadonlyMap<string, BencodeValue> {
  return value instanceof Map;
}

/** Undefined from any method: `fault` says why. */
class Reader {
  readonly text: string;
  at = 0;
  fault: string | undefined = undefined;
  private items = 0;

  constructor(text: string) {
    this.text = text;
  }

  fail(fault: string): undefined {
    this.fault ??= fault;
    return undefined;
  }

  value(depth: number): BencodeValue | undefined {
    this.items += 1;
    if (this.items > maximumBencodeItems) return this.fail(`more than ${maximumBencodeItems} items`);
    const first = this.text[this.at];
    if (first === "i") return this.integer();
    if (first !== "l" && first !== "d") return this.string();
    if (depth >= maximumBencodeDepth) return this.fail(`nested deeper than ${maximumBencodeDepth}`);
    this.at += 1;
    return first === "l" ? this.list(depth + 1) : this.dictionary(depth + 1);
  }

  private integer(): number | undefined {
    const end = this.text.indexOf("e", this.at);
    const digits = end === -1 ? "" : this.text.slice(this.at + 1, end);
    const number = /^(0|-?[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
    if (!Number.isSafeInteger(number)) return this.fail("no integer");
    this.at = end + 1;
    return number;
  }

  private string(): string | undefined {
    const colon = this.text.indexOf(":", this.at);
    const digits = colon === -1 ? "" : this.text.slice(this.at, colon);
    if (!/^(0|[1-9]\d{0,4})$/.test(digits)) return this.fail("no value");
    const end = colon + 1 + Number(digits);
    if (end > this.text.length) return this.fail("a text is cut off");
    this.at = end;
    return this.text.slice(colon + 1, end);
  }

  private list(depth: number): readonly BencodeValue[] | undefined {
    const list: BencodeValue[] = [];
    while (!this.ends()) {
      const item = this.value(depth);
      if (item === undefined) return undefined;
      list.push(item);
    }
    return list;
  }

  private dictionary(depth: number): ReadonlyMap<string, BencodeValue> | undefined {
    const dictionary = new Map<string, BencodeValue>();
    while (!this.ends()) {
      this.items += 1;
      const key = this.string();
      const item = key === undefined ? undefined : this.value(depth);
      if (key === undefined || item === undefined) return undefined;
      if (dictionary.has(key)) return this.fail(`${key.slice(0, 32)} stands twice in a dictionary`);
      dictionary.set(key, item);
    }
    return dictionary;
  }

  /** Steps over the `e` of a list or dictionary. A text that stops before it fails with its next value. */
  private ends(): boolean {
    if (this.text[this.at] !== "e") return false;
    this.at += 1;
    return true;
  }
}
