import type { KeyObject } from "node:crypto";
import type { CanonicalNumber } from "./canonical-number.ts";
import { writeIdentity } from "./identity-header.ts";
import { signingInputOf } from "./passport.ts";
import type { Attestation, PassportClaims } from "./passport-claims.ts";
import { passportAlgorithm, signatureOf } from "./passport-signature.ts";

/** Who signs. */
export interface Signer {
  readonly privateKey: KeyObject;
  /** Where everybody finds the certificate of that key. */
  readonly certificateUrl: string;
}

export interface SignedCall {
  readonly attestation: Attestation;
  readonly origid: string;
  readonly callingNumber: CanonicalNumber;
  readonly calledNumber: CanonicalNumber;
  /** Seconds since 1970. */
  readonly iat: number;
}

/** Value of Identity for a call (RFC 8588). @throws Error when the key is none for ES256 */
export function shakenIdentity(signer: Signer, call: SignedCall): string {
  const { attestation, origid, callingNumber, calledNumber, iat } = call;
  return signed(signer, "shaken", {
    attest: attestation,
    origid,
    iat,
    orig: { tn: callingNumber },
    dest: { tn: [calledNumber], uri: [] },
    div: undefined,
  });
}

/** Value of Identity that says who sent the call on to its called number (RFC 8946). @throws Error as above */
export function divIdentity(
  signer: Signer,
  call: Pick<SignedCall, "callingNumber" | "calledNumber" | "iat">,
  divertedBy: CanonicalNumber,
): string {
  return signed(signer, "div", {
    attest: undefined,
    origid: undefined,
    iat: call.iat,
    orig: { tn: call.callingNumber },
    dest: { tn: [call.calledNumber], uri: [] },
    div: { tn: divertedBy },
  });
}

function signed(
  { privateKey, certificateUrl }: Signer,
  ppt: "shaken" | "div",
  claims: PassportClaims,
): string {
  const input = signingInputOf({ alg: passportAlgorithm, ppt, x5u: certificateUrl }, claims);
  const token = `${input}.${signatureOf(input, privateKey)}`;
  return writeIdentity({ token, info: certificateUrl, alg: passportAlgorithm, ppt });
}
