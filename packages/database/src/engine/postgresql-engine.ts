import pg from "pg";
import { QueryError } from "../query-error.ts";
import type { Engine, Session } from "./engine.ts";

const int8Oid = 20;
const numberTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === int8Oid ? Number : pg.types.getTypeParser(oid, format as "text"),
};

/** Sessions of a pool on a PostgreSQL server of version 15 or later. */
export class PostgresqlEngine implements Engine {
  readonly name = "postgresql";
  readonly #pool: pg.Pool;

  /** `url`: `postgres://user:password@host:port/database`. */
  constructor(url: string, options: { readonly maximumSessions?: number } = {}) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: options.maximumSessions ?? 10,
      types: numberTypes,
      connectionTimeoutMillis: 10_000,
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
        await rowsOf(() => client.query(sql));
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

async function rowsOf(run: () => Promise<{ rows: object[] }>): Promise<readonly object[]> {
  try {
    return (await run()).rows;
  } catch (reason) {
    throw QueryError.from(reason);
  }
}
