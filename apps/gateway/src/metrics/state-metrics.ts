import type { Clock } from "@tandem/clock";
import type { Metrics } from "@tandem/telemetry";
import type { Gateway } from "../gateway.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { WorkerLedger } from "../ledger/worker-ledger.ts";

export interface StateSource {
  readonly clock: Clock;
  readonly gateway: Pick<Gateway, "snapshots" | "core">;
  readonly ledger: Pick<Ledger, "counts"> & Pick<WorkerLedger, "disk">;
  readonly link: { readonly isConnected: boolean };
  readonly faults: { readonly count: number };
  /** Wall clock; undefined: no certificate is served. */
  readonly certificateEndMs: () => number | undefined;
}

/** Questions: does the gateway know what control wants, do the records get away, and what will end soon? */
export function addStateMetrics(metrics: Metrics, source: StateSource): void {
  const { clock, gateway, ledger, link, faults } = source;
  let appliedAtMs = gateway.snapshots.table === undefined ? undefined : clock.wallMs();
  gateway.snapshots.onApplied(() => {
    appliedAtMs = clock.wallMs();
  });
  metrics.gauge("tandem_control_connected", "1 while the stream to control is open.", () =>
    link.isConnected ? 1 : 0,
  );
  metrics.gauge(
    "tandem_snapshot_version",
    "Version that calls are routed by; 0: none.",
    () => gateway.snapshots.version,
  );
  metrics.gauge(
    "tandem_snapshot_applied_timestamp_seconds",
    "When a snapshot was last applied, the one from disk at the start too; Unix time. Not there: never.",
    () => (appliedAtMs === undefined ? undefined : appliedAtMs / 1000),
  );
  metrics.gauge("tandem_draining", "1: no new calls are taken.", () => (gateway.core.isDraining ? 1 : 0));
  metrics.gauge(
    "tandem_journal_entries",
    "Answered calls that a restart would adopt.",
    () => ledger.counts().journal,
  );
  metrics.gauge(
    "tandem_outbox_entries",
    "Call records and alerts that control has not confirmed.",
    () => ledger.counts().outbox,
  );
  metrics.gauge(
    "tandem_outbox_oldest_age_seconds",
    "How long the oldest of them waits; 0: none does. What waited at the start counts from there.",
    () => {
      const { waitingSinceMs } = ledger.disk;
      return waitingSinceMs === undefined ? 0 : (clock.monotonicMs() - waitingSinceMs) / 1000;
    },
  );
  metrics.gauge("tandem_ledger_degraded", "1 while the disk takes neither journal nor records.", () =>
    ledger.counts().isDegraded ? 1 : 0,
  );
  metrics.counters("tandem_ledger_failures_total", "Times that the disk began to refuse.", [], (sample) =>
    sample(ledger.disk.failures),
  );
  metrics.counters(
    "tandem_ledger_lost_operations_total",
    "Changes of journal and outbox that were given up since too many waited for the disk.",
    [],
    (sample) => sample(ledger.disk.lostOperations),
  );
  metrics.counters("tandem_faults_total", "Errors of our own that were caught.", [], (sample) =>
    sample(faults.count),
  );
  metrics.gauge(
    "tandem_certificate_expiry_timestamp_seconds",
    "When the first of the certificates that are served ends, Unix time.",
    () => {
      const endMs = source.certificateEndMs();
      return endMs === undefined ? undefined : endMs / 1000;
    },
  );
}
