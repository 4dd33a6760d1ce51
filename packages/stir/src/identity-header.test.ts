import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  compactToken,
  maximumIdentityCharacters,
  maximumUrlCharacters,
  parseIdentity,
  writeIdentity,
} from "./identity-header.ts";

const full = "eyJ.eyI.c2ln";

test("the full form, as it is written", () => {
  const identity = { token: full, info: "https://a.example/c.pem", alg: "ES256", ppt: "shaken" };
  const text = writeIdentity(identity);
  assert.equal(text, `${full};info=<https://a.example/c.pem>;alg=ES256;ppt="shaken"`);
  assert.deepEqual(parseIdentity(text), { ok: true, value: { ...identity, isCompact: false } });
});

test("the compact form, without algorithm and extension (RFC 8224 §4.1)", () => {
  const identity = {
    token: compactToken(full),
    info: "https://a.example/c.pem",
    alg: undefined,
    ppt: undefined,
  };
  assert.equal(writeIdentity(identity), "..c2ln;info=<https://a.example/c.pem>");
  assert.deepEqual(parseIdentity(writeIdentity(identity)), {
    ok: true,
    value: { ...identity, isCompact: true },
  });
});

const taken: [what: string, value: string][] = [
  ["blanks around separators", `${full} ; info = <https://a/c> ; ppt = shaken`],
  ["names in capitals", `${full};INFO=<https://a/c>;PPT=shaken`],
  ["parameters that nobody knows", `${full};canon=x;info=<https://a/c>;a="b";flag;ppt="shaken"`],
];
for (const [what, value] of taken) {
  test(`Identity with ${what}`, () => {
    const parsed = parseIdentity(value);
    assert.ok(parsed.ok);
    assert.equal(parsed.value.info, "https://a/c");
    assert.equal(parsed.value.ppt, "shaken");
  });
}

const refused: [what: string, value: string, text: RegExp][] = [
  ["nothing", "", /no three parts/],
  ["two parts", "a.b;info=<https://a/c>", /no three parts/],
  ["four parts", "a.b.c.d;info=<https://a/c>", /no three parts/],
  [
    "two values",
    `${full};info=<https://a/c>,${full};info=<https://a/c>`,
    /info can't be read|info stands twice/,
  ],
  ["no signature", "a.b.;info=<https://a/c>", /an empty part/],
  ["half of the compact form", ".b.c;info=<https://a/c>", /an empty part/],
  ["no info", `${full};alg=ES256`, /info is missing/],
  ["info without brackets", `${full};info=https://a/c`, /info can't be read/],
  ["info twice", `${full};info=<https://a/c>;info=<https://b/c>`, /info stands twice/],
  ["ppt without a value", `${full};info=<https://a/c>;ppt`, /ppt can't be read/],
  ["ppt with half a quote", `${full};info=<https://a/c>;ppt="shaken`, /ppt can't be read/],
  ["a blank in the token", "a. b.c;info=<https://a/c>", /no three parts/],
];
for (const [what, value, text] of refused) {
  test(`Identity with ${what}`, () => {
    const parsed = parseIdentity(value);
    assert.ok(!parsed.ok);
    assert.equal(parsed.fault.name, "malformed");
    assert.match(parsed.fault.text, text);
  });
}

test("as many characters as the limits, and one more", () => {
  const behind = ";info=<https://a/c>";
  const token = `a.b.${"c".repeat(maximumIdentityCharacters - 4 - behind.length)}`;
  assert.equal(parseIdentity(token + behind).ok, true);
  assert.equal(parseIdentity(`${token}c${behind}`).ok, false);
  const url = "https://a/".padEnd(maximumUrlCharacters, "x");
  assert.equal(parseIdentity(`${full};info=<${url}>`).ok, true);
  assert.equal(parseIdentity(`${full};info=<${url}x>`).ok, false);
});

const pieces = [
  "a.b.c",
  "..c",
  ";",
  "info=",
  "<https://a/c>",
  "ppt=",
  '"shaken"',
  "shaken",
  "alg=ES256",
  "=",
  ",",
  " ",
  '"',
  "<",
  ">",
];

test("whatever comes is read or refused, and what is read is read again as it was written", () => {
  const texts = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(texts, (parts) => {
      const parsed = parseIdentity(parts.join(""));
      if (parsed.ok) assert.deepEqual(parseIdentity(writeIdentity(parsed.value)), parsed);
    }),
    { numRuns: 2000 },
  );
});
