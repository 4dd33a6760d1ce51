import type { Server } from "node:net";
import { Worker } from "node:worker_threads";
import { makeDirectory } from "@tandem/directories";
import { connectionLost, QueryError } from "../query-error.ts";
import { lockDirectory } from "./directory-lock.ts";
import type { Engine, Session } from "./engine.ts";
import type { PgliteReply, PgliteRequest } from "./pglite-worker.ts";
import { Turnstile } from "./turnstile.ts";

interface Waiting {
  readonly resolve: (rows: readonly object[]) => void;
  readonly reject: (error: QueryError) => void;
}

/**
 * PGlite in a worker thread. Starting → ready → closed, or → lost when the thread dies. It has one session, so users
 * come in one at a time. The thread keeps the process alive only while somebody waits for it.
 */
export class PgliteEngine implements Engine {
  readonly name = "pglite";
  readonly #worker: Worker;
  readonly #turnstile = new Turnstile();
  readonly #waiting = new Map<number, Waiting>();
  readonly #lock: Server | undefined;
  #lastId = 0;
  #lost: QueryError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(dataDirectory: string | undefined, lock: Server | undefined) {
    this.#lock = lock;
    this.#worker = new Worker(new URL("./pglite-worker.ts", import.meta.url), {
      workerData: { dataDirectory },
    });
    this.#worker.on("message", (reply: PgliteReply) => this.#onReply(reply));
    this.#worker.on("error", (error) => this.#onLost(`the database thread failed: ${String(error)}`, error));
    this.#worker.on("exit", () => this.#onLost("the database thread has ended", undefined));
  }

  /**
   * Takes seconds. `dataDirectory`: where the data lie; left out: in memory. Throws a `DirectoryLockedError` when
   * another process uses it.
   */
  static async start(dataDirectory?: string): Promise<PgliteEngine> {
    const engine = new PgliteEngine(dataDirectory, await lockOf(dataDirectory));
    const { promise, resolve, reject } = Promise.withResolvers<readonly object[]>();
    engine.#waiting.set(0, { resolve, reject });
    try {
      await promise;
    } catch (error) {
      await engine.#end();
      throw error;
    }
    return engine;
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]> {
    return this.#turnstile.run(() => this.#request("query", sql, parameters));
  }

  async connect(): Promise<Session> {
    const leave = await this.#turnstile.enter();
    return {
      query: (sql, parameters) => this.#request("query", sql, parameters),
      runScript: async (sql) => {
        await this.#request("script", sql, []);
      },
      release: leave,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#turnstile.run(async () => {
      if (this.#lost === undefined) await this.#request("close", "", []);
      await this.#end();
    });
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#worker.terminate();
    this.#lock?.close();
  }

  #request(
    kind: PgliteRequest["kind"],
    sql: string,
    parameters: readonly unknown[],
  ): Promise<readonly object[]> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<readonly object[]>();
    this.#waiting.set(id, { resolve, reject });
    this.#worker.ref();
    try {
      this.#worker.postMessage({ id, kind, sql, parameters } satisfies PgliteRequest);
    } catch (error) {
      // A parameter that cannot be copied to the other thread (a function, a symbol).
      this.#settle(id)?.reject(
        new QueryError({ message: `unusable parameter: ${String(error)}`, code: "22000", cause: error }),
      );
    }
    return promise;
  }

  #onReply(reply: PgliteReply): void {
    const waiting = this.#settle(reply.id);
    if (reply.ok) waiting?.resolve(reply.rows);
    else waiting?.reject(QueryError.from(reply.error));
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    return waiting;
  }

  #onLost(message: string, cause: unknown): void {
    this.#lost ??= new QueryError({ message, code: connectionLost, cause });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#lost);
    this.#waiting.clear();
  }
}

async function lockOf(dataDirectory: string | undefined): Promise<Server | undefined> {
  if (dataDirectory === undefined) return undefined;
  makeDirectory(dataDirectory);
  return lockDirectory(dataDirectory);
}
