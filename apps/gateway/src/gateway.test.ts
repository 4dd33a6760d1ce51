import assert from "node:assert/strict";
import { test } from "node:test";
import { snapshotFormatVersion } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { response } from "@tandem/sip/testing";
import { endedCallMs } from "./calls/ended-calls.ts";
import { answeredCall } from "./testing/answered-call.ts";
import { exampleSnapshot, exampleTrunk, exampleUrl } from "./testing/example-snapshot.ts";
import { gatewayScript } from "./testing/gateway-script.ts";

test("a snapshot is applied and told; one that can't be used changes nothing", async () => {
  const { gateway, events } = await gatewayScript({ hasSnapshot: false });
  gateway.applySnapshot(exampleSnapshot({ version: 3 }));
  assert.deepEqual(events, [{ event: "snapshot-applied", fields: { version: 3 } }]);
  const unusable = exampleSnapshot({ version: 4, nonceKeys: [{ id: 1, secret: "short" }] });
  assert.throws(() => gateway.applySnapshot(unusable), /nonce key/);
  assert.throws(
    () => gateway.applySnapshot(exampleSnapshot({ version: 5, formatVersion: snapshotFormatVersion + 1 })),
    /newer/,
  );
  assert.equal(gateway.snapshots.version, 3);
});

test("state: calls, draining, and what health thinks of each target", async () => {
  const script = await gatewayScript();
  const { gateway } = script;
  const unknown = { connection: null, state: "unknown", reason: null };
  const before = gateway.state();
  assert.deepEqual(
    { ...before, targets: [...before.targets] },
    {
      liveCalls: 0,
      draining: false,
      targets: [
        { sid: "CG1", interface: "carriers", ...unknown },
        { sid: "OU1", interface: "customers", ...unknown },
      ],
      connections: [],
      sisters: [],
    },
  );
  script.invite();
  script.wire.expect("INVITE");
  script.wire.fail();
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  gateway.perform({ name: "drain", exitWhenIdle: false });
  const state = gateway.state();
  assert.deepEqual([state.liveCalls, state.draining], [1, true]);
  assert.deepEqual([...state.targets][0], {
    sid: "CG1",
    interface: "carriers",
    connection: null,
    state: "down",
    reason: "could not be reached by the last call",
  });
});

test("commands: hang-up finds a call or says that there is none", async () => {
  const script = await gatewayScript();
  const { gateway } = script;
  const missing = gateway.perform({ name: "hang-up", callSid: "CA0" });
  assert.deepEqual(missing, { ok: true, name: "hang-up", found: false });
  const call = answeredCall(script);
  const found = gateway.perform({ name: "hang-up", callSid: call.callSid });
  assert.deepEqual(found, { ok: true, name: "hang-up", found: true });
  assert.equal(script.ledger.records[0]?.reason?.code, reasons.hungUpByOperator.code);
});

test("commands: live-calls, all of them or one", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  const sidsOf = (callSid: string | null): string[] => {
    const result = script.gateway.perform({ name: "live-calls", callSid });
    return result.ok && result.name === "live-calls" ? result.calls.map((one) => one.sid) : [];
  };
  assert.equal(sidsOf(null).length, 2);
  assert.deepEqual(sidsOf(call.callSid), [call.callSid]);
  assert.deepEqual(sidsOf("CA0"), []);
});

test("commands: live-calls tells of a call behind its end, until its record is in the database for sure", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  const told = (): string[] => {
    const result = script.gateway.perform({ name: "live-calls", callSid: call.callSid });
    return result.ok && result.name === "live-calls" ? result.calls.map((one) => one.status) : [];
  };
  assert.deepEqual(told(), ["in-progress"]);
  script.gateway.perform({ name: "hang-up", callSid: call.callSid });
  assert.equal(script.gateway.calls.size, 0);
  assert.deepEqual(told(), ["completed"]);
  const again = script.gateway.perform({ name: "hang-up", callSid: call.callSid });
  assert.deepEqual(again, { ok: true, name: "hang-up", found: false });
  script.clock.advance(endedCallMs);
  assert.deepEqual(told(), []);
});

test("commands: drain", async () => {
  const { gateway } = await gatewayScript();
  assert.deepEqual(gateway.perform({ name: "drain", exitWhenIdle: false }), { ok: true, name: "drain" });
  assert.equal(gateway.core.isDraining, true);
});

test("commands: explain, or why not", async () => {
  const { gateway } = await gatewayScript({ hasSnapshot: false });
  const facts = {
    kind: "facts",
    direction: "termination",
    from: "+15550001111",
    to: "+15557654321",
    host: "acme.pstn.tandem.test",
    sourceAddress: "192.0.2.10",
  } as const;
  const before = gateway.perform({ name: "explain", request: facts });
  assert.deepEqual(before, { ok: false, error: "this gateway has no snapshot yet" });
  gateway.applySnapshot(exampleSnapshot());
  const after = gateway.perform({ name: "explain", request: facts });
  assert.equal(after.ok && after.name === "explain" && after.result.trunkSid, "TK1");
});

test("the time for a graceful end is over: BYE to everybody", async () => {
  const script = await gatewayScript();
  answeredCall(script);
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  script.wire.expect("INVITE");
  script.gateway.endAllCalls();
  assert.equal(script.gateway.calls.size, 0);
  assert.deepEqual(
    script.ledger.records.map((record) => record.reason?.code),
    [reasons.gatewayClosing.code, reasons.gatewayClosing.code],
  );
});

test("when no call is left everything is zero", async () => {
  const script = await gatewayScript();
  const call = answeredCall(script);
  assert.equal(script.gateway.counts()["calls"], 1);
  script.wire.inject(call.customerRequest("BYE"), script.customer);
  script.wire.ignoreSent();
  script.wire.inject(response(200), script.carrier);
  script.clock.advance(64_000);
  for (const [name, count] of Object.entries(script.gateway.counts())) assert.equal(count, 0, name);
});

test("closing ends probes, timers and the transport", async () => {
  const { gateway, clock, wire } = await gatewayScript({
    configuration: { health: { enabled: true, intervalSeconds: 30 } },
    snapshot: { trunks: [exampleTrunk({ originationUrls: [exampleUrl()] })] },
  });
  assert.equal(wire.isOpen, true);
  assert.ok(clock.pendingTimers > 0);
  await gateway.close();
  assert.equal(wire.isOpen, false);
  assert.equal(clock.pendingTimers, 0);
});
