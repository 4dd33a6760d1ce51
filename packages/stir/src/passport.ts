import { base64url, bytesOfBase64url } from "./base64url.ts";
import { type CanonicalValue, canonicalJson } from "./canonical-json.ts";
import { claimsOf, headerOf, type PassportClaims, type PassportHeader } from "./passport-claims.ts";
import { faulty, type Judged } from "./stir-fault.ts";

/** A PASSporT (RFC 8225). What was read of it is not believed before its signature was verified. */
export interface Passport {
  readonly header: PassportHeader;
  readonly claims: PassportClaims;
  /** What is signed: `header.payload`, in base64url. */
  readonly signingInput: string;
  /** r and s, 32 bytes each (RFC 7518 §3.4). */
  readonly signature: Buffer;
}

/** Of header and of payload. */
export const maximumPassportPartBytes = 2048;

const signatureBytes = 64;

/** Reads a token in its full form. */
export function parsePassport(token: string): Judged<Passport> {
  const [header = "", payload = "", signature = "", ...rest] = token.split(".");
  if (rest.length > 0) return malformed("more than three parts");
  const signed = bytesOfBase64url(signature);
  if (signed?.length !== signatureBytes) return malformed(`the signature has not ${signatureBytes} bytes`);
  const readHeader = headerOf(jsonOf(header));
  if (readHeader === undefined) return malformed("the header can't be read");
  const claims = claimsOf(jsonOf(payload));
  if (claims === undefined) return malformed("the claims can't be read");
  const value = { header: readHeader, claims, signingInput: `${header}.${payload}`, signature: signed };
  return { ok: true, value };
}

/** What is signed of a PASSporT that is written (RFC 8225 §9). */
export function signingInputOf(header: PassportHeader, claims: PassportClaims): string {
  const { alg, ppt, x5u } = header;
  const { iat, orig, dest, attest, origid, div } = claims;
  const written: CanonicalValue = {
    attest,
    dest: { tn: noneLeftOut(dest.tn), uri: noneLeftOut(dest.uri) },
    div: div === undefined ? undefined : { ...div },
    iat,
    orig: { ...orig },
    origid,
  };
  return `${base64url(canonicalJson({ alg, ppt, typ: "passport", x5u }))}.${base64url(canonicalJson(written))}`;
}

function noneLeftOut(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Undefined: no JSON, or too much of it. */
function jsonOf(part: string): unknown {
  const bytes = bytesOfBase64url(part);
  if (bytes === undefined || bytes.length > maximumPassportPartBytes) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function malformed(text: string): ReturnType<typeof faulty> {
  return faulty("malformed", `PASSporT: ${text}`);
}
