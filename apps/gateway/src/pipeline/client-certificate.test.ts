import { X509Certificate } from "node:crypto";
import { before, describe, test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import type { TlsPeer } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { originationCall, stageServices, terminationCall } from "../testing/call-of.ts";
import { exampleCarrier, exampleTrunk } from "../testing/example-snapshot.ts";
import { assertPasses, assertRefused } from "../testing/verdicts.ts";
import { ClientCertificates } from "../tls/client-certificates.ts";
import { clientCertificate } from "./client-certificate.ts";

let tlsPeer: TlsPeer;
let good: X509Certificate;
let strange: X509Certificate;
before(async () => {
  const authority = await TestAuthority.create("customer");
  const issue = async (issuer: TestAuthority): Promise<X509Certificate> =>
    new X509Certificate((await issuer.issue({ commonName: "pbx" })).certificate);
  tlsPeer = { authorities: authority.certificate, names: [] };
  good = await issue(authority);
  strange = await issue(await TestAuthority.create("stranger"));
});

/** Services whose clock stands in the life of the certificates. */
function services() {
  const wallMs = good.validFromDate.getTime() + 1000;
  const clock = { wallMs: () => wallMs } as ConstructorParameters<typeof ClientCertificates>[0];
  return { ...stageServices(), clientCertificates: new ClientCertificates(clock) };
}

const call = {
  trunk: (parts: Parameters<typeof terminationCall>[0] = {}) =>
    terminationCall({ snapshot: { trunks: [exampleTrunk({ tlsPeer })] }, ...parts }),
  carrier: (parts: Parameters<typeof terminationCall>[0] = {}) =>
    originationCall({ snapshot: { carriers: [exampleCarrier({ tlsPeer })] }, ...parts }),
};

for (const whose of ["trunk", "carrier"] as const) {
  describe(`a ${whose} that demands a certificate`, () => {
    test("takes calls on a connection that has shown a good one", () => {
      const parts = { protocol: "TLS", flow: { peerCertificate: good } } as const;
      assertPasses(clientCertificate(call[whose](parts), services()), /has shown a certificate that is good/);
    });

    test("takes none without TLS, nor without a certificate", () => {
      for (const protocol of ["UDP", "TCP"] as const) {
        const text = `${protocol}, and the ${whose} demands a certificate`;
        assertRefused(
          clientCertificate(call[whose]({ protocol }), services()),
          reasons.clientCertificateRequired,
          text,
        );
      }
      const verdict = clientCertificate(call[whose]({ protocol: "TLS" }), services());
      assertRefused(verdict, reasons.clientCertificateRequired, /has shown none/);
    });

    test("takes no certificate of somebody else", () => {
      const parts = { protocol: "TLS", flow: { peerCertificate: strange } } as const;
      const verdict = clientCertificate(call[whose](parts), services());
      assertRefused(verdict, reasons.clientCertificateRefused, /of none of the authorities/);
    });

    test("in a dry run over TLS it is taken for granted", () => {
      const parts = { protocol: "TLS", isDryRun: true } as const;
      assertPasses(clientCertificate(call[whose](parts), services()), /for granted/);
    });
  });
}

test("who demands none asks for none", () => {
  for (const one of [terminationCall(), originationCall()]) {
    assertPasses(clientCertificate(one, services()), "no certificate is demanded");
  }
});
