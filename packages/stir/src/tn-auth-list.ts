import type { CanonicalNumber } from "./canonical-number.ts";
import { contextTag, type DerElement, derElements, derSequence, derTags } from "./der.ts";

/** Numbers for which a certificate speaks (RFC 8226 §9). */
export interface TnAuthList {
  /** Service provider codes: all numbers of those carriers, which only they know. */
  readonly spc: readonly string[];
  readonly ranges: readonly TnRange[];
}

export interface TnRange {
  /** Digits without plus. */
  readonly first: string;
  /** How many numbers from there on; 1: that number alone. */
  readonly count: number;
}

/** 1.3.6.1.5.5.7.1.26, id-pe-TNAuthList. */
const objectIdentifier = Buffer.from("2b0601050507011a", "hex");

const tagOfSpc = contextTag(0);
const tagOfRange = contextTag(1);
const tagOfOne = contextTag(2);
const tagOfExtensions = contextTag(3);

const spcForm = /^[0-9A-Za-z]{1,16}$/;
const numberForm = /^[0-9*#]{1,15}$/;
const greatestCount = 2 ** 40;

/**
 * The list of a certificate in DER, entries as RFC 8226 §9 has them: explicitly tagged. Undefined: it has none, or one that
 * can't be read, which speaks for nobody.
 */
export function tnAuthListOf(certificate: Uint8Array): TnAuthList | undefined {
  const extension = extensionOf(certificate);
  const entries = extension === undefined ? undefined : derSequence(extension);
  if (entries === undefined || entries.length === 0) return undefined;
  const list = entries.map(entryOf);
  if (list.includes(undefined)) return undefined;
  return {
    spc: list.filter((entry) => typeof entry === "string"),
    ranges: list.filter((entry) => typeof entry === "object"),
  };
}

/** A service provider code, or numbers. */
function entryOf({ tag, content }: DerElement): string | TnRange | undefined {
  const [inner, ...rest] = derElements(content) ?? [];
  if (inner === undefined || rest.length > 0) return undefined;
  if (tag === tagOfSpc) return textOf(inner, spcForm);
  if (tag === tagOfRange) return rangeOf(inner);
  return tag === tagOfOne ? numberOf(inner) : undefined;
}

/**
 * Whether a certificate with that list may speak for a number. A service provider code may for any: whose it is only its carrier
 * knows.
 */
export function speaksFor({ spc, ranges }: TnAuthList, number: CanonicalNumber): boolean {
  return spc.length > 0 || ranges.some((range) => isIn(range, number));
}

function isIn({ first, count }: TnRange, number: CanonicalNumber): boolean {
  if (first === number) return true;
  // Up to 15 digits are exact; numbers of another length are another country's.
  if (first.length !== number.length || !/^[0-9]+$/.test(first)) return false;
  const offset = Number(number) - Number(first);
  return offset > 0 && offset < count;
}

function rangeOf({ tag, content }: DerElement): TnRange | undefined {
  if (tag !== derTags.sequence) return undefined;
  const [start, size, ...rest] = derElements(content) ?? [];
  if (start === undefined || size === undefined || rest.length > 0) return undefined;
  const first = textOf(start, numberForm);
  const count = integerOf(size);
  return first === undefined || count === undefined || count < 2 ? undefined : { first, count };
}

function numberOf(element: DerElement): TnRange | undefined {
  const first = textOf(element, numberForm);
  return first === undefined ? undefined : { first, count: 1 };
}

function textOf({ tag, content }: DerElement, form: RegExp): string | undefined {
  if (tag !== derTags.ia5String) return undefined;
  const text = Buffer.from(content).toString("latin1");
  return form.test(text) ? text : undefined;
}

/** A positive integer; undefined: not one, or beyond what counts numbers. */
function integerOf({ tag, content }: DerElement): number | undefined {
  const [first] = content;
  if (tag !== derTags.integer || first === undefined || first >= 0x80 || content.length > 8) return undefined;
  const value = content.reduce((sum, byte) => sum * 256 + byte, 0);
  return value <= greatestCount ? value : undefined;
}

/** Value of the extension (RFC 5280 §4.1). Twice is none. */
function extensionOf(certificate: Uint8Array): Uint8Array | undefined {
  const [tbsCertificate] = derSequence(certificate) ?? [];
  if (tbsCertificate?.tag !== derTags.sequence) return undefined;
  const wrapped = derElements(tbsCertificate.content)?.find(({ tag }) => tag === tagOfExtensions);
  const extensions = wrapped === undefined ? undefined : derSequence(wrapped.content);
  const found = (extensions ?? []).flatMap(({ content }) => {
    const [id, ...rest] = derElements(content) ?? [];
    const isWanted = id?.tag === derTags.objectIdentifier && objectIdentifier.equals(id.content);
    const value = rest[rest.length - 1];
    return isWanted && value?.tag === derTags.octetString ? [value.content] : [];
  });
  return found.length === 1 ? found[0] : undefined;
}
