import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { type IssuedCertificate, TestAuthority } from "@tandem/certificates/testing";
import { renewalTime, retryDelayMs } from "./renewal-time.ts";

let pair: IssuedCertificate;
let other: IssuedCertificate;
before(async () => {
  const authority = await TestAuthority.create("authority");
  pair = await authority.issue({
    commonName: "a.test",
    alternativeNames: "DNS:a.test,DNS:*.a.test",
    days: 90,
  });
  other = await authority.issue({ commonName: "other" });
});

test("a certificate is renewed at two thirds of its life", () => {
  const fromMs = new X509Certificate(pair.certificate).validFromDate.getTime();
  assert.equal(renewalTime(pair, ["a.test"]), fromMs + 60 * 24 * 3600 * 1000);
});

test("at once when there is none, it is no pair, or a name is missing", () => {
  assert.equal(renewalTime(undefined, ["a.test"]), 0);
  assert.equal(renewalTime({ ...pair, key: other.key }, ["a.test"]), 0);
  assert.equal(renewalTime({ ...pair, certificate: "half" }, ["a.test"]), 0);
  assert.equal(renewalTime(pair, ["a.test", "b.test"]), 0);
  assert.ok(renewalTime(pair, ["a.test", "*.a.test"]) > 0);
});

test("failures wait a minute, then twice as long each time, at most six hours", () => {
  const minutes = [1, 2, 3, 4, 9, 10, 1000].map((failures) => retryDelayMs(failures) / 60_000);
  assert.deepEqual(minutes, [1, 2, 4, 8, 256, 360, 360]);
});
