import type { Parsed } from "../uri/index.ts";
import { type AuthParameters, parseAuthParameters } from "./auth-parameters.ts";

/** Digest credentials as sent, texts as on the wire. */
export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  /** Hex, in lower case. */
  readonly response: string;
  /** As sent; undefined means MD5. */
  readonly algorithm: string | undefined;
  /** As sent; undefined: RFC 2069 style. */
  readonly qop: string | undefined;
  /** As sent: 1 to 8 hex digits. Undefined without qop. */
  readonly nc: string | undefined;
  /** Undefined without qop. */
  readonly cnonce: string | undefined;
  readonly opaque: string | undefined;
}

const required = ["username", "realm", "nonce", "uri", "response"] as const;

/** Reads the value of an Authorization or Proxy-Authorization header field of scheme Digest. */
export function parseCredentials(value: string): Parsed<Credentials> {
  const parsed = parseAuthParameters(value);
  if (!parsed.ok) return parsed;
  const parameters = parsed.value;
  if (parameters.scheme !== "digest") return malformed("unsupported-auth-scheme", "scheme is not Digest");
  for (const name of required) {
    if (parameters.get(name) === undefined) return malformed("incomplete-credentials", `no ${name}`);
  }
  const isCounted = parameters.get("qop") !== undefined;
  const fault = isCounted ? countFault(parameters) : undefined;
  return fault ?? { ok: true, value: credentialsOf(parameters, isCounted) };
}

function credentialsOf(parameters: AuthParameters, isCounted: boolean): Credentials {
  return {
    username: parameters.get("username") ?? "",
    realm: parameters.get("realm") ?? "",
    nonce: parameters.get("nonce") ?? "",
    uri: parameters.get("uri") ?? "",
    response: parameters.get("response")?.toLowerCase() ?? "",
    algorithm: parameters.get("algorithm"),
    qop: parameters.get("qop"),
    nc: isCounted ? parameters.get("nc") : undefined,
    cnonce: isCounted ? parameters.get("cnonce") : undefined,
    opaque: parameters.get("opaque"),
  };
}

/** RFC 7616 §3.4: with qop both must be there. */
function countFault(parameters: AuthParameters): Parsed<Credentials> | undefined {
  const nc = parameters.get("nc");
  if (nc === undefined || parameters.get("cnonce") === undefined) {
    return malformed("incomplete-credentials", "qop without nc or cnonce");
  }
  return isNonceCount(nc) ? undefined : malformed("malformed-nonce-count", "nc is not a count");
}

/** 1 to 8 hex digits, not all 0: counting begins at 1. */
function isNonceCount(text: string): boolean {
  if (text.length === 0 || text.length > 8) return false;
  let isZero = true;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isHex = (code >= 0x30 && code <= 0x39) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
    if (!isHex) return false;
    if (code !== 0x30) isZero = false;
  }
  return !isZero;
}

function malformed(code: string, text: string): Parsed<Credentials> {
  return { ok: false, error: { code, text } };
}
