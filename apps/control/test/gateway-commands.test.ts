/** Commands to gateways and their results. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { LiveCall } from "@tandem/contracts";
import { createSid } from "@tandem/database";
import { gatewayStreamLimits as limits } from "../src/gateway-stream/index.ts";
import { type HubHarness, startHub } from "./hub-harness.ts";
import { publishedFrame } from "./published-frame.ts";
import { until } from "./stream-gateway.ts";

let h: HubHarness;

beforeEach(async () => {
  h = await startHub();
});
afterEach(() => h.close());

function liveCall(fields: Partial<LiveCall> = {}): LiveCall {
  return {
    sid: createSid("CA"),
    direction: "termination",
    accountSid: null,
    trunkSid: null,
    callingNumber: "+1",
    calledNumber: "+2",
    status: "ringing",
    setupAtMs: 1,
    answeredAtMs: null,
    ...fields,
  };
}

describe("commands", () => {
  test("a command has its id, and its result comes back", async () => {
    const gateway = await h.open();
    const result = h.hub.command("gw-1", { name: "drain", exitWhenIdle: true });
    const frame = await gateway.next("command");
    assert.deepEqual(frame, { kind: "command", id: 1, command: { name: "drain", exitWhenIdle: true } });
    gateway.send({ kind: "result", id: 99, result: { ok: false, error: "of nobody" } });
    gateway.send({ kind: "result", id: 1, result: { ok: true, name: "drain" } });
    assert.deepEqual(await result, { ok: true, name: "drain" });
    assert.equal(h.clock.pendingTimers, 1, "the ping's; the deadline has gone");
  });

  test("a gateway that does not read what was sent gets no more commands", async () => {
    const gateway = await h.open();
    gateway.socket.pause();
    const isRead = h.hub.command("gw-1", { name: "drain", exitWhenIdle: false });
    const text = "x".repeat(limits.maximumUnsentBytes * 3);
    h.hub.publish(publishedFrame(1, JSON.stringify({ kind: "x", text })));
    assert.deepEqual(await h.hub.command("gw-1", { name: "drain", exitWhenIdle: false }), {
      ok: false,
      error: "the gateway does not read",
    });
    gateway.close();
    assert.equal((await isRead).ok, false);
  });

  test("a command fails when its time is over, not before", async () => {
    const gateway = await h.open();
    const result = h.hub.command("gw-1", { name: "drain", exitWhenIdle: false });
    let settled = false;
    void result.then(() => {
      settled = true;
    });
    await gateway.next("command");
    h.clock.advance(limits.commandTimeoutMs - 1);
    await new Promise(setImmediate);
    assert.equal(settled, false);
    h.clock.advance(1);
    assert.deepEqual(await result, { ok: false, error: "the gateway did not answer in time" });
  });

  test("a command fails with the connection, and to a gateway that is not there", async () => {
    const gateway = await h.open();
    const result = h.hub.command("gw-1", { name: "drain", exitWhenIdle: false });
    await gateway.next("command");
    gateway.close();
    assert.deepEqual(await result, { ok: false, error: "the connection to the gateway was lost" });
    assert.deepEqual(await h.hub.command("gw-1", { name: "drain", exitWhenIdle: false }), {
      ok: false,
      error: "gateway gw-1 is not connected",
    });
  });

  test("a result of another command is a failure", async () => {
    const gateway = await h.open();
    const result = h.hub.command("gw-1", { name: "drain", exitWhenIdle: false });
    await gateway.next("command");
    gateway.send({ kind: "result", id: 1, result: { ok: true, name: "hang-up", found: true } });
    assert.deepEqual(await result, { ok: false, error: "the gateway answered hang-up instead" });
  });

  test("as many commands as the limit may wait, one more is refused", async () => {
    await h.open();
    const command = { name: "drain", exitWhenIdle: false } as const;
    const waiting = Array.from({ length: limits.maximumPendingCommands }, () =>
      h.hub.command("gw-1", command),
    );
    assert.deepEqual(await h.hub.command("gw-1", command), {
      ok: false,
      error: "too many commands wait for the gateway",
    });
    h.clock.advance(limits.commandTimeoutMs);
    assert.equal((await Promise.all(waiting)).length, limits.maximumPendingCommands);
  });

  test("live calls of all gateways, oldest first; who gives no answer is named", async () => {
    const [first, second] = [await h.open("gw-1"), await h.open("gw-2")];
    const calls = [30, 10, 20].map((setupAtMs) => liveCall({ setupAtMs }));
    const answer = h.hub.liveCalls();
    for (const [gateway, own] of [
      [first, calls.slice(0, 2)],
      [second, calls.slice(2)],
    ] as const) {
      const frame = await gateway.next("command");
      assert.deepEqual(frame.command, { name: "live-calls", callSid: null });
      gateway.send({
        kind: "result",
        id: frame.id,
        result: { ok: true, name: "live-calls", calls: [...own] },
      });
    }
    const { calls: all, missing } = await answer;
    assert.deepEqual(
      all.map((call) => call.setupAtMs),
      [10, 20, 30],
    );
    assert.deepEqual(missing, []);
    const later = h.hub.liveCalls(calls[2]?.sid ?? null);
    const frame = await first.next("command");
    assert.deepEqual(frame.command, { name: "live-calls", callSid: calls[2]?.sid });
    first.send({ kind: "result", id: frame.id, result: { ok: true, name: "live-calls", calls: calls } });
    await second.next("command");
    first.send({ kind: "state", liveCalls: 9, draining: false, targets: [] });
    await until(() => h.hub.gateways()[0]?.liveCalls === 9, "what was sent before");
    h.clock.advance(limits.commandTimeoutMs);
    assert.deepEqual(await later, { calls: [calls[2]], missing: ["gw-2"] });
  });

  test("hang-up is asked of all gateways and true when one had the call", async () => {
    const [first, second] = [await h.open("gw-1"), await h.open("gw-2")];
    for (const [foundFirst, foundSecond] of [
      [false, true],
      [true, false],
      [false, false],
    ] as const) {
      const result = h.hub.hangUp("CA1");
      for (const [gateway, found] of [
        [first, foundFirst],
        [second, foundSecond],
      ] as const) {
        const frame = await gateway.next("command");
        assert.deepEqual(frame.command, { name: "hang-up", callSid: "CA1" });
        gateway.send({ kind: "result", id: frame.id, result: { ok: true, name: "hang-up", found } });
      }
      assert.equal(await result, foundFirst || foundSecond);
    }
  });

  test("explain goes to the named gateway, or to the first", async () => {
    const facts = {
      kind: "facts",
      direction: "termination",
      sourceAddress: "192.0.2.1",
      from: "+1",
      to: "+2",
    } as const;
    assert.deepEqual(await h.hub.explain(facts), {
      ok: false,
      kind: "unreachable",
      error: "no gateway is connected",
    });
    const [second, first] = [await h.open("gw-2"), await h.open("gw-1")];
    assert.deepEqual(await h.hub.explain(facts, "gw-3"), {
      ok: false,
      kind: "unreachable",
      error: "gateway gw-3 is not connected",
    });
    for (const [name, gateway] of [
      [undefined, first],
      ["gw-2", second],
    ] as const) {
      const explained = h.hub.explain(facts, name);
      const frame = await gateway.next("command");
      assert.deepEqual(frame.command, { name: "explain", request: facts });
      const result = {
        gateway: "g",
        snapshotVersion: 1,
        trunkSid: null,
        accountSid: null,
        stages: [],
        candidates: [],
      };
      gateway.send({ kind: "result", id: frame.id, result: { ok: true, name: "explain", result } });
      assert.deepEqual(await explained, { ok: true, result });
    }
    const failing = h.hub.explain(facts);
    const frame = await first.next("command");
    first.send({ kind: "result", id: frame.id, result: { ok: false, error: "no snapshot" } });
    assert.deepEqual(await failing, { ok: false, kind: "failed", error: "no snapshot" });
  });
});
