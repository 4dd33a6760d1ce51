/** Secrets: sealing, HA1, signing keys, the key file. */
export {
  firstBackboneKeys,
  openBackboneKeys,
  rotateBackboneKeys,
  sealBackboneKeys,
} from "./backbone-keys.ts";
export { computeHa1 } from "./ha1.ts";
export { readKeyFile } from "./key-file.ts";
export { firstNonceKeys, openNonceKeys, rotateNonceKeys, sealNonceKeys } from "./nonce-keys.ts";
export { purposes, SealError, SecretBox } from "./secret-box.ts";
export { isRotationDue } from "./stored-keys.ts";
