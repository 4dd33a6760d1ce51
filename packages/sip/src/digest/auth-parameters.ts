import type { Parsed, SipSyntaxError } from "../uri/index.ts";

/** The most parameters that one header field value may have. */
export const maximumAuthParameters = 32;

/** A challenge or credentials, taken apart: scheme and parameters, names in lower case, values without quotes. */
export class AuthParameters {
  /** Lower case. */
  readonly scheme: string;
  readonly #names: readonly string[];
  readonly #values: readonly string[];

  constructor(scheme: string, names: readonly string[], values: readonly string[]) {
    this.scheme = scheme;
    this.#names = names;
    this.#values = values;
  }

  /** @param name in lower case */
  get(name: string): string | undefined {
    const index = this.#names.indexOf(name);
    return index < 0 ? undefined : this.#values[index];
  }
}

/** Reads `Digest name=token, name="quoted", …` (RFC 3261 §25.1 challenge, credentials). A repeated name is an error. */
export function parseAuthParameters(text: string): Parsed<AuthParameters> {
  const schemeEnd = endOfToken(text, 0);
  if (schemeEnd === 0) return malformed("no authentication scheme");
  const names: string[] = [];
  const values: string[] = [];
  let at = skipSeparators(text, schemeEnd);
  while (at < text.length) {
    if (names.length === maximumAuthParameters) return malformed("too many parameters");
    const nameEnd = endOfToken(text, at);
    const equals = skipBlanks(text, nameEnd);
    if (nameEnd === at || text.charCodeAt(equals) !== 0x3d)
      return malformed("parameter without name or value");
    const name = text.slice(at, nameEnd).toLowerCase();
    if (names.includes(name)) return malformed("repeated parameter");
    const start = skipBlanks(text, equals + 1);
    const end = text.charCodeAt(start) === 0x22 ? endOfQuoted(text, start) : endOfBare(text, start);
    const next = skipBlanks(text, end);
    if (end <= start || (next < text.length && text.charCodeAt(next) !== 0x2c)) return malformed("bad value");
    names.push(name);
    values.push(
      text.charCodeAt(start) === 0x22 ? unquote(text.slice(start + 1, end - 1)) : text.slice(start, end),
    );
    at = skipSeparators(text, next);
  }
  return { ok: true, value: new AuthParameters(text.slice(0, schemeEnd).toLowerCase(), names, values) };
}

/** A quoted-string of the value. */
export function quote(value: string): string {
  return `"${value.includes('"') || value.includes("\\") ? value.replace(/["\\]/g, "\\$&") : value}"`;
}

function malformed(text: string): { ok: false; error: SipSyntaxError } {
  return { ok: false, error: { code: "malformed-auth-parameters", text } };
}

function unquote(inner: string): string {
  return inner.includes("\\") ? inner.replace(/\\([\s\S])/g, "$1") : inner;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function skipSeparators(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at)) || text.charCodeAt(at) === 0x2c) at++;
  return at;
}

/** Names: everything but blanks and the characters that mean something here. */
function endOfToken(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === 0x2c || code === 0x3d || code === 0x22) break;
  }
  return at;
}

/** Bare values are taken up to a comma or a blank: some devices forget the quotes around base64 nonces. */
function endOfBare(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === 0x2c || code === 0x22) break;
  }
  return at;
}

/** Position after the closing quote; -1: there is none. */
function endOfQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  return -1;
}
