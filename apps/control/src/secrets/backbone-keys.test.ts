import assert from "node:assert/strict";
import { test } from "node:test";
import {
  firstBackboneKeys,
  openBackboneKeys,
  rotateBackboneKeys,
  sealBackboneKeys,
} from "./backbone-keys.ts";
import { openNonceKeys } from "./nonce-keys.ts";
import { SealError, SecretBox } from "./secret-box.ts";
import { isRotationDue, type StoredKey } from "./stored-keys.ts";

const box = new SecretBox(Buffer.alloc(32, 7));
const ids = (keys: readonly StoredKey[]) => keys.map((key) => key.id);

test("a key is known for one lifetime before it signs, and for one after", () => {
  let keys = firstBackboneKeys(0);
  assert.deepEqual(ids(keys), [1, 2]);
  assert.notEqual(keys[0]?.secret, keys[1]?.secret);
  assert.match(keys[1]?.secret ?? "", /^[0-9a-f]{64}$/);
  const next = keys[1];
  keys = rotateBackboneKeys(keys, 1000);
  assert.deepEqual(ids(keys), [2, 3, 1]);
  assert.equal(keys[0], next);
  keys = rotateBackboneKeys(keys, 2000);
  assert.deepEqual(ids(keys), [3, 4, 2]);
  assert.deepEqual(
    keys.map((key) => key.createdAtMs),
    [1000, 2000, 0],
  );
});

test("ids begin again after 255, and a lone key signs on while its successor becomes known", () => {
  const key = { secret: "0".repeat(64), createdAtMs: 0 };
  assert.deepEqual(
    ids(
      rotateBackboneKeys(
        [
          { ...key, id: 254 },
          { ...key, id: 255 },
        ],
        0,
      ),
    ),
    [255, 1, 254],
  );
  assert.deepEqual(ids(rotateBackboneKeys([{ ...key, id: 7 }], 0)), [7, 8]);
});

test("a rotation is due when the youngest key has lived its time, not the one that signs", () => {
  const keys = rotateBackboneKeys(firstBackboneKeys(0), 5000);
  assert.equal(isRotationDue(keys, 5999, 1000), false);
  assert.equal(isRotationDue(keys, 6000, 1000), true);
});

test("keys are sealed for their own purpose", () => {
  const keys = firstBackboneKeys(1);
  const sealed = sealBackboneKeys(box, keys);
  assert.deepEqual(openBackboneKeys(box, sealed), keys);
  assert.throws(() => openNonceKeys(box, sealed), SealError);
  assert.throws(() => openBackboneKeys(box, sealBackboneKeys(box, [])), /the keys are malformed/);
});
