import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TestAuthority } from "@tandem/certificates/testing";
import { metricsTable } from "@tandem/telemetry";
import { CertificateTally, maximumToldCertificates } from "./certificate-tally.ts";

test("when certificates end, and what became of orders", async () => {
  assert.equal(maximumToldCertificates, 100);
  const tally = new CertificateTally();
  const pair = await (await TestAuthority.create("authority")).issue({ commonName: "a.test" });
  for (let i = 0; i < 101; i += 1) tally.holds(`c${i}`, pair);
  tally.holds("c0", pair);
  for (const event of ["certificate-obtained", "certificate-failed", "certificate-failed", "else"])
    tally.count(event);
  const text = tally.metrics().text();
  assert.equal(text.split("tandem_acme_certificate_expiry_timestamp_seconds{").length - 1, 100);
  assert.match(text, /tandem_acme_certificate_expiry_timestamp_seconds\{certificate="c99"\} \d+\n/);
  assert.match(text, /tandem_acme_orders_total\{result="obtained"\} 1\n/);
  assert.match(text, /tandem_acme_orders_total\{result="failed"\} 2\n/);
});

test("docs/metrics.md has every metric of acme, as it is", () => {
  const page = readFileSync(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");
  const table = /<!-- acme:begin -->\n([\s\S]*?)<!-- acme:end -->/.exec(page)?.[1];
  const wanted = metricsTable(new CertificateTally().metrics().families);
  assert.equal(table, wanted, `put this between the marks:\n${wanted}`);
});
