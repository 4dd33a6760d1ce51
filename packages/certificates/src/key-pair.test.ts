import assert from "node:assert/strict";
import { before, test } from "node:test";
import { keyPairFault } from "./key-pair.ts";
import { type IssuedCertificate, TestAuthority } from "./testing/index.ts";

let authority: TestAuthority;
let first: IssuedCertificate;
let second: IssuedCertificate;
before(async () => {
  authority = await TestAuthority.create("authority");
  first = await authority.issue({ commonName: "first" });
  second = await authority.issue({ commonName: "second" });
});

test("a certificate and its key, with the intermediate behind it or not", () => {
  assert.equal(keyPairFault(first.certificate, first.key), undefined);
  assert.equal(keyPairFault(first.certificate + authority.certificate, first.key), undefined);
});

test("what a pair looks like while somebody writes it", () => {
  const whole = "the key is not that of the certificate";
  assert.equal(keyPairFault(second.certificate, first.key), whole);
  assert.equal(
    keyPairFault(authority.certificate + first.certificate, first.key),
    whole,
    "the first one counts",
  );
  assert.equal(keyPairFault(first.certificate, ""), "key: it cannot be read");
  assert.equal(keyPairFault(first.certificate, first.key.slice(0, -50)), "key: it cannot be read");
  assert.equal(keyPairFault("", first.key), "certificate: no certificate in it");
  assert.equal(
    keyPairFault(first.certificate.slice(0, -40), first.key),
    "certificate: certificate 1 has no end",
  );
});
