import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SipRequest } from "@tandem/sip/message";
import { type Attestation, canonicalNumber, shakenIdentity } from "@tandem/stir";
import { StiAuthority, type StiIssued } from "@tandem/stir/testing";
import { CertificateRepository } from "../../harness/certificate-repository.ts";
import { waitFor } from "../../harness/wait.ts";
import type { Group } from "../group.ts";
import { OpensslVerifier } from "../openssl-verifier.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived } from "../sipp/message-trace.ts";
import { pause } from "../sipp/script.ts";
import { listedLabel, type Stage, type Surroundings } from "../stage.ts";

const callee = new Callee();
const answering = [...callee.establish(), ...callee.hungUp()];
const host = "certificates.test";

/** What the scenarios sign with and ask. Made when the stage opens. */
interface Scene {
  readonly root: StiAuthority;
  readonly ours: StiIssued;
  /** Files of our certificate and its key. */
  readonly ourFiles: readonly [certificate: string, key: string];
  /** Another carrier: its key, and where its certificate is. */
  readonly theirs: StiIssued;
  readonly theirUrl: string;
  readonly repository: CertificateRepository;
  readonly verifier: OpensslVerifier;
}
let scene: Scene | undefined;

async function prepare(directory: string, addressPrefix: string): Promise<Surroundings> {
  const address = `${addressPrefix}.41`;
  const repository = await CertificateRepository.open({ directory, address, host });
  const root = await StiAuthority.create("STI root");
  const ours = await root.issue({ commonName: "SHAKEN 1234" });
  const theirs = await root.issue({ commonName: "SHAKEN 5678", entries: ["EXPLICIT:0,IA5STRING:5678"] });
  const write = (name: string, text: string): string => {
    const file = join(directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const authoritiesFile = write("sti-root.pem", root.certificate);
  const ourFiles = [write("1234.pem", ours.certificate), write("1234.key", ours.key)] as const;
  scene = {
    root,
    ours,
    ourFiles,
    theirs,
    theirUrl: repository.publish("/5678.pem", theirs.certificate),
    repository,
    verifier: new OpensslVerifier(directory, authoritiesFile),
  };
  return {
    gateway: {
      stir: {
        signing: {
          certificateUrl: repository.publish("/1234.pem", ours.certificate),
          certificateFile: ourFiles[0],
          privateKeyFile: ourFiles[1],
        },
        verification: {
          authoritiesFile,
          httpsAuthoritiesFile: repository.authoritiesFile,
          maximumWaitMs: 3000,
          certificatePorts: [repository.port],
          repositories: { [host]: address },
        },
      },
    },
    close: () => repository.close(),
  };
}

function known(): Scene {
  assert.ok(scene !== undefined);
  return scene;
}

/** Identity as the other carrier signs it. */
function signedByThem(from: string, to: string, attestation: Attestation, ageSeconds = 0): string {
  const { theirs, theirUrl } = known();
  const callingNumber = canonicalNumber(from);
  const calledNumber = canonicalNumber(to);
  assert.ok(callingNumber !== undefined && calledNumber !== undefined);
  return shakenIdentity(
    { privateKey: createPrivateKey(theirs.key), certificateUrl: theirUrl },
    {
      attestation,
      origid: "123e4567-e89b-12d3-a456-426655440000",
      callingNumber,
      calledNumber,
      iat: Math.floor(Date.now() / 1000) - ageSeconds,
    },
  );
}

/** The claims of one with the signature of another. */
function tampered(from: string, to: string): string {
  const claimed = signedByThem(from, to, "A").split(".");
  const signed = signedByThem(from, to, "C").split(".");
  return [...claimed.slice(0, 2), ...signed.slice(2)].join(".");
}

/** A customer's call that a carrier takes: the INVITE that it gets. */
async function calledByCustomer(
  stage: Stage,
  identity: "sign" | "pass",
  from: string,
  headerFields: (number: string) => readonly string[] = () => [],
): Promise<{ readonly invite: SipRequest; readonly number: string }> {
  const carrier = stage.carrier(answering);
  const number = stage.number();
  await stage.provisionCarrier({
    gateways: [carrier.uri],
    prefix: number,
    parameters: { Identity: identity },
  });
  const lines = stage.customerLines(number, listedLabel, { from });
  const given = { headerFields: headerFields(number) };
  await stage.customer([...lines.establish(given), pause(200), ...lines.hangUp()]).finish();
  await carrier.finish();
  const [invite] = requestsReceived(carrier.trace, "INVITE");
  assert.ok(invite !== undefined);
  return { invite, number };
}

/** A carrier's call with that Identity: it completes, and the customer is told so. */
async function assertVerStat(
  stage: Stage,
  identityOf: (from: string, to: string) => string,
  verStat: string,
): Promise<void> {
  const sbc = stage.sbc(answering);
  const number = await stage.provisionOrigination([`${sbc.uri}${stage.edgeParameter}`]);
  const lines = stage.pstnLines(number);
  const identity = identityOf("+13105550199", number);
  const headerFields = [`Identity: ${identity}`, "X-Tandem-VerStat: TN-Validation-Passed-A"];
  await stage.pstn([...lines.establish({ headerFields }), pause(200), ...lines.hangUp()]).finish();
  await sbc.finish();
  const [invite] = requestsReceived(sbc.trace, "INVITE");
  assert.deepEqual(invite?.values("X-Tandem-VerStat"), [verStat]);
  assert.deepEqual(invite?.values("Identity"), [identity]);
  const record = await stage.record(number);
  assert.deepEqual([record.status, record.stirVerStat], ["completed", verStat]);
}

export const stir: Group = {
  name: "stir",
  peers: ["sipp", "openssl"],
  stage: { network: 24, block: "127.2", prepare, exchange: { gateway: { timers: { t1Ms: 100 } } } },
  // In order: the last one replaces the key.
  concurrency: 1,
  scenarios: [
    {
      name: "signed-call",
      sentence: "a call from a number of the account is signed with A, and openssl says that it holds",
      play: async (stage) => {
        const from = await stage.provisionOrigination([]);
        const { invite, number } = await calledByCustomer(stage, "sign", from);
        const identities = invite.values("Identity");
        assert.equal(identities.length, 1);
        const { ours, verifier } = known();
        const { iat, origid, ...claims } = verifier.claimsOf(identities[0] ?? "", ours.certificate);
        assert.deepEqual(claims, {
          attest: "A",
          dest: { tn: [number.slice(1)] },
          orig: { tn: from.slice(1) },
        });
        assert.ok(Math.abs(Number(iat) - Date.now() / 1000) < 60);
        assert.match(String(origid), /^[0-9a-f-]{36}$/);
        assert.equal((await stage.record(number)).stirAttestation, "A");
      },
    },
    {
      name: "signed-diversion",
      sentence: "a call that a number of the account passes on is signed with C, and with div",
      play: async (stage) => {
        const own = await stage.provisionOrigination([]);
        const { invite, number } = await calledByCustomer(stage, "sign", "+12025550177", () => [
          `Diversion: <sip:${own}@customer.test>;reason=unconditional`,
        ]);
        const { ours, verifier } = known();
        const [shaken, div] = invite
          .values("Identity")
          .map((value) => verifier.claimsOf(value, ours.certificate));
        assert.deepEqual([shaken?.["attest"], shaken?.["dest"]], ["C", { tn: [own.slice(1)] }]);
        assert.deepEqual([div?.["div"], div?.["dest"]], [{ tn: own.slice(1) }, { tn: [number.slice(1)] }]);
      },
    },
    {
      name: "customers-passport",
      sentence: "a customer's PASSporT that holds goes to the carrier in place of ours",
      play: async (stage) => {
        const from = "+12025550178";
        let identity = "";
        const { invite } = await calledByCustomer(stage, "sign", from, (number) => {
          identity = signedByThem(from, number, "B");
          return [`Identity: ${identity}`];
        });
        assert.deepEqual(invite.values("Identity"), [identity]);
      },
    },
    {
      name: "customers-forged-passport",
      sentence: "a customer's forged PASSporT is refused with 438",
      play: async (stage) => {
        const number = stage.number();
        const lines = stage.customerLines(number);
        const headerFields = [`Identity: ${tampered("+12025550123", number)}`];
        await stage.customer(lines.refused(438, { headerFields })).finish();
        const record = await stage.record(number);
        assert.deepEqual([record.statusCode, record.reasonCode, record.attempts], [438, 32_020, []]);
      },
    },
    {
      name: "verified-call",
      sentence: "a carrier's PASSporT that holds is told to the customer",
      play: (stage) =>
        assertVerStat(stage, (from, to) => signedByThem(from, to, "A"), "TN-Validation-Passed-A"),
    },
    {
      name: "tampered-passport",
      sentence: "a carrier's call with a PASSporT that was tampered with completes, and the customer is told",
      play: (stage) => assertVerStat(stage, tampered, "TN-Validation-Failed-A"),
    },
    {
      name: "stale-passport",
      sentence: "a carrier's PASSporT of two minutes ago says nothing",
      play: (stage) =>
        assertVerStat(stage, (from, to) => signedByThem(from, to, "A", 120), "No-TN-Validation"),
    },
    {
      name: "one-fetch",
      sentence: "a certificate is fetched once for all calls",
      play: (stage) =>
        assertVerStat(stage, (from, to) => signedByThem(from, to, "B"), "TN-Validation-Passed-B").then(() => {
          const { asked } = known().repository;
          assert.deepEqual(
            asked.filter((path) => path === "/5678.pem"),
            ["/5678.pem"],
          );
        }),
    },
    {
      name: "key-replaced",
      sentence: "a key that is replaced while the gateway runs signs the next call",
      play: async (stage) => {
        const { root, ourFiles, repository, verifier } = known();
        const fresh = await root.issue({ commonName: "SHAKEN 1234 again" });
        repository.publish("/1234.pem", fresh.certificate);
        writeFileSync(ourFiles[0], fresh.certificate);
        writeFileSync(ourFiles[1], fresh.key);
        const { gateway } = stage.exchange;
        await waitFor("the new key", () => gateway.output.includes('"event":"certificates-reloaded"'));
        const { invite } = await calledByCustomer(stage, "sign", "+12025550179");
        const claims = verifier.claimsOf(invite.value("Identity") ?? "", fresh.certificate);
        assert.equal(claims["attest"], "B");
      },
    },
  ],
};
