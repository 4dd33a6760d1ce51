/** Keys of the digest nonces. The first signs, the others still verify nonces that were given before a rotation. */
import { purposes, type SecretBox } from "./secret-box.ts";
import { createKey, idAfter, openKeys, type StoredKey, sealKeys } from "./stored-keys.ts";

const keptKeys = 3;

export function firstNonceKeys(nowMs: number): readonly StoredKey[] {
  return [createKey(1, nowMs)];
}

/** A new key in front; the oldest goes when there are more than three. */
export function rotateNonceKeys(keys: readonly StoredKey[], nowMs: number): readonly StoredKey[] {
  return [createKey(idAfter(keys[0]), nowMs), ...keys].slice(0, keptKeys);
}

export function sealNonceKeys(box: SecretBox, keys: readonly StoredKey[]): Buffer {
  return sealKeys(box, keys, purposes.nonceKeys);
}

/** Throws a `SealError`. */
export function openNonceKeys(box: SecretBox, sealed: Uint8Array): readonly StoredKey[] {
  return openKeys(box, sealed, purposes.nonceKeys);
}
