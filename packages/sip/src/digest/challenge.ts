import type { Parsed } from "../uri/index.ts";
import { parseAuthParameters } from "./auth-parameters.ts";
import { type DigestAlgorithm, digestAlgorithm } from "./digest-algorithm.ts";

/** A Digest challenge that can be answered. */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** Whether the challenge names its algorithm; only then does the answer. */
  readonly isAlgorithmNamed: boolean;
  /** The quality of protection to answer with; undefined: RFC 2069 style. */
  readonly qop: "auth" | "auth-int" | undefined;
  /** The nonce was old, the credentials may be right: answer again without asking anybody. */
  readonly isStale: boolean;
}

/** Reads the value of a WWW-Authenticate or Proxy-Authenticate header field. An error: it can not be answered. */
export function parseChallenge(value: string): Parsed<Challenge> {
  const parsed = parseAuthParameters(value);
  if (!parsed.ok) return parsed;
  const parameters = parsed.value;
  if (parameters.scheme !== "digest") return unusable("unsupported-auth-scheme", "scheme is not Digest");
  const realm = parameters.get("realm");
  const nonce = parameters.get("nonce");
  if (realm === undefined || nonce === undefined)
    return unusable("incomplete-challenge", "no realm or no nonce");
  const algorithm = digestAlgorithm(parameters.get("algorithm"));
  if (algorithm === undefined) return unusable("unsupported-digest-algorithm", "algorithm is not supported");
  const qop = chooseQop(parameters.get("qop"));
  if (qop === "unsupported") return unusable("unsupported-qop", "no supported quality of protection");
  return {
    ok: true,
    value: {
      realm,
      nonce,
      opaque: parameters.get("opaque"),
      algorithm,
      isAlgorithmNamed: parameters.get("algorithm") !== undefined,
      qop,
      isStale: parameters.get("stale")?.toLowerCase() === "true",
    },
  };
}

/** The strongest challenge that can be answered (RFC 8760 §2.4), the first of equals; undefined: none can. */
export function chooseChallenge(values: readonly string[]): Challenge | undefined {
  let best: Challenge | undefined;
  for (const value of values) {
    const parsed = parseChallenge(value);
    if (!parsed.ok) continue;
    const isStronger = best?.algorithm === "MD5" && parsed.value.algorithm === "SHA-256";
    if (best === undefined || isStronger) best = parsed.value;
  }
  return best;
}

function chooseQop(options: string | undefined): Challenge["qop"] | "unsupported" {
  if (options === undefined) return undefined;
  const offered = options.split(",").map((option) => option.trim().toLowerCase());
  if (offered.includes("auth")) return "auth";
  return offered.includes("auth-int") ? "auth-int" : "unsupported";
}

function unusable(code: string, text: string): Parsed<Challenge> {
  return { ok: false, error: { code, text } };
}
