import { isBlank, isDigit, skipBlanks, skipClass, tokenCharacter } from "../uri/character-class.ts";
import { decimalIn } from "../uri/decimal.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";

/** RFC 3261 §20.16. */
export interface Cseq {
  readonly sequenceNumber: number;
  /** Case-sensitive. */
  readonly method: string;
}

/** RFC 3261 §8.1.1.5: less than 2^31. */
export const maximumSequenceNumber = 2_147_483_647;

const malformed = failure("cseq-malformed", "Malformed CSeq header field", "CSeq");
const tooLarge = failure("cseq-out-of-range", "CSeq number is out of range", "CSeq");

/** Parses a CSeq value. */
export function parseCseq(value: string): Parsed<Cseq> {
  return cseqIn(value, 0, value.length);
}

/** {@link parseCseq} for a part of a text that has no line folds and no outer blanks. */
export function cseqIn(text: string, start: number, end: number): Parsed<Cseq> {
  let digitsEnd = start;
  while (digitsEnd < end && isDigit(text.charCodeAt(digitsEnd))) digitsEnd++;
  if (digitsEnd === start || !isBlank(text.charCodeAt(digitsEnd))) return malformed;
  const methodStart = skipBlanks(text, digitsEnd, end);
  if (methodStart >= end || skipClass(text, methodStart, end, tokenCharacter) !== end) return malformed;
  const sequenceNumber = decimalIn(text, start, digitsEnd, maximumSequenceNumber);
  if (sequenceNumber < 0) return tooLarge;
  return success({ sequenceNumber, method: text.slice(methodStart, end) });
}
