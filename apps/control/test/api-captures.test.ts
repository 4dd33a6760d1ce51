import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CapturedCall,
  type CapturedMessage,
  maximumCapturedCalls,
  maximumCaptureSeconds,
} from "@tandem/contracts";
import { describeOnBothEngines } from "@tandem/database/testing";
import { type ExchangeHarness, exchangeHarness } from "./exchange-harness.ts";
import { gatewayState } from "./gateway-state-sample.ts";

const callSid = `CA${"1".repeat(32)}`;
const trunkSid = `TK${"2".repeat(32)}`;
const rule = { trunkSid, number: null, calls: 5, seconds: 60 };

const call: CapturedCall = {
  callSid,
  trunkSid,
  callingNumber: "+15550100",
  calledNumber: "+15550199",
  startedAtMs: Date.UTC(2026, 0, 31, 12) + 1.25,
  messages: 2,
  isWhole: true,
};

function messageAt(atMs: number, isSent: boolean): CapturedMessage {
  const local = { address: "198.51.100.1", port: 5060 };
  const remote = { address: "2001:db8::7", port: 5070 };
  return { atMs, isSent, protocol: "UDP", local, remote, text: "INVITE sip:x SIP/2.0\r\n\r\n" };
}

function withTwoGateways(harness: ExchangeHarness): ExchangeHarness {
  harness.gateways.states = [gatewayState({ name: "gw-1" }), gatewayState({ name: "gw-2" })];
  return harness;
}

describeOnBothEngines("captures of SIP messages", (open) => {
  test("a capture begins on every gateway, with defaults, and is forgotten on every gateway", async () => {
    const harness = withTwoGateways(await exchangeHarness(await open()));
    const { gateways, operator, clock } = harness;
    gateways.commandResult = { ok: true, name: "capture" };
    const begun = await harness.request(operator, "POST", "/v1/Captures", { Number: "+15550100" });
    assert.equal(begun.status, 201, JSON.stringify(begun.body));
    const ends_at = new Date(clock.wallMs() + 300_000).toISOString().replace(".000Z", "Z");
    const capture = { trunk_sid: null, number: "+15550100", maximum_calls: 10, ends_at };
    assert.deepEqual(begun.body, {
      captures: [
        { gateway: "gw-1", ...capture },
        { gateway: "gw-2", ...capture },
      ],
      missing: [],
    });
    assert.deepEqual(gateways.asked.splice(0), [
      [
        "command",
        "gw-1",
        { name: "capture", rule: { trunkSid: null, number: "+15550100", calls: 10, seconds: 300 } },
      ],
      [
        "command",
        "gw-2",
        { name: "capture", rule: { trunkSid: null, number: "+15550100", calls: 10, seconds: 300 } },
      ],
    ]);
    assert.equal((await harness.request(operator, "DELETE", "/v1/Captures")).status, 204);
    assert.deepEqual(gateways.asked.at(-1), ["command", "gw-2", { name: "capture", rule: null }]);
  });

  test("what was captured: the calls of every gateway, and the messages of one in the order of the wire", async () => {
    const harness = withTwoGateways(await exchangeHarness(await open()));
    const { gateways, operator, clock } = harness;
    const messages = [messageAt(call.startedAtMs + 3, true), messageAt(call.startedAtMs, false)];
    gateways.commandResult = {
      ok: true,
      name: "captured",
      state: { rule, secondsLeft: 30 },
      calls: [call],
      messages,
    };
    const list = await harness.request(operator, "GET", "/v1/Captures");
    assert.equal(list.status, 200, JSON.stringify(list.body));
    const ends_at = new Date(clock.wallMs() + 30_000).toISOString().replace(".000Z", "Z");
    const capture = { trunk_sid: trunkSid, number: null, maximum_calls: 5, ends_at };
    const shown = {
      call_sid: callSid,
      trunk_sid: trunkSid,
      from: "+15550100",
      to: "+15550199",
      started_at: "2026-01-31T12:00:00.001250Z",
      messages: 2,
      whole: true,
    };
    assert.deepEqual(list.body, {
      captures: [
        { gateway: "gw-1", ...capture },
        { gateway: "gw-2", ...capture },
      ],
      calls: [
        { ...shown, gateway: "gw-1" },
        { ...shown, gateway: "gw-2" },
      ],
      missing: [],
    });
    const one = await harness.request(operator, "GET", `/v1/Captures/${callSid}`);
    assert.deepEqual(one.body["ends"], ["[2001:db8::7]:5070", "gw-1", "gw-2"]);
    const told = one.body["messages"] as Record<string, unknown>[];
    assert.deepEqual(
      told.map(({ gateway, at, direction }) => [gateway, at, direction]),
      [
        ["gw-1", "2026-01-31T12:00:00.001250Z", "received"],
        ["gw-2", "2026-01-31T12:00:00.001250Z", "received"],
        ["gw-1", "2026-01-31T12:00:00.004250Z", "sent"],
        ["gw-2", "2026-01-31T12:00:00.004250Z", "sent"],
      ],
    );
    assert.deepEqual(told[0], {
      gateway: "gw-1",
      at: "2026-01-31T12:00:00.001250Z",
      direction: "received",
      transport: "UDP",
      local: "198.51.100.1:5060",
      remote: "[2001:db8::7]:5070",
      text: "INVITE sip:x SIP/2.0\r\n\r\n",
    });
  });

  test("gateways that do not answer are named; without any there is no capture", async () => {
    const harness = withTwoGateways(await exchangeHarness(await open()));
    const { gateways, operator } = harness;
    gateways.commandResult = { ok: false, error: "gone" };
    const list = await harness.request(operator, "GET", "/v1/Captures");
    assert.deepEqual(list.body, { captures: [], calls: [], missing: ["gw-1", "gw-2"] });
    assert.equal((await harness.request(operator, "GET", `/v1/Captures/${callSid}`)).status, 404);
    assert.equal((await harness.request(operator, "POST", "/v1/Captures", {})).status, 503);
  });

  test("limits, and what is no number and no trunk", async () => {
    const harness = withTwoGateways(await exchangeHarness(await open()));
    const { gateways, operator } = harness;
    gateways.commandResult = { ok: true, name: "capture" };
    for (const [form, status] of [
      [{}, 201],
      [{ TrunkSid: trunkSid, Calls: "1", Seconds: "1" }, 201],
      [{ Calls: String(maximumCapturedCalls), Seconds: String(maximumCaptureSeconds) }, 201],
      [{ Calls: "0" }, 400],
      [{ Calls: String(maximumCapturedCalls + 1) }, 400],
      [{ Seconds: "0" }, 400],
      [{ Seconds: String(maximumCaptureSeconds + 1) }, 400],
      [{ Number: "15550100" }, 400],
      [{ TrunkSid: "TK1" }, 400],
    ] as const) {
      const reply = await harness.request(operator, "POST", "/v1/Captures", form);
      assert.equal(reply.status, status, `${JSON.stringify(form)} ${JSON.stringify(reply.body)}`);
    }
  });

  test("they are the operator's", async () => {
    const harness = withTwoGateways(await exchangeHarness(await open()));
    const customer = await harness.createAccount();
    for (const [method, path] of [
      ["POST", "/v1/Captures"],
      ["GET", "/v1/Captures"],
      ["GET", `/v1/Captures/${callSid}`],
      ["DELETE", "/v1/Captures"],
    ] as const) {
      const form = method === "POST" ? {} : undefined;
      assert.equal((await harness.request(customer, method, path, form)).status, 403, `${method} ${path}`);
    }
    assert.deepEqual(harness.gateways.asked, []);
  });
});
