/** Trunks that demand certificates of their customers, by real handshakes: our user agent, and a Kamailio with its own. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { SystemClock } from "@tandem/clock";
import type { TlsKeyPair } from "@tandem/sip/transport";
import { hasSipp } from "../harness/sipp.ts";
import { waitFor } from "../harness/wait.ts";
import { hasKamailio } from "../load/kamailio-load.ts";
import { CertificateStage } from "./certificate-stage.ts";
import { TlsCallers } from "./tls-callers.ts";

const isRoot = process.getuid?.() === 0;
if (!hasSipp() || !hasKamailio()) {
  it("client certificates need SIPp and Kamailio", (context) => {
    if (isRoot) assert.fail("there is no SIPp or no Kamailio");
    context.skip("there is no SIPp or no Kamailio");
  });
} else describe("a trunk that demands a certificate", tests);

function tests(): void {
  let stage: CertificateStage;
  let stranger: TestAuthority;
  const clock = new SystemClock();

  before(async () => {
    stage = await CertificateStage.start(222);
    stranger = await TestAuthority.create("stranger");
    await stage.changeTrunk({
      TlsPeerAuthorities: stage.authority.certificate,
      TlsPeerNames: "pbx.customer.test, proxy.customer.test",
    });
  });
  after(async () => {
    clock.close();
    await stage.stop();
  });

  /** One call of our own user agent with that certificate; how it failed, or undefined. */
  async function call(clientCertificate: TlsKeyPair | undefined): Promise<string | undefined> {
    const callers = new TlsCallers({
      clock,
      addresses: stage.callerAddresses.slice(0, 1),
      tls: {
        certificates: [{ ...(await stage.issue()), serverNames: [] }],
        authorities: stage.authority.certificate,
        clientCertificate,
      },
      gateway: { address: stage.address("gatewayForCustomers"), port: stage.exchange.tlsPort },
      requestUri: stage.requestUri,
      holdMs: 100,
    });
    await callers.open();
    try {
      await callers.run(50, () => callers.placed === 1);
      return callers.failures[0];
    } finally {
      await callers.close();
    }
  }

  const issue = (authority: TestAuthority, alternativeNames: string): Promise<TlsKeyPair> =>
    authority.issue({ commonName: "pbx", alternativeNames });

  it("takes calls with one of its authority and name", async () => {
    assert.equal(await call(await issue(stage.authority, "DNS:pbx.customer.test")), undefined);
    assert.equal(await call(await issue(stage.authority, "URI:sip:PBX.customer.test")), undefined);
  });

  it("refuses others, with the reason in the answer, the record and an alert", async () => {
    assert.equal(await call(undefined), "403 Client Certificate Required");
    await stage.untilRefused(90_073);
    assert.equal(
      await call(await issue(stage.authority, "DNS:other.customer.test")),
      "403 Client Certificate Refused",
    );
    assert.equal(
      await call(await issue(stranger, "DNS:pbx.customer.test")),
      "403 Client Certificate Refused",
    );
    await stage.untilRefused(90_074);
  });

  it("takes calls through a Kamailio that shows its certificate", async () => {
    const { successful, errors } = await stage.callThroughProxy(5, 20).finished();
    assert.equal(successful, 5, errors);
  });

  it("explains at which stage a call over UDP would be refused", async () => {
    const explained = await stage.explain("UDP");
    assert.deepEqual(
      [explained["stage"], explained["reasonCode"], explained["statusCode"]],
      ["client-certificate", 90_073, 403],
    );
  });

  it("a trunk without authorities takes calls with any certificate or none", async () => {
    await stage.changeTrunk({ TlsPeerAuthorities: "" });
    await waitFor("the trunk to demand none", async () => (await call(undefined)) === undefined);
    assert.equal(await call(await issue(stranger, "DNS:other.test")), undefined);
  });
}
