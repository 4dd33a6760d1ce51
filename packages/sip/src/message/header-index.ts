import { isBlank } from "../uri/character-class.ts";
import { type Failure, failure, type SipSyntaxError } from "../uri/parsed.ts";
import { masked, readName } from "./header-field-name.ts";
import { messageLimits } from "./message-limits.ts";

/** Numbers per row in {@link HeaderIndex.rows}. */
export const rowStride = 5;
/** Added to the id of a row that continues on further lines (RFC 3261 §7.3.1 line folding). */
export const foldedRow = 256;

const CR = 0x0d;
const LF = 0x0a;

const malformedLine = failure("header-line-malformed", "Malformed header field line");
const tooManyRows = failure("too-many-header-rows", "Too many header field rows");
const noEmptyLine = failure("empty-line-missing", "Missing empty line after the header fields");
const bareLineBreak = failure("bare-line-break", "CR or LF inside a header field");
const nullCharacter = failure("null-character", "NUL inside a header field");

/**
 * Where the header field rows of one message are. Made by {@link indexHeader} in one pass; values are not looked at
 * but for their end.
 */
export class HeaderIndex {
  /** Per row: id (+ {@link foldedRow}), start and end of the name, start and end of the value without outer blanks. */
  rows: readonly number[] = noRows;
  /** Bit n: header field n occurs. Ids below `masked` only. */
  seen = 0;
  /** Bit n: header field n occurs in two rows or more. */
  repeated = 0;
  /** Where the body starts; the length of the text when the empty line is missing. */
  bodyStart = 0;
  /** First fault found, if any. */
  fault: SipSyntaxError | undefined = undefined;
  /** The header holds a bare CR, a bare LF or a NUL outside a quoted-pair: nothing of it may be written to the wire again. */
  isPoisoned = false;

  note(failed: Failure): void {
    this.fault ??= failed.error;
  }
}

const noRows: readonly number[] = [];

/** Where rows are collected before their number is known. One for all: indexing never interleaves. */
const scratch: number[] = Array.from({ length: messageLimits.maximumHeaderRows * rowStride }, () => 0);

/** Indexes the header field rows from `start` (behind the start line) to the empty line. */
export function indexHeader(text: string, start: number): HeaderIndex {
  const index = new HeaderIndex();
  const length = text.length;
  let used = 0;
  let at = start;
  while (at < length && text.charCodeAt(at) !== CR) {
    if (used >= scratch.length) {
      index.note(tooManyRows);
      at = length;
      break;
    }
    const read = readName(text, at);
    const nameEnd = Math.floor(read / 256);
    const valueStart = startOfValue(text, at, nameEnd);
    const end = endOfRow(text, valueStart < 0 ? nameEnd : valueStart, index);
    if (valueStart < 0) index.note(malformedLine);
    else {
      addRow(used, read & 255, text, at, nameEnd, valueStart, end, index);
      used += rowStride;
    }
    at = end + 2;
  }
  index.rows = scratch.slice(0, used);
  finish(text, start, at, index);
  return index;
}

/** Sets where the body starts and looks for NULs. */
function finish(text: string, start: number, at: number, index: HeaderIndex): void {
  index.bodyStart = text.length;
  if (at >= text.length) index.note(noEmptyLine);
  else if (text.charCodeAt(at + 1) === LF) index.bodyStart = at + 2;
  else poison(index);
  let nul = text.indexOf("\0", start);
  while (nul >= 0 && nul < index.bodyStart) {
    // RFC 3261 §25.1: quoted-pair may hold NUL (RFC 4475 §3.1.1.2 does it) but neither CR nor LF.
    if (text.charCodeAt(nul - 1) !== 0x5c) {
      index.isPoisoned = true;
      index.note(nullCharacter);
    }
    nul = text.indexOf("\0", nul + 1);
  }
}

/** Where the value starts behind name and colon; -1 when this is no header field. */
function startOfValue(text: string, start: number, nameEnd: number): number {
  let at = nameEnd;
  // RFC 3261 §25.1 HCOLON: blanks may stand before the colon.
  while (isBlank(text.charCodeAt(at))) at++;
  if (nameEnd === start || text.charCodeAt(at) !== 0x3a) return -1;
  at++;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function addRow(
  slot: number,
  id: number,
  text: string,
  start: number,
  nameEnd: number,
  valueStart: number,
  end: number,
  index: HeaderIndex,
): void {
  let valueEnd = end;
  while (valueEnd > valueStart && isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
  if (id < masked) {
    const bit = 1 << id;
    if ((index.seen & bit) !== 0) index.repeated |= bit;
    index.seen |= bit;
  }
  scratch[slot] = isFolded ? id + foldedRow : id;
  scratch[slot + 1] = start;
  scratch[slot + 2] = nameEnd;
  scratch[slot + 3] = valueStart;
  scratch[slot + 4] = valueEnd;
}

/** Whether the row that {@link endOfRow} looked at last is folded. A variable, not an object: this is the innermost loop. */
let isFolded = false;

/** Position of the CRLF that ends the row with its continuation lines, or the end of the text. Notes bare CR and LF. */
function endOfRow(text: string, start: number, index: HeaderIndex): number {
  let at = start;
  isFolded = false;
  for (;;) {
    const lineFeed = text.indexOf("\n", at);
    const carriageReturn = text.indexOf("\r", at);
    if (lineFeed < 0) {
      if (carriageReturn >= 0) poison(index);
      return text.length;
    }
    if (carriageReturn !== lineFeed - 1) {
      poison(index);
      // Bare CRs are passed over one line feed at a time; only CRLF ends a line.
      if (text.charCodeAt(lineFeed - 1) !== CR) {
        at = lineFeed + 1;
        continue;
      }
    }
    if (!isBlank(text.charCodeAt(lineFeed + 1))) return lineFeed - 1;
    isFolded = true;
    at = lineFeed + 1;
  }
}

function poison(index: HeaderIndex): void {
  index.isPoisoned = true;
  index.note(bareLineBreak);
}

/** The text with each line fold and the blanks around it replaced by one space, trimmed (RFC 3261 §7.3.1). */
export function unfold(text: string, start: number, end: number): string {
  let plain = "";
  let at = skipFoldsAndBlanks(text, start, end);
  while (at < end) {
    const lineBreak = text.indexOf("\r\n", at);
    const lineEnd = lineBreak < 0 || lineBreak > end ? end : lineBreak;
    let trimmed = lineEnd;
    while (trimmed > at && isBlank(text.charCodeAt(trimmed - 1))) trimmed--;
    if (plain !== "" && trimmed > at) plain += " ";
    plain += text.slice(at, trimmed);
    at = skipFoldsAndBlanks(text, lineEnd, end);
  }
  return plain;
}

function skipFoldsAndBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (!isBlank(code) && code !== CR && code !== LF) break;
    at++;
  }
  return at;
}
