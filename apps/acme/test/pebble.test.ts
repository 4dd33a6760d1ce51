/** Certificates from a real ACME server, in its strict mode: by http-01 and dns-01, renewed, and refused. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { keyPairFault } from "@tandem/certificates";
import { HandClock } from "@tandem/clock/testing";
import type { AcmeConfiguration } from "@tandem/contracts";
import { accountKey } from "../src/account-key.ts";
import { AcmeAuthority } from "../src/acme-authority.ts";
import { CertificateKeeper } from "../src/certificate-keeper.ts";
import { CertificateStore } from "../src/certificate-store.ts";
import { HttpSolver } from "../src/solvers/http-solver.ts";
import { hasPebble, Pebble } from "./pebble.ts";

const isRoot = process.getuid?.() === 0;
const main = new URL("../src/main.ts", import.meta.url).pathname;

if (!hasPebble()) {
  it("ACME needs pebble", (context) => {
    if (isRoot) assert.fail("there is no pebble");
    context.skip("there is no pebble");
  });
} else describe("certificates by ACME", tests);

interface Outcome {
  readonly code: number | null;
  readonly events: readonly Record<string, unknown>[];
}

function tests(): void {
  let pebble: Pebble;
  let directory: string;
  before(async () => {
    pebble = await Pebble.start(223);
    directory = join(pebble.directory, "certificates");
  });
  after(() => pebble.stop());

  /** The program itself, once. */
  function once(changes: Partial<AcmeConfiguration>): Promise<Outcome> {
    const file = join(pebble.directory, "acme.json");
    const configuration: AcmeConfiguration = {
      directoryUrl: pebble.directoryUrl,
      authoritiesFile: pebble.authoritiesFile,
      termsOfServiceAgreed: true,
      email: "operator@tandem.test",
      directory,
      solver: { type: "http-01", address: pebble.domainAddress, port: pebble.httpPort },
      certificates: [{ name: "edge", domains: ["ashburn.tandem.test", "example.pstn.tandem.test"] }],
      ...changes,
    };
    writeFileSync(file, JSON.stringify(configuration));
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const child = spawn(process.execPath, [main, "--once", "--config", file], { env });
    let output = "";
    child.stdout.on("data", (data: Buffer) => (output += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output += data.toString()));
    return new Promise((resolve, reject) => {
      child.once("close", (code) => {
        try {
          const lines = output.split("\n").filter((line) => line.startsWith("{"));
          resolve({ code, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) });
        } catch {
          reject(new Error(output));
        }
      });
    });
  }

  const pairOf = (name: string) => {
    const read = (file: string): string => readFileSync(join(directory, name, file), "utf8");
    return { certificate: read("certificate.pem"), key: read("key.pem") };
  };

  it("are obtained by http-01, with a chain and a key of their own, and not again while they are young", async () => {
    const first = await once({});
    assert.equal(first.code, 0, JSON.stringify(first.events));
    const pair = pairOf("edge");
    assert.equal(keyPairFault(pair.certificate, pair.key), undefined);
    const leaf = new X509Certificate(pair.certificate);
    assert.match(leaf.subjectAltName ?? "", /DNS:ashburn\.tandem\.test/);
    assert.match(leaf.subjectAltName ?? "", /DNS:example\.pstn\.tandem\.test/);
    assert.ok(pair.certificate.split("-----BEGIN CERTIFICATE-----").length > 2, "the intermediate is there");
    assert.equal(statSync(join(directory, "edge", "key.pem")).mode & 0o777, 0o600);
    const second = await once({});
    assert.deepEqual([second.code, second.events], [0, []]);
    assert.deepEqual(pairOf("edge"), pair);
  });

  it("are obtained by dns-01, wildcards too, through a program", async () => {
    const outcome = await once({
      solver: { type: "dns-01", command: [...pebble.dnsHook] },
      certificates: [{ name: "trunks", domains: ["*.pstn.tandem.test"] }],
    });
    assert.equal(outcome.code, 0, JSON.stringify(outcome.events));
    assert.match(new X509Certificate(pairOf("trunks").certificate).subjectAltName ?? "", /DNS:\*\.pstn\./);
  });

  it("stay as they are when a challenge fails, and the log says what the authority said", async () => {
    const kept = pairOf("edge");
    const outcome = await once({
      solver: { type: "http-01", address: pebble.domainAddress, port: pebble.httpPort + 1 },
      certificates: [{ name: "edge", domains: ["ashburn.tandem.test", "new.tandem.test"] }],
    });
    assert.equal(outcome.code, 1);
    const [failed] = outcome.events;
    assert.equal(failed?.["event"], "certificate-failed");
    assert.match(JSON.stringify(failed?.["error"]), /unauthorized|connection refused|Unable to/i);
    assert.deepEqual(pairOf("edge"), kept);
    assert.equal(existsSync(join(directory, ".edge")), false);
  });

  it("are renewed at two thirds of their life, with a new key", async () => {
    const old = pairOf("edge");
    const leaf = new X509Certificate(old.certificate);
    const fromMs = leaf.validFromDate.getTime();
    const dueMs = Math.floor(fromMs + ((leaf.validToDate.getTime() - fromMs) * 2) / 3);
    const events: string[] = [];
    const clock = new HandClock({ wallMs: dueMs - 1 });
    const authority = new AcmeAuthority({
      directoryUrl: pebble.directoryUrl,
      authorities: readFileSync(pebble.authoritiesFile, "utf8"),
      accountKey: await accountKey(directory),
      email: undefined,
      solver: new HttpSolver(pebble.domainAddress, pebble.httpPort),
    });
    const keeper = new CertificateKeeper({
      clock,
      certificates: [{ name: "edge", domains: ["ashburn.tandem.test"] }],
      store: new CertificateStore(directory),
      order: (domains) => authority.order(domains),
      onEvent: (event, fields) => events.push(`${event} ${String(fields["error"])}`),
    });
    assert.equal(await keeper.renewDue(), 0, events.join());
    assert.deepEqual(pairOf("edge"), old);
    clock.advance(1);
    assert.equal(await keeper.renewDue(), 0, events.join());
    const renewed = pairOf("edge");
    assert.notEqual(new X509Certificate(renewed.certificate).serialNumber, leaf.serialNumber);
    assert.notEqual(renewed.key, old.key);
    assert.equal(keyPairFault(renewed.certificate, renewed.key), undefined);
  });
}
