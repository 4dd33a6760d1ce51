/**
 * Keys of the backbone and of heartbeats: the first signs, the second will sign after the next rotation, the third
 * signed before it. A key is thus known everywhere one lifetime before it signs, and for one lifetime after: a gateway
 * that is cut off from control for less than that still understands its sisters, and they it.
 */
import { purposes, type SecretBox } from "./secret-box.ts";
import { createKey, idAfter, openKeys, type StoredKey, sealKeys } from "./stored-keys.ts";

export function firstBackboneKeys(nowMs: number): readonly StoredKey[] {
  return [createKey(1, nowMs), createKey(2, nowMs)];
}

export function rotateBackboneKeys(keys: readonly StoredKey[], nowMs: number): readonly StoredKey[] {
  const [signing, next] = keys;
  const fresh = createKey(idAfter(next ?? signing), nowMs);
  return [next, ...(next === undefined ? [signing, fresh] : [fresh, signing])].filter(
    (key) => key !== undefined,
  );
}

export function sealBackboneKeys(box: SecretBox, keys: readonly StoredKey[]): Buffer {
  return sealKeys(box, keys, purposes.backboneKeys);
}

/** Throws a `SealError`. */
export function openBackboneKeys(box: SecretBox, sealed: Uint8Array): readonly StoredKey[] {
  return openKeys(box, sealed, purposes.backboneKeys);
}
