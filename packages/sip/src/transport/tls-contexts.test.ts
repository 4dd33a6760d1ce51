import assert from "node:assert/strict";
import { before, test } from "node:test";
import { makeTestCertificate } from "./testing/test-certificate.ts";
import { TlsContexts } from "./tls-contexts.ts";
import type { TlsKeyPair } from "./tls-options.ts";

let pair: TlsKeyPair;
before(async () => {
  pair = await makeTestCertificate("a.test", "DNS:a.test");
});

function contexts(): TlsContexts {
  const named = (...serverNames: string[]) => ({ ...pair, serverNames });
  return new TlsContexts({
    certificates: [
      named("first.test"),
      named("*.pstn.tandem.test"),
      named("T1.pstn.tandem.test", "*.first.test"),
    ],
  });
}

test("exact name, then wildcard for one label, then the first certificate", () => {
  const chosen = contexts();
  const of = (name: string): unknown => chosen.forServerName(name);
  const [first, wildcard, exact] = [chosen.first, of("t2.pstn.tandem.test"), of("t1.pstn.tandem.test")];
  assert.equal(new Set([first, wildcard, exact]).size, 3);
  assert.equal(of("first.test"), first);
  assert.equal(of("T1.PSTN.Tandem.test."), exact);
  assert.equal(of("x.first.test"), exact);
  assert.equal(of("a.t2.pstn.tandem.test"), first);
  assert.equal(of("pstn.tandem.test"), first);
  assert.equal(of(".pstn.tandem.test"), first);
  assert.equal(of("unknown"), first);
});

test("peers are verified unless said otherwise; no certificate means no first one", () => {
  const bare = new TlsContexts({ certificates: [] });
  assert.equal(bare.verifyPeers, true);
  assert.equal(bare.first, undefined);
  assert.equal(bare.forServerName("a.test"), undefined);
  assert.equal(new TlsContexts({ certificates: [], verifyPeers: false }).verifyPeers, false);
});

test("a broken certificate or key throws", () => {
  const broken = { certificate: "no", key: "no", serverNames: [] };
  assert.throws(() => new TlsContexts({ certificates: [broken] }));
  assert.throws(() => new TlsContexts({ certificates: [], clientCertificate: broken }));
});
