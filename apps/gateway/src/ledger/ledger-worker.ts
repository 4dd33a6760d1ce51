/** The ledger's worker thread: SQLite blocks, so it does not run where calls do. */
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { SystemClock } from "@tandem/clock";
import { makeDirectory } from "@tandem/directories";
import { AwaitedStore } from "./awaited-store.ts";
import type { LedgerReply, LedgerRequest } from "./ledger-messages.ts";
import { LedgerService } from "./ledger-service.ts";
import { LedgerStore } from "./ledger-store.ts";
import { isForLackOfRoom } from "./no-room.ts";

/** How much a power loss may cost: the write-ahead log is synced this often. */
const checkpointIntervalMs = 1000;

const port = parentPort;
if (port === null) throw new Error("the ledger's worker is no program of its own");

function reply(message: LedgerReply): void {
  port?.postMessage(message);
}

function serve(store: AwaitedStore): void {
  const clock = new SystemClock();
  const service = new LedgerService(store, reply);
  service.open();
  const tick = (): void => {
    service.tick();
    clock.schedule(checkpointIntervalMs, tick, undefined);
  };
  clock.schedule(checkpointIntervalMs, tick, undefined);
  port?.on("message", (request: LedgerRequest) => {
    service.handle(request);
    if (request.kind !== "close") return;
    clock.close();
    port?.close();
  });
}

function storeOf(file: string): AwaitedStore {
  const directory = dirname(file);
  return new AwaitedStore(
    () => {
      makeDirectory(directory);
      return new LedgerStore(file);
    },
    (error) => isForLackOfRoom(error, directory),
  );
}

try {
  serve(storeOf((workerData as { file: string }).file));
} catch (error) {
  reply({ kind: "failed-to-open", error: error instanceof Error ? error.message : String(error) });
}
