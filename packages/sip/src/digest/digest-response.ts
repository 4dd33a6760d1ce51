import { type DigestAlgorithm, hexDigest } from "./digest-algorithm.ts";

/** What a response is computed from; texts as on the wire. */
export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** As sent: it is part of what is hashed. Undefined: RFC 2069 style, without nc and cnonce. */
  readonly qop: string | undefined;
  /** Eight hex digits. */
  readonly nc: string;
  readonly cnonce: string;
  /** Body of the request, for auth-int only. */
  readonly body: string;
}

/** The request-digest of RFC 7616 §3.4.1 in lower-case hex. */
export function digestResponse(input: DigestInput): string {
  const { algorithm, qop, nonce } = input;
  const a2 = `${input.method}:${input.uri}`;
  const ha2 = hexDigest(algorithm, qop === "auth-int" ? `${a2}:${hexDigest(algorithm, input.body)}` : a2);
  const counted = qop === undefined ? "" : `${input.nc}:${input.cnonce}:${qop}:`;
  return hexDigest(algorithm, `${input.ha1}:${nonce}:${counted}${ha2}`);
}
