import assert from "node:assert/strict";
import { test } from "node:test";
import { isUsableCrypto } from "./crypto-attribute.ts";

const key = `${"aB3+/"}`.repeat(8);

test("the suites and forms that are taken", () => {
  for (const value of [
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key}`,
    `2 AES_CM_128_HMAC_SHA1_32 inline:${key}`,
    `123456789 aes_cm_128_hmac_sha1_80 INLINE:${key}|2^20`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key}|1048576`,
    `1  AES_CM_128_HMAC_SHA1_80  inline:${key} WSH=64`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key} -NEW=1 `,
  ]) {
    assert.equal(isUsableCrypto(value), true, value);
  }
});

test("what is refused", () => {
  for (const value of [
    "",
    `AES_CM_128_HMAC_SHA1_80 inline:${key}`,
    `x AES_CM_128_HMAC_SHA1_80 inline:${key}`,
    `1 AES_256_CM_HMAC_SHA1_80 inline:${key}`,
    `1 NULL_HMAC_SHA1_80 inline:${key}`,
    "1 AES_CM_128_HMAC_SHA1_80",
    `1 AES_CM_128_HMAC_SHA1_80 ${key}`,
    `1 AES_CM_128_HMAC_SHA1_80 uri:${key}`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key.slice(1)}`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key}A`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key}|2^20|1:4`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key}|1:4`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key};inline:${key}`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key} UNENCRYPTED_SRTP`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key} UNAUTHENTICATED_SRTP`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key} KDR=1`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key} WSH=64 NEW=1`,
  ]) {
    assert.equal(isUsableCrypto(value), false, value);
  }
});
