import { type Database, snapshotVersion } from "@tandem/database";
import { Metrics } from "@tandem/telemetry";
import type { GatewayStreamHub } from "../gateway-stream/index.ts";
import type { RecordTally } from "../records/record-tally.ts";
import type { SnapshotPublisher } from "../snapshot/index.ts";
import type { ApiTally } from "./api-tally.ts";

export interface ControlMetricsSource {
  readonly database: Pick<Database, "counts">;
  readonly api: ApiTally;
  readonly records: RecordTally;
  readonly hub: Pick<GatewayStreamHub, "gateways" | "stale">;
  readonly publisher: Pick<SnapshotPublisher, "version" | "objects" | "compileSeconds" | "failures">;
}

/** Everything that control says of itself in numbers. */
export function controlMetrics(source: ControlMetricsSource): Metrics {
  const metrics = new Metrics();
  addApi(metrics, source);
  addDatabase(metrics, source);
  addSnapshot(metrics, source);
  addGateways(metrics, source);
  addRecords(metrics, source);
  return metrics;
}

/** What keeps control from working; empty: nothing. */
export async function controlNotReady(database: Database): Promise<readonly string[]> {
  try {
    await snapshotVersion(database);
    return [];
  } catch {
    return ["database does not answer"];
  }
}

function addApi(metrics: Metrics, { api }: ControlMetricsSource): void {
  metrics.addCounter(
    "tandem_api_requests_total",
    "REST requests by the template of their route; none: there is no such path.",
    api.requests,
  );
  metrics.addHistogram(
    "tandem_api_request_duration_seconds",
    "From the header to the end of the answer.",
    api.duration,
  );
}

function addDatabase(metrics: Metrics, { database }: ControlMetricsSource): void {
  metrics.counters("tandem_database_queries_total", "Statements.", [], (sample) =>
    sample(database.counts().queries),
  );
  metrics.counters(
    "tandem_database_failures_total",
    "Statements refused by the database (which is ordinary: a name that is taken), and those lost with their session.",
    ["kind"],
    (sample) => {
      const { refused, lost } = database.counts();
      sample(refused, "refused");
      sample(lost, "lost");
    },
  );
  metrics.gauge(
    "tandem_database_sessions_in_use",
    "Sessions that a transaction has; 10 at most.",
    () => database.counts().sessionsInUse,
  );
  metrics.gauge(
    "tandem_database_waiting",
    "Transactions that wait for a session.",
    () => database.counts().waiting,
  );
}

function addSnapshot(metrics: Metrics, { publisher }: ControlMetricsSource): void {
  metrics.gauge(
    "tandem_published_snapshot_version",
    "Version that gateways are to have; 0: none yet.",
    () => publisher.version,
  );
  metrics.gauges("tandem_snapshot_objects", "How much it holds.", ["kind"], (sample) => {
    for (const [kind, count] of Object.entries(publisher.objects)) sample(count, kind);
  });
  metrics.addHistogram(
    "tandem_snapshot_compile_duration_seconds",
    "From the reading of the database to a snapshot that can be sent.",
    publisher.compileSeconds,
  );
  metrics.counters("tandem_snapshot_failures_total", "Snapshots that could not be made.", [], (sample) =>
    sample(publisher.failures),
  );
}

function addGateways(metrics: Metrics, { hub }: ControlMetricsSource): void {
  metrics.gauge("tandem_gateways_connected", "Gateways with an open stream.", () => hub.gateways().length);
  metrics.gauge(
    "tandem_gateways_stale",
    "Of these, on an older snapshot than the one published.",
    () => hub.stale,
  );
}

function addRecords(metrics: Metrics, { records }: ControlMetricsSource): void {
  metrics.counters(
    "tandem_outbox_entries_taken_total",
    "Entries of the gateways' outboxes that were stored.",
    ["kind"],
    (sample) => {
      for (const [kind, count] of Object.entries(records.taken)) sample(count, kind);
    },
  );
  metrics.counters(
    "tandem_outbox_duplicates_total",
    "Of these, stored before: delivery is at least once.",
    [],
    (sample) => sample(records.duplicates),
  );
  metrics.counters(
    "tandem_outbox_quarantined_total",
    "Entries that the schema or the database refused.",
    [],
    (sample) => sample(records.quarantined),
  );
  metrics.addHistogram(
    "tandem_record_lag_seconds",
    "From the end of a call, or an alert, to its place in the database.",
    records.lag,
  );
  metrics.counters(
    "tandem_alerts_total",
    "Alerts by the reason of docs/reasons.md.",
    ["reason", "code"],
    (sample) => {
      for (const [name, { code, count }] of records.alerts) sample(count, name, code);
    },
  );
}
