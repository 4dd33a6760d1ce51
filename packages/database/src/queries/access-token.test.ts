import assert from "node:assert/strict";
import { test } from "node:test";
import { accessTokenMatches, createAccessToken, hashAccessToken } from "./access-token.ts";

test("a token matches its own hash only", () => {
  const token = createAccessToken();
  assert.match(token, /^[0-9a-f]{32}$/);
  assert.equal(
    hashAccessToken("abc"),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "SHA-256 of FIPS 180-2",
  );
  assert.notEqual(createAccessToken(), token);
  assert.equal(accessTokenMatches(token, hashAccessToken(token)), true);
  assert.equal(accessTokenMatches(`${token}0`, hashAccessToken(token)), false);
  assert.equal(accessTokenMatches(token, hashAccessToken(createAccessToken())), false);
  assert.equal(accessTokenMatches(token, ""), false);
  assert.equal(accessTokenMatches(token, "zz"), false);
});

test("without a stored hash nothing matches, not even nothing", () => {
  assert.equal(accessTokenMatches("", undefined), false);
  assert.equal(accessTokenMatches("x", undefined), false);
});
