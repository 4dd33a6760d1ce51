/** What an engine must be able to do; `TransactionalDatabase` makes a `Database` of it. */
export interface Engine {
  readonly name: "pglite" | "postgresql";
  /** One statement outside of any transaction. */
  query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]>;
  /** A session for one user; on PGlite, which has one session, everybody else waits until `release`. */
  connect(): Promise<Session>;
  close(): Promise<void>;
}

export interface Session {
  query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]>;
  /** Several statements, no parameters. */
  runScript(sql: string): Promise<void>;
  /** `isBroken`: the session is in an unknown state and must not be used again. */
  release(isBroken: boolean): void;
}
