import assert from "node:assert/strict";
import { before, test } from "node:test";
import { parseCertificates, pemLimits } from "./pem-certificates.ts";
import { TestAuthority } from "./testing/index.ts";

let one: string;
before(async () => {
  one = (await TestAuthority.create("one")).certificate;
});

test("all certificates of a text, with what stands between them", () => {
  const parsed = parseCertificates(`# our authority\n${one}and again\r\n${one.replaceAll("\n", "\r\n")}`);
  assert.ok(parsed.ok);
  assert.deepEqual(
    parsed.certificates.map(({ subject }) => subject),
    ["CN=one", "CN=one"],
  );
});

const faults: [what: string, text: () => string, error: RegExp][] = [
  ["nothing", () => "", /^no certificate/],
  ["no PEM", () => "garbage", /^no certificate/],
  ["cut off within the second", () => one + one.slice(0, -40), /^certificate 2 has no end/],
  [
    "nonsense within the second",
    () => `${one}${one.slice(0, 40)}AAAA${one.slice(60)}`,
    /^certificate 2 cannot/,
  ],
  ["a key", () => `${one}-----BEGIN PRIVATE KEY-----\n`, /^a block of PRIVATE KEY/],
];
for (const [what, text, error] of faults) {
  test(`one bad block makes the text bad: ${what}`, () => {
    const parsed = parseCertificates(text());
    assert.ok(!parsed.ok);
    assert.match(parsed.error, error);
  });
}

test("as many certificates as the limit, and one more", () => {
  assert.equal(parseCertificates(one.repeat(pemLimits.certificates)).ok, true);
  const parsed = parseCertificates(one.repeat(pemLimits.certificates + 1));
  assert.deepEqual(parsed, { ok: false, error: "more than 16 certificates" });
});

test("as many characters as the limit, and one more", () => {
  assert.equal(parseCertificates(one.padStart(pemLimits.characters, "#")).ok, true);
  const parsed = parseCertificates(one.padStart(pemLimits.characters + 1, "#"));
  assert.deepEqual(parsed, { ok: false, error: "more than 65536 characters" });
});
