import pg from "pg";
import { QueryError } from "../query-error.ts";
import type { Engine, Session } from "./engine.ts";

const int8Oid = 20;
const numberTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === int8Oid ? Number : pg.types.getTypeParser(oid, format as "text"),
};

/** Every limit and time of the pool. */
export const postgresqlLimits = {
  maximumSessions: 10,
  /** Until a session must be there, a free one or a new one. */
  sessionWaitMs: 10_000,
  /** Until the answer to a statement must be there: a server that is cut off by the network does not say so. Scripts wait for ever. */
  answerWaitMs: 120_000,
} as const;

/** Sessions of a pool on a PostgreSQL server of version 15 or later. */
export class PostgresqlEngine implements Engine {
  readonly name = "postgresql";
  readonly #pool: pg.Pool;

  /** `url`: `postgres://user:password@host:port/database`. */
  constructor(
    url: string,
    options: { readonly maximumSessions?: number; readonly answerWaitMs?: number } = {},
  ) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: options.maximumSessions ?? postgresqlLimits.maximumSessions,
      types: numberTypes,
      connectionTimeoutMillis: postgresqlLimits.sessionWaitMs,
      query_timeout: options.answerWaitMs ?? postgresqlLimits.answerWaitMs,
      keepAlive: true,
      application_name: "tandem",
    });
    // An idle session that the server ends (restart, failover) is dropped by the pool; without a listener the event
    // would end the process. The next query opens a new session or fails with its own error.
    this.#pool.on("error", () => undefined);
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]> {
    return rowsOf(() => this.#pool.query(sql, [...parameters]));
  }

  async connect(): Promise<Session> {
    const client = await this.#client();
    // A session in use that dies reports through its query and also as an event.
    const onError = () => undefined;
    client.on("error", onError);
    return {
      query: (sql, parameters) => rowsOf(() => client.query(sql, [...parameters])),
      runScript: async (sql) => {
        await rowsOf(() => client.query(scriptOf(sql)));
      },
      release: (isBroken) => {
        client.off("error", onError);
        client.release(isBroken);
      },
    };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #client(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (reason) {
      throw QueryError.from(reason);
    }
  }
}

/** A migration may rewrite the largest table there is. */
function scriptOf(text: string): pg.QueryConfig {
  const withoutLimit = { text, query_timeout: 2 ** 31 - 1 };
  return withoutLimit;
}

async function rowsOf(run: () => Promise<{ rows: object[] }>): Promise<readonly object[]> {
  try {
    return (await run()).rows;
  } catch (reason) {
    throw QueryError.from(reason);
  }
}
