/**
 * What is wrong with an Identity header field, its PASSporT or its certificate, as a verification service tells it (RFC 8224
 * §6.2.2).
 */
export interface StirFault {
  readonly name: StirFaultName;
  /** In particular, for people. */
  readonly text: string;
}

export interface StirResponse {
  readonly statusCode: 403 | 428 | 436 | 437 | 438;
  readonly reasonPhrase: string;
}

const staleDate: StirResponse = { statusCode: 403, reasonPhrase: "Stale Date" };
const useIdentityHeader: StirResponse = { statusCode: 428, reasonPhrase: "Use Identity Header" };
const badIdentityInfo: StirResponse = { statusCode: 436, reasonPhrase: "Bad Identity Info" };
const unsupportedCredential: StirResponse = { statusCode: 437, reasonPhrase: "Unsupported Credential" };
const invalidIdentityHeader: StirResponse = { statusCode: 438, reasonPhrase: "Invalid Identity Header" };

const responses = {
  /** A number of the call is no E.164 number: there is nothing to compare with. */
  "no-number": invalidIdentityHeader,
  /** There is none, and there should be. */
  "no-identity": useIdentityHeader,
  /** The header field, or the PASSporT in it, is not what RFC 8224 and RFC 8225 say. */
  malformed: invalidIdentityHeader,
  /** SHAKEN wants the full form (RFC 8588 §6). */
  compact: invalidIdentityHeader,
  /** Neither `shaken` nor `div`. */
  "ppt-unsupported": invalidIdentityHeader,
  "algorithm-unsupported": unsupportedCredential,
  /** The parameters of the header field say something else than the PASSporT. */
  "parameter-mismatch": invalidIdentityHeader,
  "orig-mismatch": invalidIdentityHeader,
  "dest-mismatch": invalidIdentityHeader,
  /** `iat` is too old, or in the future. */
  stale: staleDate,
  /** The certificate could not be had. */
  "certificate-unavailable": badIdentityInfo,
  /** It is there, but of no authority that is trusted, out of its time, or not for this number. */
  "certificate-refused": unsupportedCredential,
  "signature-wrong": invalidIdentityHeader,
} as const satisfies Record<string, StirResponse>;

export type StirFaultName = keyof typeof responses;

/** How a request with that fault is refused. */
export function responseTo(fault: StirFault): StirResponse {
  return responses[fault.name];
}

/** With these it came to a judgement. With the others nobody got so far. */
const judged: ReadonlySet<StirFaultName> = new Set(["certificate-refused", "signature-wrong"]);

/** Whether certificate or signature were judged and do not hold. */
export function isFailedValidation(fault: StirFault): boolean {
  return judged.has(fault.name);
}

export type Judged<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: StirFault };

export function faulty(name: StirFaultName, text: string): { readonly ok: false; readonly fault: StirFault } {
  return { ok: false, fault: { name, text } };
}
