import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { type IssuedCertificate, TestAuthority } from "@tandem/certificates/testing";
import { HandClock } from "@tandem/clock/testing";
import { CertificateKeeper, lookEveryMs } from "./certificate-keeper.ts";
import type { CertificatePair } from "./renewal-time.ts";

let authority: TestAuthority;
let old: IssuedCertificate;
let fresh: IssuedCertificate;
before(async () => {
  authority = await TestAuthority.create("authority");
  const wishes = { commonName: "a.test", alternativeNames: "DNS:a.test", days: 90 };
  [old, fresh] = [await authority.issue(wishes), await authority.issue(wishes)];
});

class Scene {
  readonly clock: HandClock;
  readonly events: string[] = [];
  readonly kept = new Map<string, CertificatePair>();
  orders = 0;
  outcome: CertificatePair | Error;
  readonly keeper: CertificateKeeper;

  constructor(wallMs: number, present: CertificatePair | undefined, names = ["edge"]) {
    this.clock = new HandClock({ wallMs });
    this.outcome = fresh;
    if (present !== undefined) this.kept.set("edge", present);
    this.keeper = new CertificateKeeper({
      clock: this.clock,
      certificates: names.map((name) => ({ name, domains: ["a.test"] })),
      store: {
        read: async (name) => this.kept.get(name),
        write: async (name, pair) => void this.kept.set(name, pair),
      },
      order: async () => {
        this.orders += 1;
        if (this.outcome instanceof Error) throw this.outcome;
        return this.outcome;
      },
      onEvent: (event, fields) =>
        this.events.push(`${event} ${JSON.stringify(fields["retryInSeconds"]) ?? ""}`.trim()),
    });
  }
}

const bornMs = (): number => new X509Certificate(old.certificate).validFromDate.getTime();
const day = 24 * 3600 * 1000;

test("nothing is ordered before two thirds of the life, and then once", async () => {
  const scene = new Scene(bornMs() + 60 * day - 1, old);
  assert.equal(await scene.keeper.renewDue(), 0);
  assert.deepEqual([scene.orders, scene.events], [0, []]);
  scene.clock.advance(1);
  assert.equal(await scene.keeper.renewDue(), 0);
  assert.deepEqual(
    [scene.orders, scene.events, scene.kept.get("edge")],
    [1, ["certificate-obtained"], fresh],
  );
});

test("what fails leaves the pair there is, waits longer each time, and holds up no other", async () => {
  const scene = new Scene(bornMs() + 80 * day, old, ["edge", "second"]);
  scene.outcome = new Error("no");
  assert.equal(await scene.keeper.renewDue(), 2);
  assert.deepEqual(scene.events.splice(0), ["certificate-failed 60", "certificate-failed 60"]);
  assert.equal(scene.kept.get("edge"), old);
  scene.clock.advance(59_999);
  await scene.keeper.renewDue();
  assert.equal(scene.orders, 2);
  scene.clock.advance(1);
  await scene.keeper.renewDue();
  assert.deepEqual(scene.events.splice(0), ["certificate-failed 120", "certificate-failed 120"]);
  scene.outcome = fresh;
  scene.clock.advance(120_000);
  await scene.keeper.renewDue();
  assert.equal(scene.kept.get("edge"), fresh);
});

test("a certificate that is not of our key is not taken", async () => {
  const scene = new Scene(bornMs() + 80 * day, old);
  scene.outcome = { certificate: fresh.certificate, key: old.key };
  assert.equal(await scene.keeper.renewDue(), 1);
  assert.equal(scene.kept.get("edge"), old);
});

test("it looks every minute until it is closed", async () => {
  const scene = new Scene(bornMs() + day, old);
  scene.keeper.start();
  assert.equal(scene.clock.nextDelayMs, 0);
  await scene.keeper.look();
  assert.ok(scene.clock.pendingTimers >= 1);
  scene.keeper.close();
  const pending = scene.clock.pendingTimers;
  await scene.keeper.look();
  assert.equal(scene.clock.pendingTimers, pending, `no look ${lookEveryMs} ms after the end`);
});
