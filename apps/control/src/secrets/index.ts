/** Secrets: sealing, HA1, nonce keys, the key file. */
export { computeHa1 } from "./ha1.ts";
export { KeyFileError, readKeyFile } from "./key-file.ts";
export {
  firstNonceKeys,
  isRotationDue,
  openNonceKeys,
  rotateNonceKeys,
  type StoredNonceKey,
  sealNonceKeys,
} from "./nonce-keys.ts";
export { keyBytes, purposes, SealError, SecretBox } from "./secret-box.ts";
