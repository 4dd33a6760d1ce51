/**
 * The thread in which PGlite lives: it is a WebAssembly program whose statements block their thread. One request at a
 * time, in order of arrival; the other side takes care of transactions.
 */
import { parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";

export interface PgliteRequest {
  readonly id: number;
  readonly kind: "query" | "script" | "close";
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type PgliteReply =
  | { readonly id: number; readonly ok: true; readonly rows: readonly object[] }
  | { readonly id: number; readonly ok: false; readonly error: PgliteFault };

/** The fields of PostgreSQL's error that survive the way between threads. */
export interface PgliteFault {
  readonly message: string;
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly detail: string | undefined;
}

const int8Oid = 20;

/** Id of the reply that says that PGlite has started, or why not. */
export const startReplyId = 0;

async function perform(pglite: PGlite, request: PgliteRequest): Promise<readonly object[]> {
  switch (request.kind) {
    case "query":
      return (await pglite.query<object>(request.sql, [...request.parameters])).rows;
    case "script":
      await pglite.exec(request.sql);
      return [];
    case "close":
      await pglite.close();
      return [];
  }
}

async function answer(id: number, work: () => Promise<readonly object[]>): Promise<PgliteReply> {
  try {
    return { id, ok: true, rows: await work() };
  } catch (reason) {
    return { id, ok: false, error: faultOf(reason) };
  }
}

function faultOf(reason: unknown): PgliteFault {
  const fields = (typeof reason === "object" && reason !== null ? reason : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  return {
    message: text("message") ?? String(reason),
    code: text("code"),
    constraint: text("constraint"),
    table: text("table"),
    detail: text("detail"),
  };
}

async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  const { dataDirectory } = workerData as { dataDirectory: string | undefined };
  const pglite = new PGlite({
    ...(dataDirectory === undefined ? {} : { dataDir: dataDirectory }),
    parsers: { [int8Oid]: Number },
  });
  const started = await answer(startReplyId, async () => {
    await pglite.waitReady;
    return [];
  });
  let last: Promise<void> = Promise.resolve();
  port.on("message", (request: PgliteRequest) => {
    last = last.then(async () => {
      port.postMessage(await answer(request.id, () => perform(pglite, request)));
      if (request.kind === "close") port.close();
    });
  });
  port.postMessage(started);
}

if (parentPort !== null) await serve(parentPort);
