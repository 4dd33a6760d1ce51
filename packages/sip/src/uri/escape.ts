import { isHexDigit } from "./character-class.ts";

const plainUserCharacters = plainCharacters("-_.!~*'()&=+$,;?/");
const plainParameterCharacters = plainCharacters("-_.!~*'()[]/:&+$");

/**
 * The text as the user part of a SIP URI: whatever the grammar does not allow there becomes %HH (RFC 3261 §19.1.2).
 * The text is latin1; a character above U+00FF is written as its UTF-8 bytes.
 */
export function escapeUser(text: string): string {
  return escapeWith(text, plainUserCharacters);
}

/** The text as the name or value of a URI parameter. */
export function escapeUriParameter(text: string): string {
  return escapeWith(text, plainParameterCharacters);
}

/** The user part with every %HH replaced by its byte (latin1). A "%" that starts no escape stays. */
export function unescapeUser(text: string): string {
  if (!text.includes("%")) return text;
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    if (isEscape(text, at)) {
      plain += String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 3), 16));
      at += 2;
    } else plain += text[at];
  }
  return plain;
}

/** Whether an escape of "%" and two hexadecimal digits starts at `at`. */
export function isEscape(text: string, at: number): boolean {
  return (
    text.charCodeAt(at) === 0x25 && isHexDigit(text.charCodeAt(at + 1)) && isHexDigit(text.charCodeAt(at + 2))
  );
}

function escapeWith(text: string, plain: Uint8Array): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 128 && plain[code] === 1) escaped += character;
    else if (code < 256) escaped += percent(code);
    else for (const byte of new TextEncoder().encode(character)) escaped += percent(byte);
  }
  return escaped;
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

function plainCharacters(marks: string): Uint8Array {
  const plain = new Uint8Array(128);
  const all = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${marks}`;
  for (let i = 0; i < all.length; i++) plain[all.charCodeAt(i)] = 1;
  return plain;
}
