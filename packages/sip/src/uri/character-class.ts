/** Character classes of RFC 3261 §25.1 as bits in one table, so that a test is one load and one AND. */
export const tokenCharacter = 1;
/** user: unreserved, user-unreserved and "%"; also "#", which dial strings carry unescaped in practice. */
export const userCharacter = 2;
/** password: unreserved, "%" and "&=+$,". */
export const passwordCharacter = 4;
/** Name or value of a URI parameter: param-unreserved, unreserved and "%". */
export const uriParameterCharacter = 8;
/** Host name: letters, digits, "-" and "."; also "_", which real host names have. */
export const hostCharacter = 16;
/** Unquoted value of a header field parameter: all visible ASCII but the separators `,;"<>`. */
export const parameterValueCharacter = 32;
/** Any URI: all visible ASCII but `<>"`. */
export const uriCharacter = 64;
/** Name or value in the headers part of a SIP URI: hnv-unreserved, unreserved and "%". */
export const uriHeaderCharacter = 128;

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const unreserved = `${alphanumeric}-_.!~*'()`;

const table = new Uint8Array(256);
mark(tokenCharacter, `${alphanumeric}-.!%*_+\`'~`);
mark(userCharacter, `${unreserved}%&=+$,;?/#`);
mark(passwordCharacter, `${unreserved}%&=+$,`);
mark(uriParameterCharacter, `${unreserved}%[]/:&+$`);
mark(hostCharacter, `${alphanumeric}-._`);
mark(uriHeaderCharacter, `${unreserved}%[]/?:+$`);
for (let code = 0x21; code < 0x7f; code++) {
  const character = String.fromCharCode(code);
  if (!`,;"<>`.includes(character)) mark(parameterValueCharacter, character);
  if (!`<>"`.includes(character)) mark(uriCharacter, character);
}

function mark(bit: number, characters: string): void {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    table[code] = (table[code] ?? 0) | bit;
  }
}

/** Whether the character code belongs to one of the classes in `bits`. False for NaN, which is what lies past the end. */
export function isOf(code: number, bits: number): boolean {
  // As an index NaN would make this line slow for all who call it, and for good.
  return ((table[code | 0] ?? 0) & bits) !== 0;
}

/** First position in [start, end) whose character is not of the classes in `bits`; `end` if all are. */
export function skipClass(text: string, start: number, end: number, bits: number): number {
  let at = start;
  while (at < end && isOf(text.charCodeAt(at), bits)) at++;
  return at;
}

/** First position in [start, end) that is neither space nor tab. */
export function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

export function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Whether every "%" in [start, end) starts an escape of two hexadecimal digits. */
export function hasWholeEscapes(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== 0x25) continue;
    if (at + 2 >= end || !isHexDigit(text.charCodeAt(at + 1)) || !isHexDigit(text.charCodeAt(at + 2))) {
      return false;
    }
  }
  return true;
}

/** Compares ASCII without case. `lowerCase` must be in lower case already. */
export function equalsLowerCase(text: string, start: number, end: number, lowerCase: string): boolean {
  if (end - start !== lowerCase.length) return false;
  for (let i = 0; i < lowerCase.length; i++) {
    const code = text.charCodeAt(start + i);
    const folded = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (folded !== lowerCase.charCodeAt(i)) return false;
  }
  return true;
}
