import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { base64url } from "./base64url.ts";
import { maximumPassportPartBytes, parsePassport, signingInputOf } from "./passport.ts";
import { maximumDestinations, type PassportClaims } from "./passport-claims.ts";

const signature = "A".repeat(85).concat("Q");

/** RFC 8225 Appendix A, without its signature: no key of the appendix made it. */
const rfc8225 =
  "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nwb3J0LmNlciJ9" +
  ".eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6MTQ3MTM3NTQxOCwib3JpZyI6eyJ0biI6IjEyMTU1NTUxMjEyIn19";

const plain: PassportClaims = {
  iat: 1471375418,
  orig: { tn: "12155551212" },
  dest: { tn: [], uri: ["sip:alice@example.com"] },
  attest: undefined,
  origid: undefined,
  div: undefined,
};

test("the example of RFC 8225 is written byte for byte, and read", () => {
  const header = { alg: "ES256", ppt: undefined, x5u: "https://cert.example.org/passport.cer" };
  assert.equal(signingInputOf(header, plain), rfc8225);
  const read = parsePassport(`${rfc8225}.${signature}`);
  assert.ok(read.ok);
  assert.deepEqual(read.value.header, header);
  assert.deepEqual(read.value.claims, plain);
  assert.equal(read.value.signingInput, rfc8225);
});

/** The claims of RFC 8588 §3 and of RFC 8946 §4.1, as their canonical form. */
const examples: [rfc: string, header: object, payload: object][] = [
  [
    "RFC 8588",
    { alg: "ES256", ppt: "shaken", typ: "passport", x5u: "https://cert.example.org/passport.cer" },
    {
      attest: "A",
      dest: { tn: ["12125551213"] },
      iat: 1443208345,
      orig: { tn: "12155551212" },
      origid: "123e4567-e89b-12d3-a456-426655440000",
    },
  ],
  [
    "RFC 8946",
    { alg: "ES256", ppt: "div", typ: "passport", x5u: "https://www.example.com/cert.cer" },
    {
      dest: { tn: ["12155551214"] },
      div: { tn: "12155551213" },
      iat: 1443208345,
      orig: { tn: "12155551212" },
    },
  ],
];
for (const [rfc, header, payload] of examples) {
  test(`the claims of ${rfc} are read, and written with the same bytes`, () => {
    const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
    const read = parsePassport(`${input}.${signature}`);
    assert.ok(read.ok);
    assert.equal(signingInputOf(read.value.header, read.value.claims), input);
  });
}

const header = { alg: "ES256", ppt: "shaken", typ: "passport", x5u: "https://a/c" };
const payload = { attest: "A", dest: { tn: ["1"] }, iat: 1, orig: { tn: "2" } };
const faults: [what: string, header: unknown, payload: unknown][] = [
  ["another type", { ...header, typ: "JWT" }, payload],
  ["no x5u", { ...header, x5u: undefined }, payload],
  ["something critical (RFC 7515 §4.1.11)", { ...header, crit: ["x"] }, payload],
  ["ppt as a number", { ...header, ppt: 1 }, payload],
  ["a list for a header", [header], payload],
  ["no iat", header, { ...payload, iat: undefined }],
  ["iat as text", header, { ...payload, iat: "1443208345" }],
  ["iat with a fraction", header, { ...payload, iat: 1.5 }],
  ["iat before 1970", header, { ...payload, iat: -1 }],
  ["no orig", header, { ...payload, orig: undefined }],
  ["two callers", header, { ...payload, orig: { tn: "2", uri: "sip:a@b" } }],
  ["a caller with a plus", header, { ...payload, orig: { tn: "+2" } }],
  ["a list of callers", header, { ...payload, orig: { tn: ["2"] } }],
  ["no dest", header, { ...payload, dest: undefined }],
  ["a dest with nobody", header, { ...payload, dest: { tn: [] } }],
  ["a dest that is no list", header, { ...payload, dest: { tn: "1" } }],
  ["an attestation D", header, { ...payload, attest: "D" }],
  ["an origid that is no UUID", header, { ...payload, origid: "x" }],
  ["a div with a list", header, { ...payload, div: { tn: ["1"] } }],
  ["null for claims", header, null],
];
for (const [what, one, other] of faults) {
  test(`PASSporT with ${what}`, () => {
    const read = parsePassport(
      `${base64url(JSON.stringify(one))}.${base64url(JSON.stringify(other))}.${signature}`,
    );
    assert.ok(!read.ok);
    assert.equal(read.fault.name, "malformed");
  });
}

test("no JSON, no UTF-8, no base64url, a signature of another length", () => {
  const [head = "", claims = ""] = rfc8225.split(".");
  const broken = Buffer.from([0x7b, 0xff, 0x7d]).toString("base64url");
  for (const token of [
    `${base64url("{")}.${claims}.${signature}`,
    `${broken}.${claims}.${signature}`,
    `${head}=.${claims}.${signature}`,
    `${head}.${claims}.${signature.slice(4)}`,
    `${head}.${claims}.${signature}AAAA`,
    `${head}.${claims}.${signature}.${signature}`,
    "",
  ]) {
    assert.equal(parsePassport(token).ok, false, token);
  }
});

function withDestinations(count: number): string {
  const claims = { ...payload, dest: { tn: Array.from({ length: count }, () => "1") } };
  return `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}.${signature}`;
}

test("as many destinations and bytes as the limits, and one more", () => {
  assert.equal(parsePassport(withDestinations(maximumDestinations)).ok, true);
  assert.equal(parsePassport(withDestinations(maximumDestinations + 1)).ok, false);
  const padded = (bytes: number): string => {
    const text = JSON.stringify({ ...payload, unknown: "" });
    const filled = text.replace('""', `"${"x".repeat(bytes - text.length)}"`);
    return `${base64url(JSON.stringify(header))}.${base64url(filled)}.${signature}`;
  };
  assert.equal(parsePassport(padded(maximumPassportPartBytes)).ok, true);
  assert.equal(parsePassport(padded(maximumPassportPartBytes + 1)).ok, false);
});

test("any JSON for header and claims is read or refused, and what is read is written so that it is read again", () => {
  const keys = ["alg", "attest", "dest", "div", "iat", "orig", "origid", "ppt", "tn", "typ", "uri", "x5u"];
  const members = (base: object) =>
    fc
      .tuple(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), fc.constantFrom("1", ["1"], { tn: "1" }, 7)))
      .map(([key, value]) => ({ ...base, [key]: value }));
  fc.assert(
    fc.property(members(header), members(payload), (one, other) => {
      const read = parsePassport(
        `${base64url(JSON.stringify(one))}.${base64url(JSON.stringify(other))}.${signature}`,
      );
      if (!read.ok) return;
      const { header: head, claims } = read.value;
      const again = parsePassport(`${signingInputOf(head, claims)}.${signature}`);
      assert.ok(again.ok);
      assert.deepEqual([again.value.header, again.value.claims], [head, claims]);
    }),
    { numRuns: 2000 },
  );
});
