import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { metricsTable } from "@tandem/telemetry";
import { noCounts } from "../server/counts.ts";
import { nameServerMetrics, nameServerNotReady } from "./name-server-metrics.ts";

const server = {
  counts: { ...noCounts(), udpQueries: 3, types: { A: 2, other: 1 }, responses: { NOERROR: 2, REFUSED: 1 } },
  connections: 1,
  zoneVersion: 4,
  appliedAtMs: 5_000,
  gatewaysByState: () => ({ alive: 1, draining: 0, silent: 1 }),
};

test("questions, answers, the zone, and gateways by their heartbeats", () => {
  const text = nameServerMetrics(server, { isConnected: false }).text();
  for (const row of [
    'tandem_dns_queries_total{transport="UDP"} 3',
    'tandem_dns_questions_total{type="other"} 1',
    'tandem_dns_responses_total{code="REFUSED"} 1',
    "tandem_zone_version 4",
    "tandem_zone_applied_timestamp_seconds 5",
    "tandem_control_connected 0",
    'tandem_dns_gateways{state="silent"} 1',
    "tandem_dns_fails_open 0",
  ]) {
    assert.ok(text.includes(`\n${row}\n`), row);
  }
});

test("it fails open when nobody is heard, and not without gateways", () => {
  const opens = (states: Record<string, number>) =>
    nameServerMetrics({ ...server, gatewaysByState: () => states }, { isConnected: true })
      .text()
      .includes("tandem_dns_fails_open 1\n");
  assert.equal(opens({ alive: 0, draining: 0, silent: 2 }), true);
  assert.equal(opens({ alive: 0, draining: 1, silent: 2 }), false);
  assert.equal(opens({ alive: 0, draining: 0, silent: 0 }), false);
});

test("ready with a zone", () => {
  assert.deepEqual(nameServerNotReady({ zoneVersion: 0 }), ["no zone"]);
  assert.deepEqual(nameServerNotReady({ zoneVersion: 1 }), []);
});

test("docs/metrics.md has every metric of the name server, as it is", () => {
  const page = readFileSync(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");
  const table = /<!-- dns:begin -->\n([\s\S]*?)<!-- dns:end -->/.exec(page)?.[1];
  const wanted = metricsTable(nameServerMetrics(server, { isConnected: true }).families);
  assert.equal(table, wanted, `put this between the marks:\n${wanted}`);
});
