import type { X509Certificate } from "node:crypto";
import { sipDomainsOf } from "./sip-domains.ts";

export interface WantedClient {
  /** One of them has issued the client's certificate, or is that certificate itself. */
  readonly authorities: readonly X509Certificate[];
  /** The certificate speaks for one of these, in lower case; empty: for whomever. */
  readonly names: readonly string[];
}

export type ClientVerdict =
  /** Good from and until these moments of the Unix epoch. */
  | { readonly ok: true; readonly validFromMs: number; readonly validToMs: number }
  | { readonly ok: false; readonly text: string };

/** Of an extended key usage one of these must be there (RFC 5280 §4.2.1.12, RFC 5924 §4). */
const clientUsages: ReadonlySet<string> = new Set([
  // clientAuth, sipDomain, anyExtendedKeyUsage
  "1.3.6.1.5.5.7.3.2",
  "1.3.6.1.5.5.7.3.20",
  "2.5.29.37.0",
]);

/**
 * Whether a client's certificate is one that is wanted. That the client has its key is proved by the handshake.
 *
 * Only an authority that is named issues: intermediates that the client sends are not followed, so there is no path to build
 * and none to get wrong. Who has an intermediate names it beside the root, or in its place.
 */
export function judgeClient(certificate: X509Certificate, wanted: WantedClient): ClientVerdict {
  const issuers = wanted.authorities.filter((authority) => hasIssued(authority, certificate));
  if (issuers.length === 0) {
    return refused(
      `${nameOf(certificate)} is of none of the authorities: ${issuerOf(certificate)} has issued it`,
    );
  }
  const usages = certificate.keyUsage as readonly string[] | undefined;
  if (usages !== undefined && !usages.some((usage) => clientUsages.has(usage))) {
    return refused(
      `${nameOf(certificate)} is not for clients: its extended key usage has neither clientAuth nor sipDomain`,
    );
  }
  if (wanted.names.length > 0) {
    const domains = sipDomainsOf(certificate.subjectAltName);
    if (!domains.some((domain) => wanted.names.includes(domain))) {
      const names = domains.length === 0 ? "no domain" : domains.join(", ");
      return refused(`${nameOf(certificate)} speaks for ${names}, not for ${wanted.names.join(" or ")}`);
    }
  }
  const longest = issuers.reduce((best, one) => (one.validToDate > best.validToDate ? one : best));
  return {
    ok: true,
    validFromMs: Math.max(certificate.validFromDate.getTime(), longest.validFromDate.getTime()),
    validToMs: Math.min(certificate.validToDate.getTime(), longest.validToDate.getTime()),
  };
}

function hasIssued(authority: X509Certificate, certificate: X509Certificate): boolean {
  if (authority.raw.equals(certificate.raw)) return true;
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function refused(text: string): ClientVerdict {
  return { ok: false, text };
}

/** Longest part of a name that somebody else wrote and a log shows. */
const shownCharacters = 100;

function nameOf({ subject, serialNumber }: X509Certificate): string {
  return `the certificate ${oneLine(subject) || serialNumber}`;
}

function issuerOf({ issuer }: X509Certificate): string {
  return oneLine(issuer) || "somebody without a name";
}

function oneLine(text: string | undefined): string {
  return (text ?? "")
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim()
    .slice(0, shownCharacters);
}
