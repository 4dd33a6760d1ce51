/** Secrets: sealing, HA1, nonce keys, the key file. */
export { computeHa1 } from "./ha1.ts";
export { readKeyFile } from "./key-file.ts";
export {
  firstNonceKeys,
  isRotationDue,
  openNonceKeys,
  rotateNonceKeys,
  sealNonceKeys,
} from "./nonce-keys.ts";
export { purposes, SealError, SecretBox } from "./secret-box.ts";
