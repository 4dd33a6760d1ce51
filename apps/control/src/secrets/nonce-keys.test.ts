import assert from "node:assert/strict";
import { test } from "node:test";
import { firstNonceKeys, openNonceKeys, rotateNonceKeys, sealNonceKeys } from "./nonce-keys.ts";
import { SealError, SecretBox } from "./secret-box.ts";
import { isRotationDue, type StoredKey } from "./stored-keys.ts";

const box = new SecretBox(Buffer.alloc(32, 7));
const ids = (keys: readonly StoredKey[]) => keys.map((key) => key.id);

test("a new key signs, two old ones still verify", () => {
  let keys = firstNonceKeys(1000);
  assert.deepEqual(ids(keys), [1]);
  assert.match(keys[0]?.secret ?? "", /^[0-9a-f]{64}$/);
  const first = keys[0];
  keys = rotateNonceKeys(keys, 2000);
  assert.deepEqual(ids(keys), [2, 1]);
  assert.equal(keys[1], first);
  assert.equal(keys[0]?.createdAtMs, 2000);
  assert.notEqual(keys[0]?.secret, first?.secret);
  keys = rotateNonceKeys(rotateNonceKeys(keys, 3000), 4000);
  assert.deepEqual(ids(keys), [4, 3, 2]);
});

test("ids begin again after 255", () => {
  const key = { secret: "0".repeat(64), createdAtMs: 0 };
  assert.deepEqual(ids(rotateNonceKeys([{ ...key, id: 254 }], 0)), [255, 254]);
  assert.deepEqual(ids(rotateNonceKeys([{ ...key, id: 255 }], 0)), [1, 255]);
});

test("rotation is due when the signing key has lived its time", () => {
  const keys = rotateNonceKeys(firstNonceKeys(0), 5000);
  assert.equal(isRotationDue(keys, 5999, 1000), false);
  assert.equal(isRotationDue(keys, 6000, 1000), true);
});

test("keys are kept sealed", () => {
  const keys = firstNonceKeys(1);
  const sealed = sealNonceKeys(box, keys);
  assert.deepEqual(openNonceKeys(box, sealed), keys);
  assert.throws(() => openNonceKeys(new SecretBox(Buffer.alloc(32, 8)), sealed), SealError);
  assert.throws(() => openNonceKeys(box, sealNonceKeys(box, [])), /the keys are malformed/);
});
