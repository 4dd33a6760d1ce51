import { hash, timingSafeEqual } from "node:crypto";
import type { Clock } from "@tandem/clock";
import { parseAuthParameters, quote } from "./auth-parameters.ts";
import { type Credentials, parseCredentials } from "./credentials.ts";
import { type DigestAlgorithm, digestAlgorithm, utf8Bytes, utf8Text } from "./digest-algorithm.ts";
import { digestResponse } from "./digest-response.ts";
import { type DigestVerdict, decidingVerdict } from "./digest-verdict.ts";
import { NonceCounts, spentNonceCount } from "./nonce-counts.ts";
import { NonceIssuer, type NonceKey } from "./nonce-issuer.ts";

export interface DigestServerOptions {
  readonly clock: Pick<Clock, "wallMs">;
  readonly realm: string;
  /** Stands (hashed) in every nonce: another gateway's nonce is stale here, because its counts are kept there. */
  readonly gatewayName: string;
  /** The first signs, the others still verify. Throws RangeError if there is none or one is unusable. */
  readonly keys: readonly NonceKey[];
  /** How long a nonce may be used. Default 300. */
  readonly nonceLifetimeSeconds?: number;
  /** How many used nonces are remembered. Default 100,000. */
  readonly maximumTrackedNonces?: number;
}

/** One way in for a user name. */
export interface StoredCredential {
  /** Lower-case hex. */
  readonly ha1: string;
  readonly algorithm: DigestAlgorithm;
}

/** Finds the ways in of a user name; empty: unknown. */
export type CredentialLookup = (username: string) => readonly StoredCredential[];

/** Rows of credentials beyond this many are not looked at. */
export const maximumCredentialRows = 8;

/** What an unknown user's response is computed with, so that the time taken does not tell who is known. */
const dummyHa1 = "0".repeat(32);

/**
 * Digest on the server side: RFC 7616 and RFC 8760 with qop `auth`. `auth-int` is refused: it is never offered, and
 * bodies change on the way. Answers without qop (RFC 2069) are taken once per nonce.
 */
export class DigestServer {
  readonly #clock: Pick<Clock, "wallMs">;
  readonly #realm: string;
  readonly #nonceLifetimeMs: number;
  readonly #nonces: NonceIssuer;
  readonly #counts: NonceCounts;
  readonly #challengeHead: string;
  readonly #challengeTail: string;

  constructor(options: DigestServerOptions) {
    this.#clock = options.clock;
    this.#realm = utf8Bytes(options.realm);
    this.#nonceLifetimeMs = (options.nonceLifetimeSeconds ?? 300) * 1000;
    this.#nonces = new NonceIssuer(options.gatewayName, options.keys);
    this.#counts = new NonceCounts(options.maximumTrackedNonces ?? 100_000, this.#clock.wallMs());
    const opaque = hash("sha256", `${options.gatewayName} ${options.realm}`, "hex").slice(0, 32);
    this.#challengeHead = `Digest realm=${quote(this.#realm)},qop="auth",nonce="`;
    this.#challengeTail = `",opaque="${opaque}"`;
  }

  /** Used nonces that are remembered. */
  get trackedNonces(): number {
    return this.#counts.size;
  }

  setKeys(keys: readonly NonceKey[]): void {
    this.#nonces.setKeys(keys);
  }

  /** A value for Proxy-Authenticate. MD5 is not named: old PBXs choke on the parameter. */
  challenge(options: { readonly stale: boolean; readonly algorithm: DigestAlgorithm }): string {
    const nonce = this.#nonces.issue(this.#clock.wallMs());
    const stale = options.stale ? ",stale=true" : "";
    const algorithm = options.algorithm === "MD5" ? "" : `,algorithm=${options.algorithm}`;
    return this.#challengeHead + nonce + this.#challengeTail + stale + algorithm;
  }

  /**
   * Judges one row of credentials.
   * @param requestUri as sent
   */
  verify(
    credentialsValue: string,
    method: string,
    requestUri: string,
    lookup: CredentialLookup,
  ): DigestVerdict {
    const parsed = parseCredentials(credentialsValue);
    if (!parsed.ok) return isForUs(credentialsValue, this.#realm) ? malformed(parsed.error.text) : otherRealm;
    const credentials = parsed.value;
    if (credentials.realm !== this.#realm) return otherRealm;
    const algorithm = digestAlgorithm(credentials.algorithm);
    if (algorithm === undefined) return malformed("algorithm is not supported");
    if (credentials.qop !== undefined && credentials.qop.toLowerCase() !== "auth")
      return malformed("qop is not auth");
    const issuedAtMs = this.#validSince(credentials.nonce);
    if (issuedAtMs === undefined) return stale;
    if (credentials.uri !== requestUri) return wrong("uri is not the Request-URI");
    const username = utf8Text(credentials.username);
    const objection = objectionTo(credentials, algorithm, method, lookup(username));
    if (objection !== undefined) return wrong(objection);
    return this.#count(credentials, issuedAtMs) ? { kind: "accepted", username } : stale;
  }

  /** Judges all rows of a request: an accepted one decides, then a wrong one, a stale one, a malformed one. */
  verifyAny(
    credentialsValues: readonly string[],
    method: string,
    requestUri: string,
    lookup: CredentialLookup,
  ): DigestVerdict {
    let verdict: DigestVerdict = otherRealm;
    const rows = Math.min(credentialsValues.length, maximumCredentialRows);
    for (let row = 0; row < rows && verdict.kind !== "accepted"; row++) {
      const value = credentialsValues[row] ?? "";
      verdict = decidingVerdict(verdict, this.verify(value, method, requestUri, lookup));
    }
    return verdict;
  }

  /** When a nonce that may be used now was issued. Undefined: not ours, too old, or from the future. */
  #validSince(nonce: string): number | undefined {
    const issuedAtMs = this.#nonces.issuedAtMs(nonce);
    if (issuedAtMs === undefined) return undefined;
    const ageMs = Math.floor(this.#clock.wallMs()) - issuedAtMs;
    return ageMs >= 0 && ageMs <= this.#nonceLifetimeMs ? issuedAtMs : undefined;
  }

  /** Takes note of a use. False: the count was used before. */
  #count(credentials: Credentials, issuedAtMs: number): boolean {
    const { nonce, nc } = credentials;
    const count = nc === undefined ? spentNonceCount : Number.parseInt(nc, 16);
    const isFresh =
      nc === undefined
        ? this.#counts.isUnused(nonce, issuedAtMs)
        : this.#counts.isFresh(nonce, issuedAtMs, count);
    if (isFresh) this.#counts.record(nonce, issuedAtMs, count);
    return isFresh;
  }
}

const stale: DigestVerdict = { kind: "stale" };
const otherRealm: DigestVerdict = { kind: "other-realm" };

function wrong(why: string): DigestVerdict {
  return { kind: "wrong", why };
}

function malformed(why: string): DigestVerdict {
  return { kind: "malformed", why };
}

/** Whether credentials that can not be used were meant for this realm: Digest, and our realm or none that is readable. */
function isForUs(credentialsValue: string, realm: string): boolean {
  if (!/^digest\s/i.test(credentialsValue)) return false;
  const parsed = parseAuthParameters(credentialsValue);
  if (!parsed.ok) return true;
  const named = parsed.value.get("realm");
  return named === undefined || named === realm;
}

/** Why the response proves nothing; undefined: it is right. All ways in of the user name are tried. */
function objectionTo(
  credentials: Credentials,
  algorithm: DigestAlgorithm,
  method: string,
  known: readonly StoredCredential[],
): string | undefined {
  let isRight = false;
  let tried = 0;
  for (const stored of known) {
    if (stored.algorithm !== algorithm) continue;
    tried++;
    if (proves(credentials, algorithm, stored.ha1, method)) isRight = true;
  }
  if (isRight) return undefined;
  if (tried > 0) return "wrong password";
  proves(credentials, algorithm, dummyHa1, method);
  return known.length > 0 ? "no password for this algorithm" : "unknown user name";
}

function proves(credentials: Credentials, algorithm: DigestAlgorithm, ha1: string, method: string): boolean {
  const expected = digestResponse({
    algorithm,
    ha1,
    method,
    uri: credentials.uri,
    nonce: credentials.nonce,
    qop: credentials.qop,
    nc: credentials.nc ?? "",
    cnonce: credentials.cnonce ?? "",
    body: "",
  });
  const given = Buffer.from(credentials.response, "latin1");
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected, "latin1"));
}
