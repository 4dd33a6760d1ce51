import assert from "node:assert/strict";
import { type Group, shortTimers } from "../group.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived, responsesReceived } from "../sipp/message-trace.ts";
import { maybe, pause, receiveInvite, receiveRequest, receiveResponse, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";
import { playShownNumbers } from "./shown-numbers.ts";

const callee = new Callee();

/** A call from a listed customer to a carrier, both over one transport, released by one of them. */
async function talk(stage: Stage, transport: "udp" | "tcp", releasedBy: "caller" | "callee"): Promise<void> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const isCallers = releasedBy === "caller";
  const carrier = stage.carrier(
    [...callee.establish(), ...(isCallers ? callee.hungUp() : [pause(300), ...callee.hangUp()])],
    {
      transport,
    },
  );
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer(
    [
      ...lines.establish(),
      ...(isCallers ? [pause(300), ...lines.hangUp()] : [receiveRequest("BYE"), lines.ok()]),
    ],
    { transport },
  );
  await customer.finish();
  await carrier.finish();
  const record = await stage.record(number);
  assert.equal(record.status, "completed");
  assert.equal(record.statusCode, 200);
  assert.equal(record.direction, "trunking-terminating");
  assert.equal(record.releasedBy, releasedBy);
  assert.deepEqual(record.attempts, ["answered 200"]);
  const [invite] = requestsReceived(carrier.trace, "INVITE");
  assert.match(
    invite?.value("Via") ?? "",
    new RegExp(`^SIP/2.0/${transport.toUpperCase()} ${stage.exchange.carrierAddress}:5060;`),
  );
  assert.equal(invite?.value("Max-Forwards"), "69");
  assert.equal(invite?.value("P-Asserted-Identity"), "<sip:+12025550123@tandem.test>");
}

/** `00` before an international number, and four digits of an extension. */
const dialPlan = [
  {
    match: "all",
    conditions: [{ header: "request-uri", part: "user", operator: "starts-with", value: "00" }],
    actions: [
      { target: "to", operation: "remove-leading", count: 2 },
      { target: "to", operation: "add-prefix", value: "+" },
    ],
  },
  {
    match: "none",
    conditions: [{ header: "from", part: "user", operator: "starts-with", value: "+" }],
    actions: [{ target: "from", operation: "add-prefix", value: "+1202555" }],
  },
];

export const callSetup: Group = {
  name: "call-setup",
  peers: ["sipp"],
  stage: { network: 80, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 4,
  scenarios: [
    {
      name: "udp-call",
      sentence: "a listed customer calls a carrier over UDP and hangs up",
      play: (stage) => talk(stage, "udp", "caller"),
    },
    {
      name: "udp-call-released-by-callee",
      sentence: "a carrier hangs up a call over UDP",
      play: (stage) => talk(stage, "udp", "callee"),
    },
    {
      name: "tcp-call",
      sentence: "a listed customer calls a carrier over TCP and hangs up",
      play: (stage) => talk(stage, "tcp", "caller"),
    },
    {
      name: "tcp-call-released-by-callee",
      sentence: "a carrier hangs up a call over TCP",
      play: (stage) => talk(stage, "tcp", "callee"),
    },
    {
      name: "early-media",
      sentence: "a 183 with SDP is passed on with the relay's address, and so is its answer later",
      play: async (stage) => {
        const number = stage.number();
        const lines = stage.customerLines(number);
        const carrier = stage.carrier([
          receiveInvite(),
          callee.provisional(183, "Session Progress", audio()),
          pause(300),
          callee.answer(),
          receiveRequest("ACK"),
          ...callee.hungUp(),
        ]);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
        const customer = stage.customer([
          lines.invite(),
          maybe(100),
          receiveResponse(183),
          receiveResponse(200, { keepsRoute: true }),
          lines.ack(),
          ...lines.hangUp(),
        ]);
        await customer.finish();
        await carrier.finish();
        const progress = responsesReceived(customer.trace, "INVITE", 183)[0];
        assert.match(progress?.body ?? "", new RegExp(`c=IN IP4 ${stage.exchange.customerAddress}\r\n`));
        const answer = responsesReceived(customer.trace, "INVITE", 200)[0];
        assert.equal(answer?.toTag, progress?.toTag);
        assert.equal(mediaPort(answer?.body), mediaPort(progress?.body));
        assert.equal((await stage.record(number)).status, "completed");
      },
    },
    {
      name: "late-offer",
      sentence: "an INVITE without SDP gets the carrier's offer, and its answer goes in the ACK",
      play: async (stage) => {
        const number = stage.number();
        const lines = stage.customerLines(number);
        const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
        const customer = stage.customer([
          lines.invite({ body: "" }),
          maybe(100),
          maybe(180),
          receiveResponse(200, { keepsRoute: true }),
          lines.ack(1, audio()),
          pause(300),
          ...lines.hangUp(),
        ]);
        await customer.finish();
        await carrier.finish();
        assert.equal(requestsReceived(carrier.trace, "INVITE")[0]?.body, "");
        const ack = requestsReceived(carrier.trace, "ACK")[0];
        assert.match(ack?.body ?? "", new RegExp(`c=IN IP4 ${stage.exchange.carrierAddress}\r\n`));
        assert.equal((await stage.record(number)).status, "completed");
      },
    },
    {
      name: "cancel-before-ringing",
      sentence: "a CANCEL before the 180 ends the call with 487, and the carrier gets a CANCEL",
      play: (stage) => cancel(stage, [callee.trying()], [receiveResponse(100)], "abandoned"),
    },
    {
      name: "cancel-while-ringing",
      sentence: "a CANCEL after the 180 ends the call with 487, and the carrier gets a CANCEL",
      play: (stage) => cancel(stage, [callee.ringing()], [maybe(100), receiveResponse(180)], "abandoned 180"),
    },
    {
      name: "hop-limit",
      sentence: "an INVITE with Max-Forwards 0 is refused with 483",
      play: async (stage) => {
        const number = stage.number();
        const lines = stage.customerLines(number);
        await stage.customer(lines.refused(483, { maxForwards: 0 })).finish();
        const record = await stage.record(number);
        assert.equal(record.status, "failed");
        assert.equal(record.reasonCode, 32006);
        assert.deepEqual(record.attempts, []);
      },
    },
    {
      name: "operator-hang-up",
      sentence: "Status=completed over REST ends a call with BYE to both sides",
      play: async (stage) => {
        const number = stage.number();
        const lines = stage.customerLines(number);
        const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
        const customer = stage.customer([...lines.establish(), receiveRequest("BYE"), lines.ok()]);
        const sid = await stage.liveCall(number);
        const { api } = stage.exchange;
        await api.post(`${api.accountPath}/Calls/${sid}.json`, { Status: "completed" });
        await customer.finish();
        await carrier.finish();
        const record = await stage.record(number);
        assert.equal(record.sid, sid);
        assert.equal(record.status, "completed");
        assert.equal(record.releasedBy, "operator");
        assert.equal(record.reasonCode, 90303);
        assert.equal(requestsReceived(customer.trace, "BYE")[0]?.value("X-Tandem-CallSid"), sid);
      },
    },
    {
      name: "header-policy-termination",
      sentence:
        "a customer that dials 00 and shows an extension reaches the carrier with E.164 numbers by its trunk's policy",
      play: async (stage) => {
        const number = stage.number();
        const policy = await stage.exchange.api.post("/v1/HeaderPolicies", {
          Rules: JSON.stringify(dialPlan),
        });
        const { label } = await stage.provisionTrunk({
          addresses: [stage.customerAddress],
          parameters: { TerminationHeaderPolicySid: policy.sid },
        });
        const lines = stage.customerLines(number.replace("+", "00"), label, { from: "1001" });
        const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
        await stage.customer([...lines.establish(), ...lines.hangUp()]).finish();
        await carrier.finish();
        const [invite] = requestsReceived(carrier.trace, "INVITE");
        assert.ok(invite?.requestUri.startsWith(`sip:${number}@`));
        assert.match(invite?.values("From")[0] ?? "", /<sip:\+12025551001@/);
        assert.match(invite?.values("P-Asserted-Identity")[0] ?? "", /<sip:\+12025551001@/);
        const record = await stage.record(number);
        assert.deepEqual([record.status, record.from], ["completed", "+12025551001"]);
      },
    },
    {
      name: "shown-numbers",
      sentence:
        "a trunk that may show numbers of its account gets 403 for others, until one is verified or its call was diverted",
      play: playShownNumbers,
    },
    {
      name: "maximum-duration",
      sentence: "a call that reaches the trunk's maximum duration is ended with BYE to both sides",
      play: async (stage) => {
        const number = stage.number();
        const { label } = await stage.provisionTrunk({
          addresses: [stage.customerAddress],
          parameters: { MaximumDurationSeconds: 2 },
        });
        const lines = stage.customerLines(number, label);
        const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
        const customer = stage.customer([...lines.establish(), receiveRequest("BYE"), lines.ok()]);
        await customer.finish();
        await carrier.finish();
        const record = await stage.record(number);
        assert.equal(record.status, "completed");
        assert.equal(record.releasedBy, "exchange");
        assert.equal(record.reasonCode, 32015);
        assert.ok((record.durationSeconds ?? 0) >= 1, `lasted ${record.durationSeconds} s`);
      },
    },
  ],
};

/** The caller gives up while the carrier is at `progress`, after it has `seen` that. */
async function cancel(
  stage: Stage,
  progress: readonly Step[],
  seen: readonly Step[],
  attempt: string,
): Promise<void> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const carrier = stage.carrier([
    receiveInvite(),
    ...progress,
    receiveRequest("CANCEL"),
    callee.ok(),
    callee.cancelled(),
    receiveRequest("ACK"),
  ]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer([
    lines.invite(),
    ...seen,
    pause(700),
    lines.cancel(),
    receiveResponse(200),
    receiveResponse(487),
    lines.ackFailure(),
  ]);
  await customer.finish();
  await carrier.finish();
  const record = await stage.record(number);
  assert.equal(record.status, "canceled");
  assert.equal(record.statusCode, 487);
  assert.equal(record.releasedBy, "caller");
  assert.equal(record.reasonCode, 90217);
  assert.deepEqual(record.attempts, [attempt]);
}

function mediaPort(sdp: string | undefined): string | undefined {
  return /^m=audio (\d+)/m.exec(sdp ?? "")?.[1];
}
