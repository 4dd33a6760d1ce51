/** The gateway as a client of servers that ask for its certificate, and that must show one of their own. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { SystemClock } from "@tandem/clock";
import { hasSipp } from "../harness/sipp.ts";
import { waitFor } from "../harness/wait.ts";
import { hasKamailio } from "../load/kamailio-load.ts";
import { Phone } from "../user-agents/phone.ts";
import { TlsAnsweringMachine } from "../user-agents/tls-answering-machine.ts";
import { CertificateStage } from "./certificate-stage.ts";

const isRoot = process.getuid?.() === 0;
if (!hasSipp() || !hasKamailio()) {
  it("servers that ask for certificates need SIPp and Kamailio", (context) => {
    if (isRoot) assert.fail("there is no SIPp or no Kamailio");
    context.skip("there is no SIPp or no Kamailio");
  });
} else describe("a server of a customer that asks for a certificate", tests);

const host = "127.0.224.51";

function tests(): void {
  let stage: CertificateStage;
  let stranger: TestAuthority;
  let phone: Phone;
  const clock = new SystemClock();
  let machines = 0;

  before(async () => {
    stage = await CertificateStage.start(224);
    stranger = await TestAuthority.create("stranger");
    phone = new Phone({ clock, address: stage.address("carrier"), port: 5090, toneHz: 440 });
    await phone.open();
  });
  after(async () => {
    await phone.close();
    clock.close();
    await stage.stop();
  });

  /** A call from the PSTN to such a server: what the caller got, and how many INVITEs the server did. */
  async function call(wishes: {
    readonly issuer: TestAuthority;
    readonly alternativeNames: string;
    readonly clientAuthority: TestAuthority;
  }): Promise<readonly [statusCode: number, invites: number]> {
    machines += 1;
    const { issuer, alternativeNames, clientAuthority } = wishes;
    const pair = await issuer.issue({ commonName: "sbc", alternativeNames, extendedKeyUsage: "serverAuth" });
    const port = 5070 + machines;
    const machine = new TlsAnsweringMachine({
      ...stage.writePair(`sbc-${machines}`, pair),
      address: host,
      port,
      statusCode: 486,
      clientAuthority: clientAuthority.certificate,
    });
    await machine.open();
    try {
      const number = `+1415555019${machines}`;
      await stage.provisionOrigination(`sip:${host}:${port};transport=tls`, number);
      const { carrierAddress: address, sipPort } = stage.exchange;
      const placed = await phone.call({
        requestUri: `sip:${number}@${address}`,
        from: `sip:+12025550123@${stage.address("carrier")}`,
        to: { address, port: sipPort },
      });
      await waitFor("the end of the call", () => placed.state === "refused", 30_000);
      return [placed.statusCode, machine.invites.length];
    } finally {
      machine.close();
    }
  }

  const good = (): Parameters<typeof call>[0] => ({
    issuer: stage.authority,
    alternativeNames: `IP:${host}`,
    clientAuthority: stage.authority,
  });

  it("gets the gateway's, and the call", async () => {
    assert.deepEqual(await call(good()), [486, 1]);
  });

  it("gets no call when it takes the gateway's for a stranger's", async () => {
    const [, invites] = await call({ ...good(), clientAuthority: stranger });
    assert.equal(invites, 0);
  });

  it("gets no call when its own is of nobody we trust, or for another name", async () => {
    assert.equal((await call({ ...good(), issuer: stranger }))[1], 0);
    assert.equal((await call({ ...good(), alternativeNames: "DNS:sbc.test" }))[1], 0);
    assert.equal(
      (await call({ ...good(), alternativeNames: `IP:${host},URI:sip:sbc.test` }))[1],
      0,
      "RFC 5922 §7.1",
    );
  });
}
