import assert from "node:assert/strict";
import { test } from "node:test";
import type { CaptureRule, CommandResult } from "@tandem/contracts";
import { answeredCall } from "../testing/answered-call.ts";
import { gatewayScript } from "../testing/gateway-script.ts";
import { exportDelayMs } from "./sip-trace.ts";

const rule: CaptureRule = { trunkSid: "TK1", number: "+15557654321", calls: 1, seconds: 60 };

type Captured = Extract<CommandResult, { name: "captured" }>;

test("control has a gateway capture a call, and is shown both legs of it", async () => {
  const script = await gatewayScript();
  const perform = (callSid: string | null): Captured =>
    script.gateway.perform({ name: "captured", callSid }) as Captured;
  assert.deepEqual(perform(null), { ok: true, name: "captured", state: null, calls: [], messages: [] });
  assert.deepEqual(script.gateway.perform({ name: "capture", rule }), { ok: true, name: "capture" });
  answeredCall(script);
  script.clock.advance(exportDelayMs);
  const { state, calls } = perform(null);
  assert.deepEqual(state?.rule, rule);
  const [call] = script.gateway.calls.list();
  assert.ok(call);
  assert.deepEqual(
    calls.map(({ callSid, calledNumber }) => [callSid, calledNumber]),
    [[call.sid, call.calledNumber]],
  );
  const shown = perform(call.sid).messages.map(({ isSent, remote, text }) => [
    isSent,
    remote.address,
    text.split(" ", text.startsWith("SIP") ? 2 : 1).at(-1),
  ]);
  assert.deepEqual(shown.slice(0, 3), [
    [false, script.customer.remoteAddress, "INVITE"],
    [true, script.carrier.remoteAddress, "INVITE"],
    [false, script.carrier.remoteAddress, "200"],
  ]);
  assert.equal(perform("CA0").messages.length, 0);
  script.gateway.perform({ name: "capture", rule: null });
  assert.deepEqual(perform(call.sid), { ok: true, name: "captured", state: null, calls: [], messages: [] });
});
