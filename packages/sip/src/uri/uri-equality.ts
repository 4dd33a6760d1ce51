import { isEscape } from "./escape.ts";
import type { Parameters } from "./parameters.ts";
import { parseSipUri, type SipUri } from "./sip-uri.ts";

/** Parameters that, when only one of two URIs has them, make the two differ whatever their value (RFC 3261 §19.1.4). */
const decisiveParameters = ["user", "ttl", "method", "maddr", "transport"] as const;

/** Characters that are not the same as their escape: the reserved set of RFC 3261 §25.1, and "%" itself. */
const reserved = ";/?:@&=+$,%";

/**
 * Whether two SIP URIs are equivalent by RFC 3261 §19.1.4. Not transitive: a parameter that only one URI has is ignored.
 * A text that is no SIP URI equals only the same text.
 */
export function uriEquals(a: SipUri | string, b: SipUri | string): boolean {
  const first = typeof a === "string" ? parseSipUri(a) : ({ ok: true, value: a } as const);
  const second = typeof b === "string" ? parseSipUri(b) : ({ ok: true, value: b } as const);
  if (!first.ok || !second.ok) return a === b;
  return sipUriEquals(first.value, second.value);
}

function sipUriEquals(a: SipUri, b: SipUri): boolean {
  return (
    a.scheme === b.scheme &&
    a.host === b.host &&
    a.port === b.port &&
    sameText(a.user, b.user) &&
    sameText(a.password, b.password) &&
    parametersEqual(a.parameters, b.parameters) &&
    headersEqual(a.headers, b.headers)
  );
}

function sameText(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || withoutNeedlessEscapes(a) === withoutNeedlessEscapes(b);
}

function parametersEqual(a: Parameters, b: Parameters): boolean {
  for (const name of decisiveParameters) {
    if (a.has(name) !== b.has(name)) return false;
  }
  return covers(a, b) && covers(b, a);
}

/**
 * Every parameter of `b` that `a` has by name, `a` has with that value. No parameter may come twice (RFC 3261 §19.1.1); one
 * that does has several values.
 */
function covers(a: Parameters, b: Parameters): boolean {
  const entries = a.entries();
  for (const { name, value } of b.entries()) {
    const plainName = folded(name);
    const others = entries.filter((entry) => folded(entry.name) === plainName);
    if (others.length > 0 && !others.some((other) => folded(other.value) === folded(value))) return false;
  }
  return true;
}

function folded(value: string | undefined): string | undefined {
  return value === undefined ? undefined : withoutNeedlessEscapes(value).toLowerCase();
}

/** Header components are never ignored, and may come in any order. */
function headersEqual(a: string, b: string): boolean {
  if (a === b) return true;
  return sortedHeaders(a) === sortedHeaders(b);
}

function sortedHeaders(headers: string): string {
  return headers
    .split("&")
    .map((part) => {
      const equals = part.indexOf("=");
      const name = equals < 0 ? part : part.slice(0, equals);
      const value = equals < 0 ? "" : part.slice(equals);
      return withoutNeedlessEscapes(name).toLowerCase() + withoutNeedlessEscapes(value);
    })
    .toSorted()
    .join("&");
}

/** "%61lice" → "alice"; escapes of reserved characters stay, with upper-case digits. */
function withoutNeedlessEscapes(text: string): string {
  if (!text.includes("%")) return text;
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    if (!isEscape(text, at)) {
      plain += text[at];
      continue;
    }
    const character = String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 3), 16));
    plain += reserved.includes(character) ? text.slice(at, at + 3).toUpperCase() : character;
    at += 2;
  }
  return plain;
}
