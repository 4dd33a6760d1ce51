import { X509Certificate } from "node:crypto";

/** How much PEM is looked at. */
export interface PemLimits {
  readonly certificates: number;
  readonly characters: number;
}

/** Of a chain, or of the authorities that one customer trusts. A certificate of RSA 4096 has some 3,000 characters. */
export const pemLimits: PemLimits = { certificates: 16, characters: 65_536 };

/** Of a list of authorities as systems have them: some 150. */
export const authorityListLimits: PemLimits = { certificates: 1024, characters: 4 * 1024 * 1024 };

export type PemCertificates =
  | { readonly ok: true; readonly certificates: readonly X509Certificate[] }
  | { readonly ok: false; readonly error: string };

const begin = "-----BEGIN CERTIFICATE-----";
const end = "-----END CERTIFICATE-----";

/**
 * The certificates of a PEM text (RFC 7468), at least one. OpenSSL takes what it can read and keeps silent about the rest:
 * a list of authorities that was cut off would trust fewer, or nobody, and nobody would know. Here one bad block makes the
 * whole text bad. Text between the blocks is allowed (RFC 7468 §2), blocks of another kind are not.
 */
export function parseCertificates(text: string, limits: PemLimits = pemLimits): PemCertificates {
  if (text.length > limits.characters) return fault(`more than ${limits.characters} characters`);
  const kinds = [...text.matchAll(/-----BEGIN ([^-\r\n]*)-----/g)].map((match) => match[1] ?? "");
  const stranger = kinds.find((kind) => kind !== "CERTIFICATE");
  if (stranger !== undefined) return fault(`a block of ${stranger} among the certificates`);
  if (kinds.length === 0) return fault("no certificate in it");
  if (kinds.length > limits.certificates) return fault(`more than ${limits.certificates} certificates`);
  const certificates: X509Certificate[] = [];
  for (const [index, piece] of text.split(begin).slice(1).entries()) {
    const length = piece.indexOf(end);
    if (length === -1) return fault(`certificate ${index + 1} has no end`);
    try {
      certificates.push(new X509Certificate(`${begin}${piece.slice(0, length)}${end}\n`));
    } catch {
      return fault(`certificate ${index + 1} cannot be read`);
    }
  }
  return { ok: true, certificates };
}

function fault(error: string): PemCertificates {
  return { ok: false, error };
}
