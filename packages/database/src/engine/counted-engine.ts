import { connectionLost, QueryError } from "../query-error.ts";
import type { Engine, Session } from "./engine.ts";

/** What an engine has done since it was opened, and does now. */
export interface DatabaseCounts {
  readonly queries: number;
  /** Of these, refused by the database: a value that may not be, a unique index, … */
  readonly refused: number;
  /** Of these, without an answer: no session, or one that broke. */
  readonly lost: number;
  readonly sessionsInUse: number;
  /** Who waits for a session. */
  readonly waiting: number;
}

/** Counts what goes through an engine. */
export class CountedEngine implements Engine {
  readonly name: Engine["name"];
  readonly #engine: Engine;
  readonly #counts = { queries: 0, refused: 0, lost: 0, sessionsInUse: 0, waiting: 0 };

  constructor(engine: Engine) {
    this.#engine = engine;
    this.name = engine.name;
  }

  counts(): DatabaseCounts {
    return { ...this.#counts };
  }

  query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]> {
    return this.#counted(() => this.#engine.query(sql, parameters));
  }

  async connect(): Promise<Session> {
    const session = await this.#waitFor(() => this.#engine.connect());
    this.#counts.sessionsInUse += 1;
    return {
      query: (sql, parameters) => this.#counted(() => session.query(sql, parameters)),
      runScript: (sql) => this.#counted(() => session.runScript(sql)),
      release: (isBroken) => {
        this.#counts.sessionsInUse -= 1;
        session.release(isBroken);
      },
    };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  async #waitFor(connect: () => Promise<Session>): Promise<Session> {
    this.#counts.waiting += 1;
    try {
      return await connect();
    } catch (error) {
      this.#countFailure(error);
      throw error;
    } finally {
      this.#counts.waiting -= 1;
    }
  }

  async #counted<T>(run: () => Promise<T>): Promise<T> {
    this.#counts.queries += 1;
    try {
      return await run();
    } catch (error) {
      this.#countFailure(error);
      throw error;
    }
  }

  #countFailure(error: unknown): void {
    const isLost = error instanceof QueryError && error.code === connectionLost;
    if (isLost) this.#counts.lost += 1;
    else this.#counts.refused += 1;
  }
}
