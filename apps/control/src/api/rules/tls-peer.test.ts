import assert from "node:assert/strict";
import { before, test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { maximumTlsPeerNames, tlsPeerAuthorityLimits, tlsPeerValuesOf } from "./tls-peer.ts";

let pem: string;
before(async () => {
  pem = (await TestAuthority.create("customer")).certificate;
});

const nothing = { tls_peer_authorities: null, tls_peer_names: [] };
const kept = () => ({ tls_peer_authorities: pem.trim(), tls_peer_names: ["a.test"] });
type Body = Parameters<typeof tlsPeerValuesOf>[0];

const accepted: [
  what: string,
  body: () => Body,
  current: () => ReturnType<typeof kept> | undefined,
  values: () => object,
][] = [
  ["nothing changes nothing", () => ({}), kept, () => ({})],
  [
    "authorities and names",
    () => ({ TlsPeerAuthorities: pem, TlsPeerNames: " A.test., b.a.test ,a.test," }),
    () => undefined,
    () => ({ tls_peer_authorities: pem.trim(), tls_peer_names: ["a.test", "b.a.test"] }),
  ],
  [
    "names later",
    () => ({ TlsPeerNames: "b.test" }),
    kept,
    () => ({ ...kept(), tls_peer_names: ["b.test"] }),
  ],
  ["no names", () => ({ TlsPeerNames: null }), kept, () => ({ ...kept(), tls_peer_names: [] })],
  ["other authorities keep the names", () => ({ TlsPeerAuthorities: pem }), kept, kept],
  ["without authorities the names go", () => ({ TlsPeerAuthorities: null }), kept, () => nothing],
];
for (const [what, body, current, values] of accepted) {
  test(`TLS peer: ${what}`, () => assert.deepEqual(tlsPeerValuesOf(body(), current()), values()));
}

const refused: [what: string, body: () => Body, error: RegExp][] = [
  ["no PEM", () => ({ TlsPeerAuthorities: "ours" }), /TlsPeerAuthorities: no certificate in it\.$/],
  ["PEM that was cut off", () => ({ TlsPeerAuthorities: pem.slice(0, -60) }), /certificate 1 has no end/],
  [
    "PEM that was pasted badly",
    () => ({ TlsPeerAuthorities: pem.replace("MII", "M I") + pem.slice(70) }),
    /certificate/,
  ],
  [
    "a private key",
    () => ({ TlsPeerAuthorities: `${pem}-----BEGIN PRIVATE KEY-----` }),
    /a block of PRIVATE KEY/,
  ],
  ["names of nobody", () => ({ TlsPeerNames: "a.test" }), /needs TlsPeerAuthorities/],
  [
    "names without authorities",
    () => ({ TlsPeerAuthorities: null, TlsPeerNames: "a.test" }),
    /needs TlsPeerAuthorities/,
  ],
  ["a wildcard", () => ({ TlsPeerAuthorities: pem, TlsPeerNames: "*.a.test" }), /\*\.a\.test is no domain/],
  ["a label", () => ({ TlsPeerAuthorities: pem, TlsPeerNames: "pbx" }), /pbx is no domain/],
  ["a URI", () => ({ TlsPeerAuthorities: pem, TlsPeerNames: "sip:a.test" }), /sip:a\.test is no domain/],
];
for (const [what, body, error] of refused) {
  test(`TLS peer, refused: ${what}`, () => {
    assert.throws(
      () => tlsPeerValuesOf(body(), undefined),
      (thrown: Error) => {
        assert.match(thrown.message, error);
        return true;
      },
    );
  });
}

test("as many names and authorities as the limits, and one more", () => {
  const names = (count: number): string =>
    Array.from({ length: count }, (_, index) => `n${index}.test`).join(",");
  const values = (count: number, copies: number) =>
    tlsPeerValuesOf({ TlsPeerAuthorities: pem.repeat(copies), TlsPeerNames: names(count) }, undefined);
  assert.equal(values(maximumTlsPeerNames, tlsPeerAuthorityLimits.certificates).tls_peer_names?.length, 16);
  assert.throws(() => values(maximumTlsPeerNames + 1, 1), /more than 16 names/);
  assert.throws(() => values(1, tlsPeerAuthorityLimits.certificates + 1), /more than 8 certificates/);
});
