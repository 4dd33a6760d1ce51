import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { HandClock } from "@tandem/clock/testing";
import { flow } from "@tandem/sip/testing";
import { ClientCertificates } from "./client-certificates.ts";

let authority: TestAuthority;
let certificate: X509Certificate;
before(async () => {
  authority = await TestAuthority.create("customer");
  certificate = new X509Certificate(
    (await authority.issue({ commonName: "pbx", alternativeNames: "DNS:pbx.test" })).certificate,
  );
});

const wanted = (names: string[] = []) => ({ authorities: authority.certificate, names });

test("a connection without a certificate has shown none", () => {
  assert.equal(new ClientCertificates(new HandClock()).shownOn(flow("TLS"), wanted()), "none");
});

test("a certificate is good from its first second to its last", () => {
  const fromMs = Math.max(
    certificate.validFromDate.getTime(),
    new X509Certificate(authority.certificate).validFromDate.getTime(),
  );
  const clock = new HandClock({ wallMs: fromMs - 1 });
  const certificates = new ClientCertificates(clock);
  const connection = flow("TLS", { peerCertificate: certificate });
  const peer = wanted(["pbx.test"]);
  assert.match(JSON.stringify(certificates.shownOn(connection, peer)), /valid only from/);
  clock.advance(1);
  assert.equal(certificates.shownOn(connection, peer), "good");
  const toMs = Math.min(
    certificate.validToDate.getTime(),
    new X509Certificate(authority.certificate).validToDate.getTime(),
  );
  clock.advance(toMs - fromMs);
  assert.equal(certificates.shownOn(connection, peer), "good");
  clock.advance(1);
  assert.match(JSON.stringify(certificates.shownOn(connection, peer)), /valid only to/);
});

test("one connection is judged by each who wants something", () => {
  const certificates = new ClientCertificates(
    new HandClock({ wallMs: certificate.validFromDate.getTime() + 1000 }),
  );
  const connection = flow("TLS", { peerCertificate: certificate });
  const other = wanted(["other.test"]);
  const own = wanted(["pbx.test"]);
  for (let round = 0; round < 2; round += 1) {
    assert.match(JSON.stringify(certificates.shownOn(connection, other)), /speaks for pbx.test/);
    assert.equal(certificates.shownOn(connection, own), "good");
  }
});

test("authorities that can't be read trust nobody", () => {
  const certificates = new ClientCertificates(new HandClock());
  const connection = flow("TLS", { peerCertificate: certificate });
  assert.match(
    JSON.stringify(certificates.shownOn(connection, { authorities: "nonsense", names: [] })),
    /of none of the authorities/,
  );
});
