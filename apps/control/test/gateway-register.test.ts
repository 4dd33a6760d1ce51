import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { hashAccessToken, listGateways, upsertGateway } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { authenticateGateway, GatewayRegister, type GatewayState } from "../src/gateway-stream/index.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const state: GatewayState = {
  name: "gw-1",
  edge: "ashburn",
  snapshotVersion: 3,
  startedAtMs: 0,
  liveCalls: 0,
  isDraining: false,
  targets: [],
};

describeOnBothEngines("gateways in the database", (open) => {
  test("a token names its gateway, as a Bearer token and whole", async () => {
    const database = await open();
    const tokens = ["token-of-gateway-1", "token-of-gateway-2"];
    for (const [place, token] of tokens.entries())
      await upsertGateway(database, `gw-${place + 1}`, hashAccessToken(token));
    const cases: [authorization: string | undefined, name: string | undefined][] = [
      ["Bearer token-of-gateway-1", "gw-1"],
      ["bearer  token-of-gateway-2 ", "gw-2"],
      ["Basic token-of-gateway-1", undefined],
      ["token-of-gateway-1", undefined],
      ["Bearer", undefined],
      ["Bearer ", undefined],
      ["Bearer token-of-gateway-3", undefined],
      ["Bearer token-of-gateway", undefined],
      ["Bearer token-of-gateway-1 x", undefined],
      ["", undefined],
      [undefined, undefined],
      [`Bearer ${hashAccessToken("token-of-gateway-1")}`, undefined],
    ];
    for (const [authorization, name] of cases) {
      assert.equal(await authenticateGateway(database, authorization), name, String(authorization));
    }
    await upsertGateway(database, "gw-1", hashAccessToken("a-new-token-of-gw-1"));
    assert.equal(await authenticateGateway(database, "Bearer token-of-gateway-1"), undefined);
    assert.equal(await authenticateGateway(database, "Bearer a-new-token-of-gw-1"), "gw-1");
  });

  test("what a gateway says is written down at once when it is news, else now and then", async () => {
    const database = await open();
    await upsertGateway(database, "gw-1", "h");
    const clock = new HandClock();
    const register = new GatewayRegister(database, clock, silent);
    const startMs = clock.wallMs();
    const seen = async () => {
      const [row] = await listGateways(database);
      return [
        row?.edge,
        row?.snapshot_version,
        row?.last_seen === null ? null : Number(row?.last_seen) - startMs,
      ];
    };
    assert.deepEqual(await seen(), [null, 0, null]);
    await register.record(state);
    assert.deepEqual(await seen(), ["ashburn", 3, 0]);
    clock.advance(9999);
    await register.record({ ...state, liveCalls: 7 });
    assert.deepEqual(await seen(), ["ashburn", 3, 0]);
    clock.advance(1);
    await register.record(state);
    assert.deepEqual(await seen(), ["ashburn", 3, 10_000]);
    clock.advance(1);
    await register.record({ ...state, snapshotVersion: 4 });
    assert.deepEqual(await seen(), ["ashburn", 4, 10_001]);
  });

  test("a database that is away costs a line in the log, no more", async () => {
    const database = await open();
    await database.close();
    const events: string[] = [];
    const register = new GatewayRegister(database, new HandClock(), {
      ...silent,
      warn: (event) => void events.push(event),
    });
    await register.record(state);
    assert.deepEqual(events, ["gateway-not-recorded"]);
  });
});
