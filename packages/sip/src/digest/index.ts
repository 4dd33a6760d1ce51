/** Digest authentication (RFC 7616, RFC 8760, RFC 2617), client and server. */
export { type AnswerOptions, answerChallenge, type DigestSecret } from "./answer-challenge.ts";
export { maximumAuthParameters } from "./auth-parameters.ts";
export { type Challenge, chooseChallenge, parseChallenge } from "./challenge.ts";
export { type Credentials, parseCredentials } from "./credentials.ts";
export { type DigestAlgorithm, ha1 } from "./digest-algorithm.ts";
export {
  type CredentialLookup,
  DigestServer,
  type DigestServerOptions,
  maximumCredentialRows,
  type StoredCredential,
} from "./digest-server.ts";
export type { DigestVerdict } from "./digest-verdict.ts";
export type { NonceKey } from "./nonce-issuer.ts";
