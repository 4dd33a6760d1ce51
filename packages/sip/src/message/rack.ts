import { parseDecimal } from "../uri/decimal.ts";
import { failure, type Parsed, success } from "../uri/parsed.ts";
import { cseqIn } from "./cseq.ts";

/** RFC 3262 §7.2: which provisional response a PRACK acknowledges. */
export interface RAck {
  /** RSeq of the response. */
  readonly responseNumber: number;
  /** CSeq number of its request. */
  readonly sequenceNumber: number;
  readonly method: string;
}

/** RFC 3262 §7.1: 1 to 2^32 - 1. */
export const maximumResponseNumber = 4_294_967_295;

const malformedRAck = failure("rack-malformed", "Malformed RAck header field", "RAck");
const malformedRSeq = failure("rseq-malformed", "Malformed RSeq header field", "RSeq");

/** Parses an RAck value. */
export function parseRAck(value: string): Parsed<RAck> {
  const match = /^(\d+)[ \t]+/.exec(value);
  const digits = match?.[1];
  if (match === null || digits === undefined) return malformedRAck;
  const responseNumber = parseDecimal(digits, maximumResponseNumber);
  const cseq = cseqIn(value, match[0].length, value.length);
  if (responseNumber < 1 || !cseq.ok) return malformedRAck;
  return success({ responseNumber, ...cseq.value });
}

/** Parses an RSeq value. */
export function parseRSeq(value: string): Parsed<number> {
  const responseNumber = parseDecimal(value, maximumResponseNumber);
  return responseNumber < 1 ? malformedRSeq : success(responseNumber);
}
