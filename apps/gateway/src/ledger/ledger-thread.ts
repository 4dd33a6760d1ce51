import { Worker } from "node:worker_threads";
import type { LedgerReply, LedgerRequest } from "./ledger-messages.ts";

export type LedgerOpened = Extract<LedgerReply, { kind: "opened" }>;

/** One life of the ledger's worker thread. */
export class LedgerThread {
  readonly opened: LedgerOpened;
  readonly #worker: Worker;

  private constructor(worker: Worker, opened: LedgerOpened) {
    this.#worker = worker;
    this.opened = opened;
  }

  /** @throws Error when the database can't be opened, or another process has it */
  static async start(file: string): Promise<LedgerThread> {
    const worker = new Worker(new URL("./ledger-worker.ts", import.meta.url), { workerData: { file } });
    const first = await new Promise<LedgerReply>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the worker ended before it was open")));
    });
    if (first.kind === "opened") return new LedgerThread(worker, first);
    await worker.terminate();
    throw new Error(`${file}: ${first.kind === "failed-to-open" ? first.error : "did not open"}`);
  }

  /** `onEnd` is called once: with the error of a thread that died, with undefined after `close`. */
  listen(onReply: (reply: LedgerReply) => void, onEnd: (error: Error | undefined) => void): void {
    let failure: Error | undefined;
    this.#worker.on("message", onReply);
    this.#worker.on("error", (error) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.once("exit", () => onEnd(failure));
  }

  post(request: LedgerRequest): void {
    this.#worker.postMessage(request);
  }

  /** @internal As a crash would end it. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }
}
