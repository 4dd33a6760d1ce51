/** Signing keys as they are kept in the database: sealed, each with its birth. */
import { randomBytes } from "node:crypto";
import { NonceKey, type Validation, validator } from "@tandem/contracts";
import Type, { type Static } from "typebox";
import { SealError, type SecretBox } from "./secret-box.ts";

/** A nonce key or backbone key and its birth. */
const StoredKey = Type.Object({ ...NonceKey.properties, createdAtMs: Type.Number() });
export type StoredKey = Static<typeof StoredKey>;

const largestId = 255;
const validateKeys: (value: unknown) => Validation<StoredKey[]> = validator(
  Type.Array(StoredKey, { minItems: 1 }),
);

export function createKey(id: number, nowMs: number): StoredKey {
  return { id, secret: randomBytes(32).toString("hex"), createdAtMs: nowMs };
}

/** Ids run from 1 to 255 and begin again. */
export function idAfter(key: StoredKey | undefined): number {
  return ((key?.id ?? 0) % largestId) + 1;
}

/** Whether the youngest key is as old as `lifetimeMs`. */
export function isRotationDue(keys: readonly StoredKey[], nowMs: number, lifetimeMs: number): boolean {
  const youngestMs = Math.max(0, ...keys.map((key) => key.createdAtMs));
  return nowMs - youngestMs >= lifetimeMs;
}

export function sealKeys(box: SecretBox, keys: readonly StoredKey[], purpose: string): Buffer {
  return box.seal(JSON.stringify(keys), purpose);
}

/** Throws a `SealError`. */
export function openKeys(box: SecretBox, sealed: Uint8Array, purpose: string): readonly StoredKey[] {
  const keys = validateKeys(JSON.parse(box.open(sealed, purpose)));
  if (!keys.ok) throw new SealError(`${purpose}: the keys are malformed: ${keys.error}`);
  return keys.value;
}
