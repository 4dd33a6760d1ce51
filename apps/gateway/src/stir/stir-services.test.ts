import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { HandClock } from "@tandem/clock/testing";
import { type Verification, verStatOf } from "@tandem/stir";
import { StiAuthority } from "@tandem/stir/testing";
import { StirServices } from "./stir-services.ts";

const none = async () => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 1 }) as const;
const resolver = { naptr: none, srv: none, a: none, aaaa: none };
const host = "c.test";

/** Serves one text over https; returns the port and who vouches for it. */
async function repository(context: TestContext, text: string): Promise<{ port: number; authority: string }> {
  const web = await TestAuthority.create("web");
  const { certificate: cert, key } = await web.issue({
    commonName: host,
    alternativeNames: `DNS:${host}`,
  });
  const server = createServer({ cert, key }, (_asked, answer) => answer.end(text));
  context.after(() => server.close());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { port: (server.address() as AddressInfo).port, authority: web.certificate };
}

test("files that are replaced count from then on: another key signs, other roots are believed", async (context) => {
  const root = await StiAuthority.create("root");
  const stranger = await StiAuthority.create("stranger");
  const issued = await root.issue({ commonName: "1234" });
  const { port, authority } = await repository(context, issued.certificate);
  const certificateUrl = `https://${host}:${port}/1234.pem`;
  const clock = new HandClock({ wallMs: Date.parse(validFrom(issued.certificate)) + 1000 });
  const services = new StirServices(clock, resolver, {
    signing: { certificateUrl, certificateFile: "", privateKeyFile: "" },
    verification: {
      authoritiesFile: "",
      certificatePorts: [port],
      repositories: { [host]: "127.0.0.1" },
    },
  });
  const { authentication, verification } = services;
  assert.ok(authentication && verification);
  const call = { accountSid: "AC1", callingNumber: "+442071838750", calledNumber: "+15550001111" };
  const verified = async (): Promise<string> => {
    const identities = authentication.sign(call, {
      attestation: "A",
      isKept: false,
      divertedBy: undefined,
      why: "",
    });
    const found = verification.verify({ ...call, identities });
    if ("ok" in found) return verStatOf(found);
    return verStatOf(await new Promise<Verification>((done) => found.start(done)));
  };
  const files = { privateKey: issued.key, authorities: root.certificate, httpsAuthorities: authority };
  services.apply(files);
  assert.equal(await verified(), "TN-Validation-Passed-A");
  services.apply({ ...files, authorities: stranger.certificate });
  assert.equal(await verified(), "TN-Validation-Failed-A");
  const other = await root.issue({ commonName: "5678" });
  services.apply({ ...files, privateKey: other.key });
  assert.equal(await verified(), "TN-Validation-Failed-A");
  services.apply(files);
  assert.equal(await verified(), "TN-Validation-Passed-A");
});

test("a half that is not configured is not there", () => {
  const services = new StirServices(new HandClock(), resolver, {});
  assert.deepEqual([services.authentication, services.verification], [undefined, undefined]);
  services.apply({ privateKey: undefined, authorities: undefined, httpsAuthorities: undefined });
});

function validFrom(certificate: string): string {
  return new X509Certificate(certificate).validFrom;
}
