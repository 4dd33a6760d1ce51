import { createPrivateKey, type KeyObject } from "node:crypto";
import { parseCertificates } from "./pem-certificates.ts";

/**
 * What is wrong with a certificate (its intermediates behind it) and its private key, both PEM; undefined: nothing. While
 * somebody writes the two files, one is new and the other old, or half there: both are a fault here.
 */
export function keyPairFault(certificate: string, key: string): string | undefined {
  const parsed = parseCertificates(certificate);
  if (!parsed.ok) return `certificate: ${parsed.error}`;
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    // What OpenSSL says may quote the file: it is a key.
    return "key: it cannot be read";
  }
  if (parsed.certificates[0]?.checkPrivateKey(privateKey) !== true)
    return "the key is not that of the certificate";
  return undefined;
}
