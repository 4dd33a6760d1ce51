import { quote } from "./auth-parameters.ts";
import type { Challenge } from "./challenge.ts";
import { ha1, utf8Bytes, utf8Text } from "./digest-algorithm.ts";
import { digestResponse } from "./digest-response.ts";

/** A password, or the HA1 of the challenge's realm and algorithm. */
export type DigestSecret =
  | { readonly username: string; readonly password: string }
  | { readonly username: string; readonly ha1: string };

export interface AnswerOptions {
  /** How many requests have been answered with this nonce, this one included: 1 and up. */
  readonly nonceCount: number;
  /** Random text of our own, without quotes. */
  readonly cnonce: string;
  /** Body of the request; counts when the challenge wants auth-int. */
  readonly body?: string;
}

/**
 * The value for the Authorization or Proxy-Authorization header field.
 * @param uri the Request-URI as it is sent
 */
export function answerChallenge(
  challenge: Challenge,
  secret: DigestSecret,
  method: string,
  uri: string,
  options: AnswerOptions,
): string {
  const { realm, nonce, algorithm, qop, opaque } = challenge;
  const nc = options.nonceCount.toString(16).padStart(8, "0");
  const { cnonce } = options;
  const response = digestResponse({
    algorithm,
    ha1: "ha1" in secret ? secret.ha1 : passwordHa1(challenge, secret),
    method,
    uri,
    nonce,
    qop,
    nc,
    cnonce,
    body: options.body ?? "",
  });
  let value = `Digest username=${quote(utf8Bytes(secret.username))},realm=${quote(realm)}`;
  value += `,nonce=${quote(nonce)},uri=${quote(uri)},response="${response}"`;
  if (challenge.isAlgorithmNamed) value += `,algorithm=${algorithm}`;
  if (qop !== undefined) value += `,cnonce=${quote(cnonce)},qop=${qop},nc=${nc}`;
  if (opaque !== undefined) value += `,opaque=${quote(opaque)}`;
  return value;
}

function passwordHa1(challenge: Challenge, secret: { username: string; password: string }): string {
  return ha1(secret.username, utf8Text(challenge.realm), secret.password, challenge.algorithm);
}
