import { AsyncLocalStorage } from "node:async_hooks";
import type { Database, Transaction } from "../database.ts";
import { connectionLost, QueryError } from "../query-error.ts";
import { CountedEngine, type DatabaseCounts } from "./counted-engine.ts";
import type { Engine, Session } from "./engine.ts";
import { Turnstile } from "./turnstile.ts";

/**
 * Transactions over an engine. Open → (close) → closed.
 *
 * The current transaction travels with the asynchronous context: `query` and `transaction` of the database itself join
 * it. Without that, code inside a transaction that uses the outer handle would wait for a session that only its own
 * end sets free: always on PGlite, under load on a pool.
 */
export class TransactionalDatabase implements Database {
  readonly engine: "pglite" | "postgresql";
  readonly #engine: CountedEngine;
  readonly #current = new AsyncLocalStorage<OpenTransaction>();
  #closing: Promise<void> | undefined;

  constructor(engine: Engine) {
    this.#engine = new CountedEngine(engine);
    this.engine = engine.name;
  }

  counts(): DatabaseCounts {
    return this.#engine.counts();
  }

  async query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    const current = this.#joined();
    if (current !== undefined) return current.query<Row>(sql, parameters);
    this.#checkOpen();
    return (await this.#engine.query(sql, parameters)) as readonly Row[];
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options: { readonly isolation?: "read committed" | "repeatable read" | "serializable" } = {},
  ): Promise<T> {
    const current = this.#joined();
    if (current !== undefined) return current.transaction(work);
    this.#checkOpen();
    const session = await this.#engine.connect();
    return inSession(session, async () => {
      await session.query(`begin isolation level ${options.isolation ?? "read committed"}`, []);
      const transaction = new OpenTransaction(session, this.#current, 0);
      return finish(session, transaction, work, { keep: "commit", undo: ["rollback"] });
    });
  }

  async runScript(sql: string): Promise<void> {
    const current = this.#joined();
    if (current !== undefined) return current.runScript(sql);
    this.#checkOpen();
    const session = await this.#engine.connect();
    await inSession(session, () => session.runScript(sql));
  }

  close(): Promise<void> {
    this.#closing ??= this.#engine.close();
    return this.#closing;
  }

  #joined(): OpenTransaction | undefined {
    const current = this.#current.getStore();
    return current?.isOpen === true ? current : undefined;
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new QueryError({ message: "the database is closed", code: connectionLost });
  }
}

/** Open → (its function has returned) → ended. */
class OpenTransaction implements Transaction {
  isOpen = true;
  readonly #session: Session;
  readonly #current: AsyncLocalStorage<OpenTransaction>;
  readonly #depth: number;
  readonly #savepoints = new Turnstile();

  constructor(session: Session, current: AsyncLocalStorage<OpenTransaction>, depth: number) {
    this.#session = session;
    this.#current = current;
    this.#depth = depth;
  }

  async query<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    this.#checkOpen();
    return (await this.#session.query(sql, parameters)) as readonly Row[];
  }

  async runScript(sql: string): Promise<void> {
    this.#checkOpen();
    await this.#session.runScript(sql);
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#savepoints.run(async () => {
      this.#checkOpen();
      const name = `savepoint_${this.#depth + 1}`;
      await this.#session.query(`savepoint ${name}`, []);
      const inner = new OpenTransaction(this.#session, this.#current, this.#depth + 1);
      return finish(this.#session, inner, work, {
        keep: `release savepoint ${name}`,
        undo: [`rollback to savepoint ${name}`, `release savepoint ${name}`],
      });
    });
  }

  /** Runs `work` so that the database's own handle finds this transaction. */
  enter<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.#current.run(this, () => work(this));
  }

  #checkOpen(): void {
    if (this.isOpen) return;
    throw new QueryError({ message: "the transaction has ended", code: "25P01" });
  }
}

async function finish<T>(
  session: Session,
  transaction: OpenTransaction,
  work: (transaction: Transaction) => Promise<T>,
  words: { readonly keep: string; readonly undo: readonly string[] },
): Promise<T> {
  let result: T;
  try {
    result = await transaction.enter(work);
  } catch (error) {
    transaction.isOpen = false;
    // A lost session undoes by itself, and may never answer.
    if (!isLost(error)) for (const word of words.undo) await session.query(word, []);
    throw error;
  }
  transaction.isOpen = false;
  await session.query(words.keep, []);
  return result;
}

/** Gives the session back; a lost connection must not go back into the pool. */
async function inSession<T>(session: Session, work: () => Promise<T>): Promise<T> {
  let isBroken = false;
  try {
    return await work();
  } catch (error) {
    isBroken = isLost(error);
    throw error;
  } finally {
    session.release(isBroken);
  }
}

function isLost(error: unknown): boolean {
  return error instanceof QueryError && error.code.startsWith("08");
}
