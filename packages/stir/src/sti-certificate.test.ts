import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import fc from "fast-check";
import { canonicalNumber } from "./canonical-number.ts";
import { judgeChain, judgeUse, maximumChainLength } from "./sti-certificate.ts";
import type { Judged } from "./stir-fault.ts";
import { StiAuthority, type StiWishes } from "./testing/index.ts";
import { tnAuthListOf } from "./tn-auth-list.ts";

let root: StiAuthority;
before(async () => {
  root = await StiAuthority.create("STI root");
});

const x509 = (pem: string): X509Certificate => new X509Certificate(pem);
const roots = (): readonly X509Certificate[] => [x509(root.certificate)];
const issued = async (wishes: Omit<StiWishes, "commonName"> = {}): Promise<X509Certificate> =>
  x509((await root.issue({ commonName: "SHAKEN 1234", ...wishes })).certificate);

function textOf(judged: Judged<unknown>): string {
  return judged.ok ? "taken" : `${judged.fault.name}: ${judged.fault.text}`;
}

const lists: [what: string, entries: readonly string[], expected: object | undefined][] = [
  ["a service provider code", ["EXPLICIT:0,IA5STRING:1234"], { spc: ["1234"], ranges: [] }],
  [
    "two codes",
    ["EXPLICIT:0,IA5STRING:1234", "EXPLICIT:0,IA5STRING:56AB"],
    { spc: ["1234", "56AB"], ranges: [] },
  ],
  ["a range", ["EXPLICIT:1,SEQUENCE:range"], { spc: [], ranges: [{ first: "12155550100", count: 100 }] }],
  [
    "one number",
    ["EXPLICIT:2,IA5STRING:12155551212"],
    { spc: [], ranges: [{ first: "12155551212", count: 1 }] },
  ],
  ["an entry that nobody knows", ["EXPLICIT:3,IA5STRING:1"], undefined],
  ["a number of another string type", ["EXPLICIT:2,UTF8:12155551212"], undefined],
  ["a number with a plus", ["EXPLICIT:2,IA5STRING:+12155551212"], undefined],
  ["no tags", ["IA5STRING:1234"], undefined],
  ["no list at all", [], undefined],
];
for (const [what, entries, expected] of lists) {
  test(`TNAuthList with ${what} (RFC 8226 §9)`, async () => {
    assert.deepEqual(tnAuthListOf((await issued({ entries })).raw), expected);
  });
}

test("a certificate that is cut off or changed anywhere is read or refused", async () => {
  const { raw } = await issued();
  for (let length = 0; length < raw.length; length += 1) {
    assert.equal(tnAuthListOf(raw.subarray(0, length)), undefined);
  }
  fc.assert(
    fc.property(fc.nat(raw.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(raw);
      changed[at] = byte;
      tnAuthListOf(changed);
    }),
  );
});

const numbers: [entries: string, number: string, speaks: boolean][] = [
  ["EXPLICIT:0,IA5STRING:1234", "+442079460000", true],
  ["EXPLICIT:1,SEQUENCE:range", "+12155550100", true],
  ["EXPLICIT:1,SEQUENCE:range", "+12155550199", true],
  ["EXPLICIT:1,SEQUENCE:range", "+12155550200", false],
  ["EXPLICIT:1,SEQUENCE:range", "+12155550099", false],
  ["EXPLICIT:1,SEQUENCE:range", "+2155550150", false],
  ["EXPLICIT:2,IA5STRING:12155551212", "+12155551212", true],
  ["EXPLICIT:2,IA5STRING:12155551212", "+12155551213", false],
];
for (const [entry, number, speaks] of numbers) {
  test(`${entry} ${speaks ? "speaks" : "does not speak"} for ${number}`, async () => {
    const judged = judgeChain([await issued({ entries: [entry] })], roots());
    assert.ok(judged.ok);
    const canonical = canonicalNumber(number);
    assert.ok(canonical !== undefined);
    assert.equal(judgeUse(judged.value, canonical, Date.now()).ok, speaks);
  });
}

test("a chain by an intermediate, which may stand anywhere behind", async () => {
  const middle = await root.issue({ commonName: "STI intermediate", entries: [], isAuthority: true });
  const leaf = await StiAuthority.of(middle).issue({ commonName: "SHAKEN 5678" });
  const chain = [x509(leaf.certificate), x509(root.certificate), x509(middle.certificate)];
  assert.equal(textOf(judgeChain(chain, roots())), "taken");
  assert.match(textOf(judgeChain(chain.slice(0, 1), roots())), /no trusted root has issued it/);
  assert.match(textOf(judgeChain([], roots())), /no certificate/);
});

test("a certificate that issues none, though its key has signed", async () => {
  const middle = await root.issue({ commonName: "no authority" });
  const forged = await StiAuthority.of(middle).issue({ commonName: "forged" });
  const chain = [x509(forged.certificate), x509(middle.certificate)];
  assert.match(textOf(judgeChain(chain, roots())), /no trusted root/);
});

test("another root of the same name, another curve, no list", async () => {
  const impostor = await StiAuthority.create("STI root");
  const forged = await impostor.issue({ commonName: "SHAKEN 1234" });
  assert.match(textOf(judgeChain([x509(forged.certificate)], roots())), /no trusted root/);
  assert.match(textOf(judgeChain([await issued({ curve: "secp384r1" })], roots())), /none for ES256/);
  assert.match(textOf(judgeChain([await issued({ entries: [] })], roots())), /no TNAuthList/);
});

test("not before, and not after: the narrowest of the chain counts", async () => {
  const judged = judgeChain([await issued({ days: 1 })], roots());
  const number = canonicalNumber("+12155551212");
  assert.ok(judged.ok && number !== undefined);
  const { validFromMs, validToMs } = judged.value;
  assert.equal(judgeUse(judged.value, number, validToMs).ok, true);
  assert.match(textOf(judgeUse(judged.value, number, validToMs + 1)), /^certificate-refused: .*has ended/);
  assert.match(textOf(judgeUse(judged.value, number, validFromMs - 1)), /not valid yet/);
  assert.ok(validToMs < x509(root.certificate).validToDate.getTime());
});

test("as many certificates as the limit, and one more", async () => {
  const leaf = await issued();
  const others = Array.from({ length: maximumChainLength - 1 }, () => x509(root.certificate));
  assert.equal(judgeChain([leaf, ...others], roots()).ok, true);
  assert.match(textOf(judgeChain([leaf, ...others, x509(root.certificate)], roots())), /more than 6/);
});
