import { keyPairFault, parseCertificates } from "@tandem/certificates";
import type { StirConfiguration } from "@tandem/contracts";
import { isPassportKey, tnAuthListOf } from "@tandem/stir";
import { authoritiesFault, type FollowedFiles, type TlsPart } from "../tls/tls-parts.ts";

/** Texts of the files, PEM all of them; undefined: they are not configured. */
export interface StirTexts {
  readonly privateKey: string | undefined;
  /** Roots of telephone certificates. */
  readonly authorities: string | undefined;
  /** For https to repositories. */
  readonly httpsAuthorities: string | undefined;
}

/** The files of STIR, followed as those of TLS are: the pair that signs, the roots, the authorities of repositories. */
export function stirFiles({ signing, verification }: StirConfiguration): FollowedFiles<StirTexts> {
  const parts: TlsPart[] = [];
  const pair = signing && part(parts, [signing.certificateFile, signing.privateKeyFile], signingFault);
  const roots = verification && part(parts, [verification.authoritiesFile], authoritiesFault);
  const httpsFile = verification?.httpsAuthoritiesFile;
  const https = httpsFile === undefined ? undefined : part(parts, [httpsFile], authoritiesFault);
  return {
    parts,
    shown: signing === undefined ? 0 : 1,
    valueOf: (texts) => ({
      privateKey: pair === undefined ? undefined : texts[pair]?.[1],
      authorities: roots === undefined ? undefined : texts[roots]?.[0],
      httpsAuthorities: https === undefined ? undefined : texts[https]?.[0],
    }),
  };
}

/** Returns its place among the parts. */
function part(parts: TlsPart[], files: readonly string[], faultOf: TlsPart["faultOf"]): number {
  return parts.push({ files, faultOf }) - 1;
}

/** A certificate that nobody would believe signs nothing. */
function signingFault([certificate = "", key = ""]: readonly string[]): string | undefined {
  const fault = keyPairFault(certificate, key);
  if (fault !== undefined) return fault;
  const parsed = parseCertificates(certificate);
  const [own] = parsed.ok ? parsed.certificates : [];
  if (own === undefined || !isPassportKey(own.publicKey)) return "the key is none for ES256 (P-256)";
  return tnAuthListOf(own.raw) === undefined
    ? "the certificate has no TNAuthList (RFC 8226): it speaks for no number"
    : undefined;
}
