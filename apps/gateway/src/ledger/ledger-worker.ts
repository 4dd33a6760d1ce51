/** The ledger's worker thread: SQLite blocks, so it does not run where calls do. */
import { parentPort, workerData } from "node:worker_threads";
import { SystemClock } from "@tandem/clock";
import { LedgerCommitter } from "./ledger-committer.ts";
import type { LedgerReply, LedgerRequest } from "./ledger-messages.ts";
import { LedgerStore } from "./ledger-store.ts";

/** How much a power loss may cost: the write-ahead log is synced this often. */
const checkpointIntervalMs = 1000;

const port = parentPort;
if (port === null) throw new Error("the ledger's worker is no program of its own");

function reply(message: LedgerReply): void {
  port?.postMessage(message);
}

function serve(store: LedgerStore): void {
  const clock = new SystemClock();
  const committer = new LedgerCommitter(store);
  let isDirty = false;
  const counts = store.counts();
  reply({ kind: "opened", journal: store.journal(), outbox: counts.outbox });

  const tick = (): void => {
    if (committer.isDegraded) report(-1, committer.commit([]));
    if (isDirty) {
      isDirty = false;
      store.checkpoint();
    }
    clock.schedule(checkpointIntervalMs, tick, undefined);
  };
  clock.schedule(checkpointIntervalMs, tick, undefined);

  const report = (batch: number, outcome: { isDegraded: boolean; error: string | undefined }): void => {
    reply({ kind: "committed", batch, ...outcome, ...store.counts() });
  };

  port?.on("message", (request: LedgerRequest) => {
    switch (request.kind) {
      case "commit":
        isDirty = true;
        report(request.batch, committer.commit(request.operations));
        return;
      case "read":
        reply({ kind: "entries", id: request.id, batch: store.read(request.afterSequence, request.limit) });
        return;
      case "close":
        committer.commit([]);
        store.close();
        clock.close();
        reply({ kind: "closed" });
        port?.close();
        return;
    }
  });
}

try {
  serve(new LedgerStore((workerData as { file: string }).file));
} catch (error) {
  reply({ kind: "failed-to-open", error: error instanceof Error ? error.message : String(error) });
}
