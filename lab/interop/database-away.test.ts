/**
 * PostgreSQL stops under a running exchange and comes back after 20 s: the gateway goes on carrying calls, control says that it
 * cannot, and nothing is lost or stored twice.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { findPostgresql, PostgresqlServer } from "@tandem/database/testing";
import { delay, waitFor } from "../harness/wait.ts";
import { shortTimers } from "./group.ts";
import { assertRecords, callsUp, hold, prepared } from "./held-calls.ts";
import { Stage } from "./stage.ts";

const awayMs = 20_000;
/** Longer than control's wait for a session: beyond it a request hangs. */
const answerLimitMs = 25_000;

const bin = await findPostgresql();
const isMissing = bin === undefined && process.getuid?.() !== 0;

describe("the database is away", { skip: isMissing && "PostgreSQL 15 or later is not installed" }, () => {
  let server: PostgresqlServer;
  let stage: Stage;
  before(async () => {
    server = await PostgresqlServer.start(bin ?? "");
    stage = await Stage.open({
      network: 11,
      block: "127.2",
      exchange: { databaseUrl: server.url("postgres"), gateway: { timers: shortTimers } },
    });
  });
  after(async () => {
    await stage?.close();
    await server?.close();
  });

  /** What a client sees, with an operator's credentials. */
  async function ask(path: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const { url, accountSid, authToken } = stage.exchange.api.credentials;
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
    return fetch(url + path, {
      headers: { authorization },
      signal: AbortSignal.timeout(answerLimitMs),
      ...(form !== undefined && { method: "POST", body: new URLSearchParams(form) }),
    });
  }

  async function assertUnavailable(path: string, form?: Readonly<Record<string, string>>): Promise<void> {
    const response = await ask(path, form);
    const body = (await response.json()) as Record<string, unknown>;
    assert.equal(response.status, 503, `${path}: ${JSON.stringify(body)}`);
    assert.equal(body["code"], 20503, path);
    assert.match(response.headers.get("retry-after") ?? "", /^[1-9]\d?$/, path);
    assert.doesNotMatch(JSON.stringify(body), /ECONNREFUSED|terminating connection|\bat /, path);
  }

  it("REST answers 503, calls go on, every record arrives once, and control needs no restart", async () => {
    const { exchange } = stage;
    const { pid } = exchange.control;
    const held = await hold(stage, { calls: 5, holdMs: 12_000, releasedBy: "caller" });
    const later = await prepared(stage);
    await callsUp(stage, 5);
    // As many as the pool has sessions and more: none may be left hanging with a session that is dead.
    const asked = Array.from({ length: 30 }, () =>
      ask(`${exchange.api.accountPath}/Calls.json?PageSize=1000`),
    );
    await server.halt();
    for (const response of await Promise.all(asked)) assert.ok([200, 503].includes(response.status));
    const endMs = performance.now() + awayMs;
    const trunk = { FriendlyName: "made while the database is away" };
    do {
      await Promise.all([
        assertUnavailable("/health"),
        assertUnavailable(`${exchange.api.accountPath}/Calls.json`),
        assertUnavailable("/v1/Trunks"),
        assertUnavailable("/v1/Trunks", trunk),
      ]);
      await delay(1000);
    } while (performance.now() < endMs - awayMs / 2);
    const during = await later();
    for (const peer of [during.customer, during.carrier, held.customer, held.carrier]) await peer.finish();
    assert.equal((await stage.counts()).calls, 0, "calls ended without a database");
    await delay(endMs - performance.now());
    await server.resume();
    await waitFor("control to serve again", async () => (await ask("/health")).ok);
    await assertRecords(stage, held, 5, false, "caller");
    await assertRecords(stage, during, 1, false, "caller");
    assert.equal((await ask("/v1/Trunks", trunk)).status, 201);
    await exchange.settled();
    const trunks = (await (await ask("/v1/Trunks?PageSize=1000")).json()) as {
      trunks: { friendly_name: string }[];
    };
    assert.equal(trunks.trunks.filter(({ friendly_name: name }) => name === trunk.FriendlyName).length, 1);
    assert.equal(exchange.control.pid, pid);
    assert.equal(exchange.control.hasExited, false);
    assert.doesNotMatch(
      exchange.control.output,
      /\\n +at /,
      "a database that is away is no fault of the program",
    );
    assert.ok(!exchange.gateway.output.includes('"event":"fault"'), "the gateway reported a fault");
  });
});
