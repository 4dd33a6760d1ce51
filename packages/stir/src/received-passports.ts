import { type IdentityHeader, parseIdentity } from "./identity-header.ts";
import { type Passport, parsePassport } from "./passport.ts";
import { passportAlgorithm } from "./passport-signature.ts";
import { faulty, type Judged, type StirFault } from "./stir-fault.ts";

/** A call that has more is not looked at: each costs a certificate and a signature. */
export const maximumIdentities = 8;

/**
 * The PASSporTs of SHAKEN and of diversions in the values of Identity, in their order. Extensions that are not known here are
 * passed over (RFC 8224 §6.2 step 1); of what is known one fault is enough.
 */
export function receivedPassports(identities: readonly string[]): Judged<readonly Passport[]> {
  if (identities.length === 0) return faulty("no-identity", "there is no Identity header field");
  if (identities.length > maximumIdentities)
    return faulty("malformed", `more than ${maximumIdentities} Identity header fields`);
  const received: Passport[] = [];
  for (const value of identities) {
    const identity = parseIdentity(value);
    if (!identity.ok) return identity;
    if (!isKnown(identity.value.ppt)) continue;
    if (identity.value.isCompact) return faulty("compact", "Identity: the compact form says no attestation");
    const passport = parsePassport(identity.value.token);
    if (!passport.ok) return passport;
    const fault = parameterFault(identity.value, passport.value);
    if (fault !== undefined) return { ok: false, fault };
    received.push(passport.value);
  }
  return { ok: true, value: received };
}

/** Without `ppt` nobody has to say what the PASSporT is: SHAKEN does (RFC 8588 §6). */
function isKnown(ppt: string | undefined): boolean {
  return ppt === undefined || ppt === "shaken" || ppt === "div";
}

function parameterFault({ info, alg, ppt }: IdentityHeader, { header }: Passport): StirFault | undefined {
  if (header.alg !== passportAlgorithm || (alg !== undefined && alg !== passportAlgorithm)) {
    return { name: "algorithm-unsupported", text: `Identity: only ${passportAlgorithm} is taken` };
  }
  if (ppt === undefined || ppt !== header.ppt)
    return { name: "parameter-mismatch", text: "Identity: ppt is not that of the PASSporT" };
  if (info !== header.x5u)
    return { name: "parameter-mismatch", text: "Identity: info is not x5u of the PASSporT" };
  return undefined;
}
