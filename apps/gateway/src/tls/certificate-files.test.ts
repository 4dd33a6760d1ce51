import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { type IssuedCertificate, TestAuthority } from "@tandem/certificates/testing";
import { HandClock } from "@tandem/clock/testing";
import type { TlsOptions } from "@tandem/sip/transport";
import { CertificateFiles, certificateFaultGraceMs, certificatePollMs } from "./certificate-files.ts";
import { maximumPemFileBytes } from "./tls-part-files.ts";
import { tlsFiles } from "./tls-parts.ts";

let authority: TestAuthority;
let old: IssuedCertificate;
let fresh: IssuedCertificate;
let other: IssuedCertificate;
before(async () => {
  authority = await TestAuthority.create("authority");
  [old, fresh, other] = (await Promise.all(
    ["old", "fresh", "other"].map((commonName) => authority.issue({ commonName })),
  )) as [IssuedCertificate, IssuedCertificate, IssuedCertificate];
});

class Scene {
  /** The certificates are for two days from now on. */
  readonly clock = new HandClock({ wallMs: new X509Certificate(old.certificate).validFromDate.getTime() });
  readonly applied: TlsOptions[] = [];
  readonly events: { readonly event: string; readonly text: string }[] = [];
  readonly lasting: string[] = [];
  readonly expiring: string[] = [];
  readonly files: CertificateFiles<TlsOptions>;
  readonly directory = mkdtempSync(join(tmpdir(), "certificate-files-"));

  constructor(context: TestContext) {
    context.after(() => rmSync(this.directory, { recursive: true }));
    this.write("main.pem", old.certificate);
    this.write("main.key", old.key);
    this.write("other.pem", other.certificate);
    this.write("other.key", other.key);
    this.write("authorities.pem", authority.certificate);
    this.files = new CertificateFiles({
      clock: this.clock,
      files: tlsFiles({
        certificates: [
          { serverNames: [], certificateFile: this.at("main.pem"), keyFile: this.at("main.key") },
          { serverNames: ["o.test"], certificateFile: this.at("other.pem"), keyFile: this.at("other.key") },
        ],
        clientCertificate: { certificateFile: this.at("other.pem"), keyFile: this.at("other.key") },
        authoritiesFile: this.at("authorities.pem"),
        verifyPeers: false,
      }),
      apply: (tls) => this.applied.push(tls),
      onEvent: (event, fields) => this.events.push({ event, text: textOf(fields["error"]) }),
      onLastingFault: (text) => this.lasting.push(text),
      onExpiring: (text) => this.expiring.push(text),
    });
  }

  at(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, text: string): void {
    writeFileSync(this.at(name), text, { mode: 0o600 });
  }

  take(): readonly string[] {
    return this.events.splice(0).map(({ event }) => event.replace("certificates-", ""));
  }

  /** Keys that serve since the last change. */
  keys(): readonly (string | undefined)[] {
    return this.applied[this.applied.length - 1]?.certificates.map(({ key }) => key) ?? [];
  }
}

function textOf(error: unknown): string {
  return typeof error === "string" ? error : "";
}

async function opened(context: TestContext): Promise<Scene> {
  const scene = new Scene(context);
  await scene.files.first();
  return scene;
}

test("everything that is configured is read", async (context) => {
  const tls = await new Scene(context).files.first();
  assert.deepEqual(tls, {
    certificates: [
      { serverNames: [], ...old },
      { serverNames: ["o.test"], ...other },
    ],
    clientCertificate: other,
    authorities: authority.certificate,
    verifyPeers: false,
  });
});

test("files that are as they were are not told of; new ones are taken", async (context) => {
  const scene = await opened(context);
  await scene.files.look();
  assert.deepEqual([scene.take(), scene.applied.length], [[], 0]);
  scene.write("main.pem", fresh.certificate);
  scene.write("main.key", fresh.key);
  await scene.files.look();
  assert.deepEqual([scene.take(), scene.keys()], [["reloaded"], [fresh.key, other.key]]);
});

test("a file put in place by a rename is noticed, whatever its time and size", async (context) => {
  const scene = await opened(context);
  scene.write("next.pem", fresh.certificate);
  scene.write("next.key", fresh.key);
  renameSync(scene.at("next.pem"), scene.at("main.pem"));
  renameSync(scene.at("next.key"), scene.at("main.key"));
  await scene.files.look();
  assert.deepEqual(scene.keys(), [fresh.key, other.key]);
});

test("the old pair serves on while the new one is half there, told once; then the new one does", async (context) => {
  const scene = await opened(context);
  scene.write("main.pem", fresh.certificate);
  await scene.files.look();
  await scene.files.look();
  assert.deepEqual([scene.events.length, scene.applied.length], [1, 0]);
  assert.match(
    scene.events[0]?.text ?? "",
    /main\.pem, .*main\.key: the key is not that of the certificate$/,
  );
  scene.write("main.key", fresh.key.slice(0, 60));
  await scene.files.look();
  assert.match(scene.events[1]?.text ?? "", /key: it cannot be read$/);
  assert.ok(!scene.events.some(({ text }) => text.includes(fresh.key.slice(30, 60))), "no key in the log");
  scene.write("main.key", fresh.key);
  await scene.files.look();
  assert.deepEqual(
    [scene.take(), scene.keys()],
    [
      ["refused", "refused", "reloaded"],
      [fresh.key, other.key],
    ],
  );
});

test("one bad pair does not hold up another", async (context) => {
  const scene = await opened(context);
  scene.write("main.pem", "half");
  scene.write("other.pem", fresh.certificate);
  scene.write("other.key", fresh.key);
  await scene.files.look();
  assert.deepEqual(
    [scene.take(), scene.keys()],
    [
      ["refused", "reloaded"],
      [old.key, fresh.key],
    ],
  );
  assert.equal(scene.applied[0]?.certificates[0]?.certificate, old.certificate);
  assert.equal(scene.applied[0]?.clientCertificate?.key, fresh.key);
});

test("authorities that were cut off do not become fewer", async (context) => {
  const scene = await opened(context);
  const two = authority.certificate + other.certificate;
  scene.write("authorities.pem", two.slice(0, -50));
  await scene.files.look();
  assert.deepEqual([scene.take(), scene.applied.length], [["refused"], 0]);
  scene.write("authorities.pem", two);
  await scene.files.look();
  assert.equal(scene.applied[0]?.authorities, two);
});

test("files that are gone leave what there was", async (context) => {
  const scene = await opened(context);
  rmSync(scene.at("main.key"));
  await scene.files.look();
  assert.deepEqual([scene.take(), scene.applied.length], [["refused"], 0]);
  scene.write("main.key", old.key);
  await scene.files.look();
  assert.deepEqual([scene.take(), scene.applied.length], [[], 0], "it is as it was");
});

test("a reload on demand tells what became of it, changed or not", async (context) => {
  const scene = await opened(context);
  await scene.files.reload();
  assert.deepEqual([scene.take(), scene.applied.length], [["reloaded"], 1]);
  scene.write("main.key", other.key);
  await scene.files.reload();
  await scene.files.reload();
  assert.deepEqual([scene.take(), scene.applied.length], [["refused", "refused"], 1]);
});

test("a fault that lasts is told once, and again after it was mended", async (context) => {
  const scene = await opened(context);
  const breakIt = async (): Promise<void> => {
    scene.write("main.key", other.key);
    await scene.files.look();
    scene.clock.advance(certificateFaultGraceMs - 1);
  };
  await breakIt();
  await scene.files.look();
  assert.equal(scene.lasting.length, 0);
  scene.clock.advance(1);
  await scene.files.look();
  await scene.files.look();
  assert.equal(scene.lasting.length, 1);
  scene.write("main.key", old.key);
  await scene.files.look();
  await breakIt();
  scene.clock.advance(1);
  await scene.files.look();
  assert.equal(scene.lasting.length, 2);
});

test("at the start there is nothing to serve on with", async (context) => {
  const scene = new Scene(context);
  scene.write("other.key", old.key);
  await assert.rejects(scene.files.first(), /other\.key: the key is not that of the certificate/);
});

test("both certificates that are served are told of when they end soon, the client's is not", async (context) => {
  const scene = await opened(context);
  await scene.files.look();
  assert.equal(scene.expiring.length, 0);
  scene.clock.advance(47 * 3600 * 1000);
  await scene.files.look();
  assert.deepEqual(
    scene.expiring.map((text) => text.split(":")[0]),
    [scene.at("main.pem"), scene.at("other.pem")],
  );
});

test("a link that leads to another pair is noticed", async (context) => {
  const scene = await opened(context);
  for (const [name, pair] of [
    ["first", old],
    ["second", fresh],
  ] as const) {
    mkdirSync(scene.at(name));
    scene.write(join(name, "certificate.pem"), pair.certificate);
    scene.write(join(name, "key.pem"), pair.key);
  }
  symlinkSync("first", scene.at("live"));
  const at = (name: string): string => join(scene.at("live"), name);
  const applied: TlsOptions[] = [];
  const files = new CertificateFiles({
    clock: scene.clock,
    files: tlsFiles({
      certificates: [{ serverNames: [], certificateFile: at("certificate.pem"), keyFile: at("key.pem") }],
    }),
    apply: (tls) => applied.push(tls),
    onEvent: () => undefined,
    onLastingFault: () => undefined,
    onExpiring: () => undefined,
  });
  await files.first();
  symlinkSync("second", scene.at("next"));
  renameSync(scene.at("next"), scene.at("live"));
  await files.look();
  assert.equal(applied[0]?.certificates[0]?.key, fresh.key);
});

test("a key too weak for TLS is a fault of its pair", async (context) => {
  const scene = await opened(context);
  const weak = await authority.issue({ commonName: "weak", rsaBits: 512 });
  scene.write("main.pem", weak.certificate);
  scene.write("main.key", weak.key);
  await scene.files.look();
  assert.equal(scene.applied.length, 0);
  assert.match(scene.events[0]?.text ?? "", /too small/);
});

test("a file as large as the limit is read, a larger one is not", async (context) => {
  const scene = await opened(context);
  const padded = (bytes: number): string => `${fresh.key}${"#".repeat(bytes - fresh.key.length)}`;
  scene.write("main.pem", fresh.certificate);
  scene.write("main.key", padded(maximumPemFileBytes + 1));
  await scene.files.look();
  assert.match(scene.events[0]?.text ?? "", /bytes are too many/);
  scene.write("main.key", padded(maximumPemFileBytes));
  await scene.files.look();
  assert.equal(scene.applied.length, 1);
});

test("it looks at every interval until it is closed", async (context) => {
  const scene = await opened(context);
  scene.files.start();
  assert.equal(scene.clock.nextDelayMs, certificatePollMs);
  scene.write("main.pem", fresh.certificate);
  scene.write("main.key", fresh.key);
  scene.clock.advance(certificatePollMs);
  // On demand they wait for one another: the look that the timer began is over then.
  await scene.files.reload();
  assert.deepEqual(scene.take(), ["reloaded", "reloaded"]);
  assert.equal(scene.clock.nextDelayMs, certificatePollMs);
  scene.files.close();
  assert.equal(scene.clock.pendingTimers, 0);
});
