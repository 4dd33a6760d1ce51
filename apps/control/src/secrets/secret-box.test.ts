import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { purposes, SealError, SecretBox } from "./secret-box.ts";

const key = Buffer.alloc(32, 7);

test("what was sealed opens again, for the same purpose", () => {
  const box = new SecretBox(key);
  for (const text of ["", "x", "pässword ☎", "a".repeat(10_000)]) {
    assert.equal(new SecretBox(key).open(box.seal(text, "p"), "p"), text);
  }
});

test("the sealed form is version, nonce, tag, ciphertext; the text does not stand in it; no nonce twice", () => {
  const box = new SecretBox(key);
  const sealed = box.seal("secret", "p");
  assert.equal(sealed[0], 1);
  assert.equal(sealed.length, 1 + 12 + 16 + 6);
  assert.equal(sealed.includes("secret"), false);
  assert.notDeepEqual(box.seal("secret", "p"), sealed);
  assert.notDeepEqual(box.seal("secret", "p").subarray(1, 13), sealed.subarray(1, 13));
});

test("another key, another purpose, any changed byte, a cut: nothing opens", () => {
  const sealed = new SecretBox(key).seal("secret", "p");
  assert.throws(() => new SecretBox(randomBytes(32)).open(sealed, "p"), SealError);
  assert.throws(() => new SecretBox(key).open(sealed, "q"), SealError);
  for (let place = 0; place < sealed.length; place += 1) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    assert.throws(() => new SecretBox(key).open(changed, "p"), SealError, `byte ${place}`);
  }
  for (const length of [0, 1, 28, 29, sealed.length - 1]) {
    assert.throws(
      () => new SecretBox(key).open(sealed.subarray(0, length), "p"),
      SealError,
      `${length} bytes`,
    );
  }
});

test("a key has 32 bytes", () => {
  assert.throws(() => new SecretBox(Buffer.alloc(31)), { message: "the key has 31 bytes, not 32" });
  assert.throws(() => new SecretBox(Buffer.alloc(33)), SealError);
});

test("purposes name the place", () => {
  assert.equal(purposes.ha1, "credentials.ha1");
  assert.equal(purposes.carrierPassword("KR1"), "carriers.password/KR1");
});
