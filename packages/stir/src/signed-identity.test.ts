import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { CanonicalNumber } from "./canonical-number.ts";
import { parseIdentity } from "./identity-header.ts";
import { parsePassport } from "./passport.ts";
import { signatureHolds } from "./passport-signature.ts";
import { divIdentity, shakenIdentity } from "./signed-identity.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const signer = { privateKey, certificateUrl: "https://certificates.example/1234.pem" };
const call = {
  attestation: "A",
  origid: "123e4567-e89b-12d3-a456-426655440000",
  callingNumber: "12155551212" as CanonicalNumber,
  calledNumber: "12155551213" as CanonicalNumber,
  iat: 1_443_208_345,
} as const;

test("what SHAKEN signs, and how it stands in the header field", () => {
  const value = shakenIdentity(signer, call);
  assert.match(value, /;info=<https:\/\/certificates\.example\/1234\.pem>;alg=ES256;ppt="shaken"$/);
  const identity = parseIdentity(value);
  assert.ok(identity.ok);
  const passport = parsePassport(identity.value.token);
  assert.ok(passport.ok);
  assert.equal(signatureHolds(passport.value, publicKey), true);
  const payload = Buffer.from(identity.value.token.split(".")[1] ?? "", "base64url").toString();
  assert.equal(
    payload,
    '{"attest":"A","dest":{"tn":["12155551213"]},"iat":1443208345,"orig":{"tn":"12155551212"},"origid":"123e4567-e89b-12d3-a456-426655440000"}',
  );
});

test("a diversion has no attestation of its own (RFC 8946 §4)", () => {
  const identity = parseIdentity(divIdentity(signer, call, "12155551299" as CanonicalNumber));
  assert.ok(identity.ok);
  assert.equal(identity.value.ppt, "div");
  const payload = Buffer.from(identity.value.token.split(".")[1] ?? "", "base64url").toString();
  assert.equal(
    payload,
    '{"dest":{"tn":["12155551213"]},"div":{"tn":"12155551299"},"iat":1443208345,"orig":{"tn":"12155551212"}}',
  );
});

test("openssl says so too", () => {
  const [input = "", signature = ""] = split(shakenIdentity(signer, call));
  const directory = mkdtempSync(join(tmpdir(), "tandem-passport-"));
  try {
    const at = (name: string, content: string | Buffer): string => {
      writeFileSync(join(directory, name), content);
      return join(directory, name);
    };
    const key = at("key.pem", createPublicKey(privateKey).export({ format: "pem", type: "spki" }));
    const der = at("signature.der", derSignature(Buffer.from(signature, "base64url")));
    const said = execFileSync("openssl", [
      "dgst",
      "-sha256",
      "-verify",
      key,
      "-signature",
      der,
      at("input", input),
    ]);
    assert.equal(said.toString().trim(), "Verified OK");
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function split(value: string): readonly string[] {
  const token = value.split(";")[0] ?? "";
  const at = token.lastIndexOf(".");
  return [token.slice(0, at), token.slice(at + 1)];
}

/** r and s as openssl wants them: a sequence of two integers. */
function derSignature(raw: Buffer): Buffer {
  const integer = (bytes: Buffer): Buffer => {
    const start = bytes.findIndex((byte) => byte !== 0);
    const digits = bytes.subarray(start);
    const value = digits.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
    return Buffer.concat([Buffer.of(2, value.length), value]);
  };
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}
