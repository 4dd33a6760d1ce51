import type { Attestation } from "./passport-claims.ts";
import { isFailedValidation, type StirFault } from "./stir-fault.ts";

/** What a verification service found out of a call. */
export type Verification =
  | { readonly ok: true; readonly attestation: Attestation; readonly isDiverted: boolean }
  | {
      readonly ok: false;
      readonly fault: StirFault;
      /** What the PASSporT claims; undefined: nobody could read it. */
      readonly attestation: Attestation | undefined;
    };

/** `TN-Validation-Passed-A`, … : the value of X-Tandem-VerStat. */
export type VerStat =
  | "No-TN-Validation"
  | "TN-Validation-Failed"
  | `TN-Validation-${"Passed" | "Failed"}-${Attestation}${"" | "-Diverted"}`;

/**
 * The result in the words of ATIS-1000074, with the attestation behind it. A PASSporT that nobody could judge was not validated.
 */
export function verStatOf(verification: Verification): VerStat {
  const { attestation } = verification;
  if (verification.ok) {
    const suffix = verification.isDiverted ? "-Diverted" : "";
    return `TN-Validation-Passed-${verification.attestation}${suffix}`;
  }
  if (!isFailedValidation(verification.fault)) return "No-TN-Validation";
  return attestation === undefined ? "TN-Validation-Failed" : `TN-Validation-Failed-${attestation}`;
}
