import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { judgeClient } from "./judge-client.ts";
import { TestAuthority } from "./testing/index.ts";

let ours: TestAuthority;
let theirs: TestAuthority;
before(async () => {
  ours = await TestAuthority.create("ours");
  theirs = await TestAuthority.create("theirs");
});

interface Wishes {
  readonly issuer?: TestAuthority;
  readonly alternativeNames?: string;
  readonly extendedKeyUsage?: string;
  readonly names?: readonly string[];
  readonly authorities?: readonly string[];
}

async function judged(wishes: Wishes) {
  const { issuer = ours, names = [], authorities = [ours.certificate], ...rest } = wishes;
  const { certificate } = await issuer.issue({ commonName: "pbx.test", ...rest });
  return judgeClient(new X509Certificate(certificate), {
    authorities: authorities.map((text) => new X509Certificate(text)),
    names,
  });
}

const table: [what: string, wishes: () => Wishes, refusal: RegExp | undefined][] = [
  ["of the authority, any name", () => ({}), undefined],
  ["of one of two authorities", () => ({ authorities: [theirs.certificate, ours.certificate] }), undefined],
  [
    "of another authority",
    () => ({ issuer: theirs }),
    /^the certificate CN=pbx.test is of none .*CN=theirs has issued it$/,
  ],
  ["of no authority at all", () => ({ authorities: [] }), /of none of the authorities/],
  ["with the name", () => ({ alternativeNames: "DNS:pbx.test", names: ["a.test", "pbx.test"] }), undefined],
  [
    "with the name in a SIP URI",
    () => ({ alternativeNames: "URI:sip:a.test", names: ["a.test"] }),
    undefined,
  ],
  [
    "with another name",
    () => ({ alternativeNames: "DNS:b.test", names: ["a.test"] }),
    /speaks for b\.test, not for a\.test$/,
  ],
  ["with the name as common name only", () => ({ names: ["pbx.test"] }), /speaks for no domain/],
  [
    "with a wildcard (RFC 5922 §7.2)",
    () => ({ alternativeNames: "DNS:*.test", names: ["pbx.test"] }),
    /speaks for \*\.test/,
  ],
  ["for clients", () => ({ extendedKeyUsage: "serverAuth,clientAuth" }), undefined],
  ["for SIP domains (RFC 5924)", () => ({ extendedKeyUsage: "1.3.6.1.5.5.7.3.20" }), undefined],
  ["for anything", () => ({ extendedKeyUsage: "anyExtendedKeyUsage" }), undefined],
  ["for servers only", () => ({ extendedKeyUsage: "serverAuth" }), /is not for clients/],
];
for (const [what, wishes, refusal] of table) {
  test(`a client's certificate ${what}`, async () => {
    const verdict = await judged(wishes());
    if (refusal === undefined) assert.equal(verdict.ok, true);
    else assert.match(verdict.ok ? "taken" : verdict.text, refusal);
  });
}

test("an authority of the same name with another key has issued nothing", async () => {
  const impostor = await TestAuthority.create("ours");
  const verdict = await judged({ issuer: impostor });
  assert.equal(verdict.ok, false);
});

test("a certificate that is no authority issues none, though its key has signed", async () => {
  const leaf = await ours.issue({ commonName: "leaf" });
  const { certificate } = await TestAuthority.of(leaf).issue({ commonName: "forged" });
  const verdict = judgeClient(new X509Certificate(certificate), {
    authorities: [new X509Certificate(leaf.certificate)],
    names: [],
  });
  assert.equal(verdict.ok, false);
});

test("a certificate that is named itself needs no authority", async () => {
  const { certificate } = await ours.issue({ commonName: "pinned" });
  const parsed = new X509Certificate(certificate);
  const verdict = judgeClient(parsed, { authorities: [parsed], names: [] });
  assert.ok(verdict.ok);
});

test("it is good as long as both are", async () => {
  const { certificate } = await ours.issue({ commonName: "long", days: 30 });
  const leaf = new X509Certificate(certificate);
  const authority = new X509Certificate(ours.certificate);
  const verdict = judgeClient(leaf, { authorities: [authority], names: [] });
  assert.deepEqual(verdict, {
    ok: true,
    validFromMs: Math.max(leaf.validFromDate.getTime(), authority.validFromDate.getTime()),
    validToMs: authority.validToDate.getTime(),
  });
});
