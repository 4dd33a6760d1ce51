/** Keys of the digest nonces. The first signs, the others still verify nonces that were given before a rotation. */
import { randomBytes } from "node:crypto";
import { NonceKey, type Validation, validator } from "@tandem/contracts";
import Type, { type Static } from "typebox";
import { purposes, SealError, type SecretBox } from "./secret-box.ts";

/** A nonce key and its birth, as they are kept in the database. */
const StoredNonceKey = Type.Object({ ...NonceKey.properties, createdAtMs: Type.Number() });
export type StoredNonceKey = Static<typeof StoredNonceKey>;

const keptKeys = 3;
const largestId = 255;
const validateKeys: (value: unknown) => Validation<StoredNonceKey[]> = validator(
  Type.Array(StoredNonceKey, { minItems: 1 }),
);

export function firstNonceKeys(nowMs: number): readonly StoredNonceKey[] {
  return [createKey(1, nowMs)];
}

/** A new key in front; the oldest goes when there are more than three. Ids run from 1 to 255 and begin again. */
export function rotateNonceKeys(keys: readonly StoredNonceKey[], nowMs: number): readonly StoredNonceKey[] {
  const id = ((keys[0]?.id ?? 0) % largestId) + 1;
  return [createKey(id, nowMs), ...keys].slice(0, keptKeys);
}

/** Whether the signing key is as old as `lifetimeMs`. */
export function isRotationDue(keys: readonly StoredNonceKey[], nowMs: number, lifetimeMs: number): boolean {
  return nowMs - (keys[0]?.createdAtMs ?? 0) >= lifetimeMs;
}

export function sealNonceKeys(box: SecretBox, keys: readonly StoredNonceKey[]): Buffer {
  return box.seal(JSON.stringify(keys), purposes.nonceKeys);
}

/** Throws a `SealError`. */
export function openNonceKeys(box: SecretBox, sealed: Uint8Array): readonly StoredNonceKey[] {
  const keys = validateKeys(JSON.parse(box.open(sealed, purposes.nonceKeys)));
  if (!keys.ok) throw new SealError(`the nonce keys are malformed: ${keys.error}`);
  return keys.value;
}

function createKey(id: number, nowMs: number): StoredNonceKey {
  return { id, secret: randomBytes(32).toString("hex"), createdAtMs: nowMs };
}
