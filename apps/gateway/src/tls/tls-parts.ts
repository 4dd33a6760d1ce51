import { createSecureContext } from "node:tls";
import { authorityListLimits, keyPairFault, parseCertificates } from "@tandem/certificates";
import type { GatewayConfiguration } from "@tandem/contracts";
import type { TlsOptions } from "@tandem/sip/transport";

export type TlsConfiguration = NonNullable<GatewayConfiguration["tls"]>;

/** Files that are good or bad together: a certificate with its key, or the authorities. */
export interface TlsPart {
  readonly files: readonly string[];
  /** What is wrong with their texts, in the order of `files`; undefined: nothing. */
  faultOf(texts: readonly string[]): string | undefined;
}

/** Files that are followed, and what they mean together. */
export interface FollowedFiles<T> {
  readonly parts: readonly TlsPart[];
  /** How many parts, from the first on, hold a certificate that others are shown: whose end is watched. */
  readonly shown: number;
  /** @param texts of the parts, each in the order of its files */
  valueOf(texts: readonly (readonly string[])[]): T;
}

export function tlsFiles(tls: TlsConfiguration): FollowedFiles<TlsOptions> {
  return {
    parts: tlsPartsOf(tls),
    shown: tls.certificates.length,
    valueOf: (texts) => tlsOptionsOf(tls, texts),
  };
}

/** The parts in the order that `tlsOptionsOf` takes their texts. */
function tlsPartsOf(tls: TlsConfiguration): readonly TlsPart[] {
  const pairs = [
    ...tls.certificates,
    ...(tls.clientCertificate === undefined ? [] : [tls.clientCertificate]),
  ];
  const parts: TlsPart[] = pairs.map(({ certificateFile, keyFile }) => ({
    files: [certificateFile, keyFile],
    faultOf: ([certificate = "", key = ""]) => pairFault(certificate, key),
  }));
  if (tls.authoritiesFile !== undefined)
    parts.push({ files: [tls.authoritiesFile], faultOf: authoritiesFault });
  return parts;
}

function tlsOptionsOf(tls: TlsConfiguration, texts: readonly (readonly string[])[]): TlsOptions {
  const pairOf = (index: number): { certificate: string; key: string } => {
    const [certificate = "", key = ""] = texts[index] ?? [];
    return { certificate, key };
  };
  const { length } = tls.certificates;
  return {
    certificates: tls.certificates.map(({ serverNames }, index) => ({ serverNames, ...pairOf(index) })),
    ...(tls.clientCertificate === undefined ? {} : { clientCertificate: pairOf(length) }),
    ...(tls.authoritiesFile === undefined ? {} : { authorities: texts[texts.length - 1]?.[0] ?? "" }),
    ...(tls.verifyPeers === undefined ? {} : { verifyPeers: tls.verifyPeers }),
  };
}

function pairFault(certificate: string, key: string): string | undefined {
  const fault = keyPairFault(certificate, key);
  if (fault !== undefined) return fault;
  try {
    createSecureContext({ cert: certificate, key });
    return undefined;
  } catch (error) {
    // A pair that fits, and is too weak to be served with.
    return error instanceof Error ? error.message : String(error);
  }
}

/** OpenSSL would trust those that it can read, and say nothing. */
export function authoritiesFault([text = ""]: readonly string[]): string | undefined {
  const parsed = parseCertificates(text, authorityListLimits);
  return parsed.ok ? undefined : `authorities: ${parsed.error}`;
}
