import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionHealth } from "@tandem/contracts";
import type { GatewayRow } from "@tandem/database";
import { followedCause, isConnected, provisionedCause, reportsText } from "./gateway-reports.ts";
import { interconnectLimits } from "./limits.ts";

const line = { sid: "TX1", edge: "london-ix", awaited_snapshot_version: 7 };

function gateway(
  fields: Partial<GatewayRow>,
  state?: ConnectionHealth["state"],
  reason?: string,
): GatewayRow {
  const health = {
    sid: "TX1",
    state: state ?? "up",
    reason: reason ?? null,
    sinceMs: 0,
    link: "up",
    route: "present",
    bgp: null,
    bfd: null,
    receivedBytes: null,
    sentBytes: null,
    receivedBitsPerSecond: null,
    sentBitsPerSecond: null,
  } as const;
  return {
    name: "gw-1",
    token_hash: "h",
    edge: "london-ix",
    last_seen: new Date(100_000),
    snapshot_version: 7,
    interfaces: [],
    stream_id: "s",
    connection_health: state === undefined ? [] : [{ ...health, sid: "TX0", state: "down" }, health],
    health_snapshot_version: 7,
    ...fields,
  };
}

test("a gateway is connected while it has a stream and was heard of lately", () => {
  const silentMs = interconnectLimits.gatewaySilentAfterMs;
  assert.equal(isConnected(gateway({}), 100_000 + silentMs - 1), true);
  assert.equal(isConnected(gateway({}), 100_000 + silentMs), false);
  assert.equal(isConnected(gateway({ stream_id: null }), 100_000), false);
  assert.equal(isConnected(gateway({ last_seen: null }), 100_000), false);
});

test("one gateway that has the line is enough to activate it", () => {
  for (const state of ["up", "down", "unknown"] as const) {
    const cause = provisionedCause(line, [gateway({}), gateway({ name: "gw-2" }, state)]);
    assert.equal(cause, `gateway gw-2 reports ${state}`);
  }
  assert.equal(provisionedCause(line, [gateway({}, "unprovisioned")]), undefined);
  assert.equal(provisionedCause(line, [gateway({})]), undefined);
  assert.equal(provisionedCause(line, []), undefined);
});

test("what a gateway said before it knew of the change does not count", () => {
  assert.equal(provisionedCause(line, [gateway({ health_snapshot_version: 6 }, "up")]), undefined);
  assert.ok(provisionedCause(line, [gateway({ health_snapshot_version: 7 }, "up")]));
});

test("a line is given up when every connected gateway has applied that", () => {
  const late = gateway({ name: "gw-2", snapshot_version: 6 });
  assert.equal(followedCause(line, [gateway({}), late]), undefined);
  assert.equal(
    followedCause(line, [gateway({}), { ...late, snapshot_version: 8 }]),
    "all connected gateways of london-ix have applied it",
  );
  assert.equal(followedCause(line, []), "no gateway of london-ix is connected");
});

test("a transition that failed says what each gateway reported", () => {
  assert.equal(reportsText(line, "active", []), "no gateway of london-ix is connected");
  const gateways = [
    gateway({}, "unprovisioned", "no device tx-1"),
    gateway({ name: "gw-2" }, "unprovisioned"),
    gateway({ name: "gw-3", snapshot_version: 6 }),
    gateway({ name: "gw-4" }),
  ];
  assert.equal(
    reportsText(line, "active", gateways),
    "gateway gw-1 reports unprovisioned: no device tx-1; gateway gw-2 reports unprovisioned; " +
      "gateway gw-3 has not applied the change; gateway gw-4 has said nothing about the line",
  );
  assert.equal(
    reportsText(line, "inactive", gateways.slice(1, 3)),
    "gateway gw-2 has applied the change; gateway gw-3 has not applied the change",
  );
});

test("the text of a cause has 1000 characters at most", () => {
  const { maximumCauseLength } = interconnectLimits;
  const head = "gateway gw-1 reports unprovisioned: ".length;
  const of = (length: number) =>
    reportsText(line, "active", [gateway({}, "unprovisioned", "x".repeat(length))]);
  assert.equal(of(maximumCauseLength - head).length, maximumCauseLength);
  assert.equal(of(maximumCauseLength - head + 1).length, maximumCauseLength);
});
