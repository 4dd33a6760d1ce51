import assert from "node:assert/strict";
import { test } from "node:test";
import { NonceIssuer } from "./nonce-issuer.ts";

const key = (id: number) => ({ id, secret: id.toString(16).padStart(2, "0").repeat(32) });
const nowMs = 1_750_000_000_123;

test("a nonce is 48 url-safe characters and tells when it was issued", () => {
  const issuer = new NonceIssuer("gw1", [key(1)]);
  const nonce = issuer.issue(nowMs);
  assert.match(nonce, /^[A-Za-z0-9_-]{48}$/);
  assert.equal(issuer.issuedAtMs(nonce), nowMs);
  assert.equal(issuer.issuedAtMs(issuer.issue(nowMs + 0.9)), nowMs);
  assert.notEqual(issuer.issue(nowMs), nonce);
});

test("not one of its bytes can be changed", () => {
  const issuer = new NonceIssuer("gw1", [key(1), key(2)]);
  const bytes = Buffer.from(issuer.issue(nowMs), "base64url");
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.equal(issuer.issuedAtMs(changed.toString("base64url")), undefined, `byte ${index}`);
  }
});

test("what is no nonce of ours", () => {
  const issuer = new NonceIssuer("gw1", [key(1)]);
  const nonce = issuer.issue(nowMs);
  for (const other of [
    "",
    "x",
    nonce.slice(1),
    `${nonce}A`,
    `${nonce.slice(0, 47)}=`,
    `${nonce.slice(0, 47)}~`,
  ]) {
    assert.equal(issuer.issuedAtMs(other), undefined, other);
  }
  assert.equal(new NonceIssuer("gw2", [key(1)]).issuedAtMs(nonce), undefined);
});

test("only one text stands for a nonce", () => {
  const issuer = new NonceIssuer("gw1", [key(1)]);
  let nonce = issuer.issue(nowMs);
  while (!nonce.includes("-")) nonce = issuer.issue(nowMs);
  assert.equal(issuer.issuedAtMs(nonce), nowMs);
  assert.equal(issuer.issuedAtMs(nonce.replaceAll("-", "+")), undefined);
  while (!nonce.includes("_")) nonce = issuer.issue(nowMs);
  assert.equal(issuer.issuedAtMs(nonce.replaceAll("_", "/")), undefined);
});

test("keys rotate: the first signs, the others verify, what has gone does not", () => {
  const issuer = new NonceIssuer("gw1", [key(1)]);
  const first = issuer.issue(nowMs);
  issuer.setKeys([key(2), key(1)]);
  const second = issuer.issue(nowMs);
  assert.equal(Buffer.from(second, "base64url")[1], 2);
  assert.equal(issuer.issuedAtMs(first), nowMs);
  assert.equal(issuer.issuedAtMs(second), nowMs);
  issuer.setKeys([key(2)]);
  assert.equal(issuer.issuedAtMs(first), undefined);
  assert.equal(issuer.issuedAtMs(second), nowMs);
  issuer.setKeys([{ id: 2, secret: "77".repeat(32) }]);
  assert.equal(issuer.issuedAtMs(second), undefined, "same id, other secret");
});

test("unusable keys are refused", () => {
  for (const keys of [
    [],
    [{ id: 0, secret: "aa".repeat(32) }],
    [{ id: 256, secret: "aa".repeat(32) }],
    [{ id: 1.5, secret: "aa".repeat(32) }],
    [{ id: 1, secret: "aa".repeat(15) }],
    [{ id: 1, secret: `${"aa".repeat(31)}zz` }],
    [{ id: 1, secret: `${"aa".repeat(32)}a` }],
  ]) {
    assert.throws(() => new NonceIssuer("gw1", keys), RangeError);
  }
  const issuer = new NonceIssuer("gw1", [{ id: 255, secret: "aa".repeat(16) }]);
  const nonce = issuer.issue(nowMs);
  assert.throws(() => issuer.setKeys([]), RangeError);
  assert.equal(issuer.issuedAtMs(nonce), nowMs, "the old keys stay");
});
