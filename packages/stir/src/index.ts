/**
 * PASSporT and the Identity header field (RFC 8224, 8225, 8226, 8588, 8946): written, read, signed, judged. Pure; nothing throws
 * but a wrong key of ours.
 */
export { type CanonicalNumber, canonicalNumber } from "./canonical-number.ts";
export { certificatePorts, certificateUrlFault } from "./certificate-url.ts";
export { originationId } from "./origination-id.ts";
export {
  type CallFacts,
  type ChosenChain,
  type ClaimedPassport,
  chooseChain,
  type PassportChain,
} from "./passport-chain.ts";
export type { Attestation } from "./passport-claims.ts";
export { isPassportKey, whetherSignatureHolds } from "./passport-signature.ts";
export { divIdentity, type SignedCall, type Signer, shakenIdentity } from "./signed-identity.ts";
export { judgeChain, judgeUse, maximumChainLength, type StiCertificate } from "./sti-certificate.ts";
export { faulty, type Judged, responseTo, type StirFault } from "./stir-fault.ts";
export { tnAuthListOf } from "./tn-auth-list.ts";
export { type Verification, type VerStat, verStatOf } from "./ver-stat.ts";
