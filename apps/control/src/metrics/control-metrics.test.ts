import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { QueryError } from "@tandem/database";
import { Histogram, metricsTable } from "@tandem/telemetry";
import fastify from "fastify";
import { RecordTally } from "../records/record-tally.ts";
import { ApiTally } from "./api-tally.ts";
import { type ControlMetricsSource, controlMetrics, controlNotReady } from "./control-metrics.ts";

function source(): ControlMetricsSource {
  return {
    database: { counts: () => ({ queries: 9, refused: 2, lost: 1, sessionsInUse: 3, waiting: 4 }) },
    api: new ApiTally(),
    records: new RecordTally({ wallMs: () => 0 }),
    hub: { gateways: () => [], stale: 0 },
    publisher: {
      version: 7,
      objects: { trunks: 1, numbers: 2, carriers: 3 },
      compileSeconds: new Histogram([1]),
      failures: 5,
    },
  };
}

test("database, snapshot and gateways", () => {
  const text = controlMetrics(source()).text();
  for (const row of [
    "tandem_database_queries_total 9",
    'tandem_database_failures_total{kind="lost"} 1',
    "tandem_database_waiting 4",
    "tandem_published_snapshot_version 7",
    'tandem_snapshot_objects{kind="numbers"} 2',
    "tandem_snapshot_failures_total 5",
    "tandem_gateways_connected 0",
  ]) {
    assert.ok(text.includes(`\n${row}\n`), row);
  }
});

test("REST requests count under the template of their route, never under a path", async (context) => {
  const api = new ApiTally();
  const application = fastify();
  context.after(() => application.close());
  api.watch(application);
  application.register(async (scope) => {
    scope.get("/v1/Trunks/:Sid", async (_request, reply) => reply.status(403).send("no"));
  });
  for (const url of ["/v1/Trunks/TK1", "/v1/Trunks/TK2", "/secret"]) await application.inject(url);
  const text = controlMetrics({ ...source(), api }).text();
  assert.match(text, /tandem_api_requests_total\{route="\/v1\/Trunks\/:Sid",method="GET",status="4xx"\} 2\n/);
  assert.match(text, /tandem_api_requests_total\{route="none",method="GET",status="4xx"\} 1\n/);
  assert.match(text, /tandem_api_request_duration_seconds_count\{route="\/v1\/Trunks\/:Sid"\} 2\n/);
  assert.doesNotMatch(text, /TK1|secret/);
});

test("not ready while the database does not answer", async () => {
  const rows = (query: () => Promise<never[]>) => controlNotReady({ query } as never);
  assert.deepEqual(await rows(async () => []), []);
  const lost = async () => {
    throw new QueryError({ message: "gone", code: "08000" });
  };
  assert.deepEqual(await rows(lost), ["database does not answer"]);
});

test("docs/metrics.md has every metric of control, as it is", () => {
  const page = readFileSync(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");
  const table = /<!-- control:begin -->\n([\s\S]*?)<!-- control:end -->/.exec(page)?.[1];
  const wanted = metricsTable(controlMetrics(source()).families);
  assert.equal(table, wanted, `put this between the marks:\n${wanted}`);
});
