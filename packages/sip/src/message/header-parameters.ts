import {
  isBlank,
  parameterValueCharacter,
  skipBlanks,
  skipClass,
  tokenCharacter,
} from "../uri/character-class.ts";

/** All parameters are as the grammar asks. */
export const parametersFine = 0;
/** Only fault: empty ones (";;"). One can see what was meant. */
export const parametersHaveEmptyOnes = 1;
export const parametersMalformed = 2;

/**
 * Reads `*( SEMI generic-param )` in [start, end) and pushes four offsets per parameter (see `Parameters`).
 * Values are tokens, hosts or quoted strings; any visible character but a separator is taken for a value, since RFC 5118
 * §4.5 has bare IPv6 addresses there.
 */
export function readHeaderParameters(text: string, start: number, end: number, offsets: number[]): number {
  let result = parametersFine;
  let at = skipBlanks(text, start, end);
  while (at < end) {
    if (text.charCodeAt(at) !== 0x3b) return parametersMalformed;
    const nameStart = skipBlanks(text, at + 1, end);
    const nameEnd = skipClass(text, nameStart, end, tokenCharacter);
    at = skipBlanks(text, nameEnd, end);
    if (nameEnd === nameStart) {
      if (at < end && text.charCodeAt(at) !== 0x3b) return parametersMalformed;
      result = parametersHaveEmptyOnes;
      continue;
    }
    if (at < end && text.charCodeAt(at) === 0x3d) {
      const valueStart = skipBlanks(text, at + 1, end);
      const valueEnd = endOfValue(text, valueStart, end);
      if (valueEnd < 0) return parametersMalformed;
      offsets.push(nameStart, nameEnd, valueStart, valueEnd);
      at = skipBlanks(text, valueEnd, end);
    } else offsets.push(nameStart, nameEnd, -1, -1);
  }
  return result;
}

function endOfValue(text: string, start: number, end: number): number {
  if (start < end && text.charCodeAt(start) === 0x22) return endOfQuotedString(text, start, end);
  const at = skipClass(text, start, end, parameterValueCharacter);
  return at === start ? -1 : at;
}

/** Position behind the quoted string that starts at `start`, or -1 when it is not closed before `end`. */
export function endOfQuotedString(text: string, start: number, end: number): number {
  let at = start + 1;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    at += code === 0x5c ? 2 : 1;
  }
  return -1;
}

/**
 * End of the list element that starts at `start`: the next comma outside quoted strings and angle brackets, or `end`.
 * An unclosed quote or bracket reaches to the end.
 */
export function endOfElement(text: string, start: number, end: number): number {
  const comma = text.indexOf(",", start);
  if (comma < 0 || comma >= end) return end;
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === 0x2c) return at;
    if (code === 0x22) {
      const closed = endOfQuotedString(text, at, end);
      if (closed < 0) return end;
      at = closed;
      continue;
    }
    if (code === 0x3c) {
      const closed = text.indexOf(">", at);
      if (closed < 0 || closed >= end) return end;
      at = closed;
    }
    at++;
  }
  return end;
}

/** The elements of a comma list, trimmed. Empty elements are kept, so that a parser can object to them. "" gives none. */
export function splitList(value: string): readonly string[] {
  const all: string[] = [];
  if (value === "") return all;
  let start = 0;
  for (;;) {
    const end = endOfElement(value, start, value.length);
    all.push(trimmed(value, start, end));
    if (end >= value.length) return all;
    start = end + 1;
  }
}

function trimmed(text: string, start: number, end: number): string {
  const from = skipBlanks(text, start, end);
  return text.slice(from, endWithoutBlanks(text, from, end));
}

/** `end` moved back over blanks, not before `start`. */
export function endWithoutBlanks(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}
