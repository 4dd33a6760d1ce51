import type { KeyObject, X509Certificate } from "node:crypto";
import type { CanonicalNumber } from "./canonical-number.ts";
import { isPassportKey } from "./passport-signature.ts";
import { faulty, type Judged } from "./stir-fault.ts";
import { speaksFor, type TnAuthList, tnAuthListOf } from "./tn-auth-list.ts";

/** A certificate that may sign PASSporTs, from an authority that is trusted. */
export interface StiCertificate {
  readonly publicKey: KeyObject;
  readonly tnAuthList: TnAuthList;
  /** Within which the whole chain is valid, in milliseconds since 1970. */
  readonly validFromMs: number;
  readonly validToMs: number;
}

/** Certificates from the one that signs to one of a root, both included. */
export const maximumChainLength = 6;

/**
 * What a chain is worth: the certificate that signs first, its issuers in any order behind it (RFC 8226 §5). Each is issued by an
 * authority's key (RFC 5280 §6.1), up to one of the roots. Times are told, not judged: the chain is kept longer than a moment.
 * Whether a certificate was revoked is not asked.
 */
export function judgeChain(
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): Judged<StiCertificate> {
  const [leaf, ...intermediates] = chain;
  if (leaf === undefined) return refused("there is no certificate");
  if (chain.length > maximumChainLength) return refused(`more than ${maximumChainLength} certificates`);
  const { publicKey } = leaf;
  if (!isPassportKey(publicKey)) return refused("its key is none for ES256");
  const tnAuthList = tnAuthListOf(leaf.raw);
  if (tnAuthList === undefined) return refused("it has no TNAuthList that can be read (RFC 8226)");
  let validFromMs = leaf.validFromDate.getTime();
  let validToMs = leaf.validToDate.getTime();
  let current = leaf;
  for (let length = 1; length <= maximumChainLength; length++) {
    const root = roots.find((one) => hasIssued(one, current));
    const issuer = root ?? intermediates.find((one) => one !== current && hasIssued(one, current));
    if (issuer === undefined) return refused("no trusted root has issued it");
    validFromMs = Math.max(validFromMs, issuer.validFromDate.getTime());
    validToMs = Math.min(validToMs, issuer.validToDate.getTime());
    if (root !== undefined) return { ok: true, value: { publicKey, tnAuthList, validFromMs, validToMs } };
    current = issuer;
  }
  return refused("its chain leads to no root");
}

/** Whether the certificate may speak for that number at that time. */
export function judgeUse(
  certificate: StiCertificate,
  number: CanonicalNumber,
  nowMs: number,
): Judged<StiCertificate> {
  if (nowMs < certificate.validFromMs) return refused("it is not valid yet");
  if (nowMs > certificate.validToMs) return refused("it has ended");
  if (!speaksFor(certificate.tnAuthList, number)) return refused(`it does not speak for ${number}`);
  return { ok: true, value: certificate };
}

function hasIssued(authority: X509Certificate, certificate: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function refused(text: string): ReturnType<typeof faulty> {
  return faulty("certificate-refused", `certificate: ${text}`);
}
