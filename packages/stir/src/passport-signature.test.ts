import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { parsePassport, signingInputOf } from "./passport.ts";
import { isPassportKey, signatureHolds, signatureOf, whetherSignatureHolds } from "./passport-signature.ts";

/** Key and token of draft-ietf-stir-passport-05, Appendix A: of the RFC's own example no key fits the signature. */
const draftKey = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8HNbQd/TmvCKwPKHkMF9fScavGeH
78YTU8qLS8I5HLHSSmlATLcslQMhNC/OhlWBYC626nIlo7XeebYS7Sb37g==
-----END PUBLIC KEY-----`);
const draftInput =
  "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9" +
  ".eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6IjE0NDMyMDgzNDUiLCJvcmlnIjp7InRuIjoiMTIxNTU1NTEyMTIifX0";
const draftSignature =
  "rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F1VOgFWSjHBr8Qjpjlk-cpFYpFYsojNCpTzO3QfPOlckGaS6hEck7w";

test("somebody else's signature holds, and no bit of it may be another", () => {
  const signature = Buffer.from(draftSignature, "base64url");
  assert.equal(signatureHolds({ signingInput: draftInput, signature }, draftKey), true);
  for (let bit = 0; bit < signature.length * 8; bit += 7) {
    const flipped = Buffer.from(signature);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.equal(
      signatureHolds({ signingInput: draftInput, signature: flipped }, draftKey),
      false,
      `bit ${bit}`,
    );
  }
});

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const token = ownToken();

function ownToken(): string {
  const claims = { iat: 1, orig: { tn: "12155551212" }, dest: { tn: ["12155551213"], uri: [] } };
  const input = signingInputOf(
    { alg: "ES256", ppt: "shaken", x5u: "https://a.example/c.pem" },
    { ...claims, attest: "A", origid: "123e4567-e89b-12d3-a456-426655440000", div: undefined },
  );
  return `${input}.${signatureOf(input, privateKey)}`;
}

test("a token is refused with any of its bits flipped", () => {
  const isTaken = (text: string): boolean => {
    const read = parsePassport(text);
    return read.ok && signatureHolds(read.value, publicKey);
  };
  assert.equal(isTaken(token), true);
  const bytes = Buffer.from(token, "latin1");
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
      assert.equal(isTaken(flipped.toString("latin1")), false, `byte ${at}, bit ${bit}`);
    }
  }
});

test("the same on another thread", async () => {
  const read = parsePassport(token);
  assert.ok(read.ok);
  const { value } = read;
  const asked = (key: typeof publicKey): Promise<boolean> =>
    new Promise((resolve) => whetherSignatureHolds(value, key, resolve));
  assert.equal(await asked(publicKey), true);
  assert.equal(await asked(draftKey), false);
  assert.equal(await asked(otherCurve.publicKey), false);
});

const otherCurve = generateKeyPairSync("ec", { namedCurve: "P-384" });

test("keys for something else sign nothing and have signed nothing", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signature = Buffer.alloc(64);
  for (const pair of [otherCurve, rsa]) {
    assert.equal(isPassportKey(pair.publicKey), false);
    assert.throws(() => signatureOf("a.b", pair.privateKey), /none for ES256/);
    assert.equal(signatureHolds({ signingInput: "a.b", signature }, pair.publicKey), false);
  }
  assert.equal(isPassportKey(createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }))), true);
});
