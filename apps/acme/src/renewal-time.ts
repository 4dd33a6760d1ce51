import type { X509Certificate } from "node:crypto";
import { keyPairFault, parseCertificates } from "@tandem/certificates";

/** A pair as it stands on the disk; undefined: there is none. */
export interface CertificatePair {
  readonly certificate: string;
  readonly key: string;
}

const firstRetryMs = 60_000;
const lastRetryMs = 6 * 3600 * 1000;

/**
 * When a new certificate is wanted, in milliseconds of the Unix epoch: at two thirds of the life of the one there is; at once
 * (0) when there is none that is good, or it has other names.
 */
export function renewalTime(pair: CertificatePair | undefined, domains: readonly string[]): number {
  if (pair === undefined || keyPairFault(pair.certificate, pair.key) !== undefined) return 0;
  const parsed = parseCertificates(pair.certificate);
  const leaf = parsed.ok ? parsed.certificates[0] : undefined;
  if (leaf === undefined || !hasNames(leaf, domains)) return 0;
  const fromMs = leaf.validFromDate.getTime();
  return Math.floor(fromMs + ((leaf.validToDate.getTime() - fromMs) * 2) / 3);
}

/** How long to wait after that many failures in a row: a minute, twice as long each time, at most six hours. */
export function retryDelayMs(failures: number): number {
  return Math.min(lastRetryMs, firstRetryMs * 2 ** Math.max(0, failures - 1));
}

function hasNames({ subjectAltName = "" }: X509Certificate, domains: readonly string[]): boolean {
  const names = subjectAltName.toLowerCase().split(", ");
  return domains.every((domain) => names.includes(`dns:${domain}`));
}
