import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { HandClock } from "@tandem/clock/testing";
import { ExpiryWatch, repeatExpiryMs } from "./expiry-watch.ts";

const dayMs = 24 * 3600 * 1000;
let authority: TestAuthority;
before(async () => {
  authority = await TestAuthority.create("authority");
});

for (const [days, warnedForDays] of [
  [8, 2],
  [84, 21],
  [365, 21],
] as const) {
  test(`a certificate for ${days} days is told of in its last ${warnedForDays}, once a day`, async () => {
    const { certificate } = await authority.issue({ commonName: "a", days });
    const { validToDate, serialNumber } = new X509Certificate(certificate);
    const clock = new HandClock({ wallMs: validToDate.getTime() - warnedForDays * dayMs - 1 });
    const told: string[] = [];
    const watch = new ExpiryWatch(clock, (text) => told.push(text));
    watch.look("live.pem", certificate);
    assert.deepEqual(told, []);
    clock.advance(1);
    for (let looks = 0; looks < 2; looks += 1) watch.look("live.pem", certificate);
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", new RegExp(`^live\\.pem: certificate ${serialNumber} ends at `));
    clock.advance(repeatExpiryMs - 1);
    watch.look("live.pem", certificate);
    assert.equal(told.length, 1);
    clock.advance(1);
    watch.look("live.pem", certificate);
    assert.equal(told.length, 2);
  });
}

test("a new certificate in the same file is no longer told of", async () => {
  const [old, fresh] = await Promise.all([1, 30].map((days) => authority.issue({ commonName: "a", days })));
  const clock = new HandClock({ wallMs: new X509Certificate(old?.certificate ?? "").validToDate.getTime() });
  const told: string[] = [];
  const watch = new ExpiryWatch(clock, (text) => told.push(text));
  watch.look("live.pem", old?.certificate ?? "");
  clock.advance(repeatExpiryMs);
  watch.look("live.pem", fresh?.certificate ?? "");
  assert.equal(told.length, 1);
});
