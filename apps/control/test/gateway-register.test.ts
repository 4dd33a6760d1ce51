import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { SnapshotGatewayInterface } from "@tandem/contracts";
import { hashAccessToken, listGateways, snapshotVersion, upsertGateway } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { authenticateGateway, GatewayRegister } from "../src/gateway-stream/index.ts";
import { bootstrapInstallation } from "../src/installation/index.ts";
import { SecretBox } from "../src/secrets/index.ts";
import { connectionHealth, gatewayState } from "./gateway-state-sample.ts";

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const state = gatewayState();
const interfaces: SnapshotGatewayInterface[] = [
  {
    name: "inside",
    roles: ["private", "backbone"],
    address: "192.0.2.1",
    udpPort: 5060,
    tcpPort: 5060,
    tlsPort: null,
  },
];

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
    const register = new GatewayRegister({ database, clock, logger: silent });
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
    clock.setWall(-3_600_000);
    clock.advance(10_000);
    await register.record({ ...state, snapshotVersion: 4 });
    assert.deepEqual(
      await seen(),
      ["ashburn", 4, 20_001 - 3_600_000],
      "by control's clock, which was set back",
    );
  });

  test("a database that is away costs a line in the log, no more", async () => {
    const database = await open();
    await database.close();
    const events: string[] = [];
    const warn = (event: string) => void events.push(event);
    const register = new GatewayRegister({
      database,
      clock: new HandClock(),
      logger: { ...silent, warn },
    });
    await register.record(state);
    assert.deepEqual(events, ["gateway-not-recorded"]);
  });

  test("where a gateway is goes into the snapshot once; the same hello again does not", async () => {
    const database = await open();
    await bootstrapInstallation({
      database,
      box: new SecretBox(Buffer.alloc(32, 7)),
      baseDomain: "tandem.test",
      realm: "tandem.test",
      nowMs: 0,
      keep: async () => undefined,
    });
    await upsertGateway(database, "gw-1", "h");
    let placed = 0;
    const register = new GatewayRegister({
      database,
      clock: new HandClock(),
      logger: silent,
      onPlaced: () => {
        placed += 1;
      },
    });
    const expectVersion = async (version: number) => {
      assert.equal(await snapshotVersion(database), version);
      assert.equal(placed, version - 1);
    };
    await register.record(gatewayState({ interfaces }));
    await expectVersion(2);
    assert.deepEqual((await listGateways(database))[0]?.interfaces, interfaces);
    await register.record(gatewayState({ streamId: "stream-2", interfaces: structuredClone(interfaces) }));
    await expectVersion(2);
    await register.record(
      gatewayState({ interfaces: interfaces.map((one) => ({ ...one, address: "192.0.2.2" })) }),
    );
    await expectVersion(3);
    await register.record(gatewayState({ edge: "london-ix", interfaces: [] }));
    await expectVersion(4);
  });

  test("a change of a line is written at once, counters only now and then", async () => {
    const database = await open();
    await upsertGateway(database, "gw-1", "h");
    const clock = new HandClock();
    let news = 0;
    const register = new GatewayRegister({
      database,
      clock,
      logger: silent,
      onNews: () => {
        news += 1;
      },
    });
    const line = connectionHealth("TX1", { receivedBytes: 1000 });
    const report = async (fields: Partial<typeof line>) => {
      const connections = [{ ...line, ...fields }];
      await register.record(gatewayState({ connections, healthSnapshotVersion: 3 }));
      const [row] = await listGateways(database);
      assert.equal(row?.health_snapshot_version, 3);
      return row.connection_health[0];
    };
    assert.deepEqual(await report({}), { ...line, receivedBitsPerSecond: null, sentBitsPerSecond: null });
    assert.equal(news, 1);
    clock.advance(5000);
    assert.equal((await report({ receivedBytes: 6000 }))?.receivedBytes, 1000);
    clock.advance(5000);
    const written = await report({ receivedBytes: 16_000 });
    assert.deepEqual([written?.receivedBytes, written?.receivedBitsPerSecond], [16_000, 16_000]);
    assert.equal(news, 1);
    const changes: Partial<typeof line>[] = [
      { state: "down" },
      { state: "down", reason: "no carrier" },
      { link: "missing" },
      { route: "missing" },
      { bgp: "Idle" },
      { bfd: "down" },
      { sinceMs: 7 },
    ];
    for (const change of changes) {
      const [[name, value] = []] = Object.entries(change);
      assert.equal(((await report(change)) as unknown as Record<string, unknown>)[name ?? ""], value);
    }
    assert.equal(news, 1 + changes.length);
  });

  test("a stream that ended is gone, unless the gateway has another one by now", async () => {
    const database = await open();
    await upsertGateway(database, "gw-1", "h");
    const register = new GatewayRegister({ database, clock: new HandClock(), logger: silent });
    const stream = async () => (await listGateways(database))[0]?.stream_id;
    await register.record(state);
    assert.equal(await stream(), "stream-1");
    // The hub closes the old stream first; its end and the new beginning come in one step.
    void register.gone(state);
    void register.record(gatewayState({ streamId: "stream-2" }));
    await register.settled();
    assert.equal(await stream(), "stream-2");
    await register.gone(state);
    assert.equal(await stream(), "stream-2");
    await register.gone(gatewayState({ streamId: "stream-2" }));
    assert.equal(await stream(), null);
    // The same stream cannot come back, but the same words of another one are news.
    await register.record(gatewayState({ streamId: "stream-3" }));
    assert.equal(await stream(), "stream-3");
  });
});
