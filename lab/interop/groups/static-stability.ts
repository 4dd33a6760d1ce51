import assert from "node:assert/strict";
import { waitFor } from "../../harness/wait.ts";
import { type Group, shortTimers } from "../group.ts";
import { withProxy } from "../proxy.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived } from "../sipp/message-trace.ts";
import type { Peer } from "../sipp/peer.ts";
import { maybe, pause, receiveRequest, receiveResponse, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
/** A restarted gateway goes on so far above the old sequence numbers. */
const sequenceNumberSkip = 1000;

/** So many calls at once, held for `holdMs`, released by the caller or by the callee. */
interface HeldCalls {
  readonly number: string;
  readonly customer: Peer;
  readonly carrier: Peer;
}

async function hold(
  stage: Stage,
  wishes: {
    readonly calls: number;
    readonly holdMs: number;
    readonly releasedBy: "caller" | "callee";
    readonly changes?: boolean;
  },
): Promise<HeldCalls> {
  const { calls, holdMs, releasedBy, changes } = wishes;
  const number = stage.number();
  const lines = stage.customerLines(number);
  const isCallers = releasedBy === "caller";
  const change: readonly Step[] =
    changes === true
      ? [lines.reinvite(2, audio({ version: 2 })), maybe(100), receiveResponse(200), lines.ack(2)]
      : [];
  const answer: readonly Step[] =
    changes === true
      ? [receiveRequest("INVITE"), callee.ok(audio({ version: 2 })), receiveRequest("ACK")]
      : [];
  const carrier = stage.carrier(
    [
      ...callee.establish(),
      ...answer,
      ...(isCallers ? callee.hungUp() : [pause(holdMs), ...callee.hangUp()]),
    ],
    { calls },
  );
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const customer = stage.customer(
    [
      ...lines.establish(),
      pause(isCallers || changes === true ? holdMs : 0),
      ...change,
      ...(isCallers ? lines.hangUp(3) : [receiveRequest("BYE"), lines.ok()]),
    ],
    { calls, ratePerSecond: 20 },
  );
  return { number, customer, carrier };
}

/** Each call once, by the SIP Call-IDs that the customer used. */
async function assertRecords(
  stage: Stage,
  held: HeldCalls,
  calls: number,
  isAdopted: boolean,
  releasedBy: string,
): Promise<void> {
  const records = await stage.records(held.number, calls);
  const placed = new Set(
    held.customer.trace.filter(({ direction }) => direction === "sent").map(({ message }) => message.callId),
  );
  assert.deepEqual(new Set(records.map((record) => record.ingressSipCallId)), placed);
  for (const record of records) {
    assert.equal(record.status, "completed");
    assert.equal(record.releasedBy, releasedBy);
    assert.equal(record.adopted, isAdopted);
    assert.deepEqual(record.attempts, ["answered 200"]);
  }
}

async function callsUp(stage: Stage, calls: number): Promise<void> {
  await waitFor(`${calls} calls and their journal`, async () => {
    const counts = await stage.counts();
    return counts.calls === calls && counts.journal === calls;
  });
}

async function withoutControl(stage: Stage): Promise<void> {
  const { exchange } = stage;
  const before = await hold(stage, { calls: 5, holdMs: 6000, releasedBy: "caller" });
  const later = await prepared(stage);
  await callsUp(stage, 5);
  await exchange.control.kill();
  const during = await later();
  await during.customer.finish();
  await during.carrier.finish();
  await before.customer.finish();
  await before.carrier.finish();
  const { calls } = await stage.counts();
  assert.equal(calls, 0, "calls ended without control");
  await exchange.startControl();
  await assertRecords(stage, before, 5, false, "caller");
  await assertRecords(stage, during, 1, false, "caller");
}

/** A carrier that is known before control dies, and a way to call it afterwards. */
async function prepared(stage: Stage): Promise<() => Promise<HeldCalls>> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  return async () => ({
    number,
    carrier,
    customer: stage.customer([...lines.establish(), pause(300), ...lines.hangUp()]),
  });
}

async function gatewayKilled(stage: Stage): Promise<void> {
  const { exchange } = stage;
  const calls = 10;
  const holdMs = 15_000;
  const callersEnd = await hold(stage, { calls, holdMs, releasedBy: "caller" });
  const calleesEnd = await hold(stage, { calls, holdMs, releasedBy: "callee" });
  await callsUp(stage, 2 * calls);
  await exchange.gateway.kill();
  await exchange.startGateway();
  assert.match(exchange.gateway.output, /"event":"serving".*"adopted":20,"closed":0/);
  for (const { customer, carrier } of [callersEnd, calleesEnd]) {
    await customer.finish();
    await carrier.finish();
  }
  assertAdoptedBye(callersEnd.carrier, calls);
  assertAdoptedBye(calleesEnd.customer, calls);
  await assertRecords(stage, callersEnd, calls, true, "caller");
  await assertRecords(stage, calleesEnd, calls, true, "callee");
}

/** The BYEs of the new process: one for each call, in the old dialogs, with sequence numbers above any old one. */
function assertAdoptedBye(peer: Peer, calls: number): void {
  const byes = requestsReceived(peer.trace, "BYE");
  assert.equal(new Set(byes.map((bye) => bye.callId)).size, calls);
  for (const bye of byes) {
    assert.ok(bye.cseqNumber > sequenceNumberSkip, `CSeq ${bye.cseqNumber}`);
    assert.match(bye.requestUri, new RegExp(`^sip:\\w+@${peer.address}:${peer.port};transport=UDP$`));
    assert.match(bye.value("Reason") ?? "", /Q\.850;cause=16/);
  }
}

async function changedAfterRestart(stage: Stage): Promise<void> {
  const { exchange } = stage;
  const held = await hold(stage, { calls: 3, holdMs: 8000, releasedBy: "caller", changes: true });
  await callsUp(stage, 3);
  await exchange.gateway.kill();
  await exchange.startGateway();
  await held.customer.finish();
  await held.carrier.finish();
  const changes = requestsReceived(held.carrier.trace, "INVITE").filter((request) => request.toTag !== "");
  assert.equal(new Set(changes.map((request) => request.callId)).size, 3);
  for (const request of changes)
    assert.ok(request.cseqNumber > sequenceNumberSkip, `CSeq ${request.cseqNumber}`);
  await assertRecords(stage, held, 3, true, "caller");
}

async function bothKilled(stage: Stage): Promise<void> {
  const { exchange } = stage;
  const held = await hold(stage, { calls: 3, holdMs: 10_000, releasedBy: "caller" });
  const later = await prepared(stage);
  await callsUp(stage, 3);
  await exchange.control.kill();
  await exchange.gateway.kill();
  await exchange.startGateway();
  const during = await later();
  await during.customer.finish();
  await during.carrier.finish();
  await held.customer.finish();
  await held.carrier.finish();
  await exchange.startControl();
  await assertRecords(stage, during, 1, false, "caller");
  await assertRecords(stage, held, 3, true, "caller");
}

/** Customer, its Kamailio, gateway: the BYE of the new process must go by the old route set. */
async function routeSetAfterRestart(stage: Stage): Promise<void> {
  const { exchange } = stage;
  const address = `127.0.${stage.network}.61`;
  const nextHop = `sip:${exchange.customerAddress}:${exchange.sipPort}`;
  const proxy = { name: "kamailio", address, inSocket: "udp", outSocket: "udp" } as const;
  await withProxy(stage, proxy, nextHop, async () => {
    const number = stage.number();
    const { label } = await stage.provisionTrunk({ addresses: [address] });
    const lines = stage.customerLines(number, label);
    const carrier = stage.carrier([...callee.establish(), pause(10_000), ...callee.hangUp()]);
    await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
    const customer = stage.customer([...lines.establish(), receiveRequest("BYE"), lines.ok()], {
      remote: { address, port: 5060 },
    });
    await callsUp(stage, 1);
    await exchange.gateway.kill();
    await exchange.startGateway();
    await customer.finish();
    await carrier.finish();
    const [bye] = requestsReceived(customer.trace, "BYE");
    assert.equal(bye?.vias().ok, true);
    assert.equal(bye?.list("Via").length, 2, "the proxy's Via and ours");
    assert.match(bye?.value("Via") ?? "", new RegExp(`^SIP/2.0/UDP ${address}`));
    assert.equal(bye?.has("Route"), false);
    await assertRecords(stage, { number, customer, carrier }, 1, true, "callee");
  });
}

export const staticStability: Group = {
  name: "static-stability",
  peers: ["sipp", "kamailio"],
  stage: { network: 87, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 1,
  scenarios: [
    {
      name: "control-killed",
      sentence:
        "with control killed calls go on, new ones are taken, and every record arrives once when it is back",
      play: withoutControl,
    },
    {
      name: "gateway-killed",
      sentence: "a killed and restarted gateway adopts its calls: either side ends them, each has one record",
      play: gatewayKilled,
    },
    {
      name: "change-after-restart",
      sentence: "an adopted call can still be changed by a re-INVITE",
      play: changedAfterRestart,
    },
    {
      name: "route-set-after-restart",
      sentence: "the BYE of an adopted call goes to a customer behind Kamailio by the old route set",
      play: routeSetAfterRestart,
    },
    {
      name: "both-killed",
      sentence:
        "with control dead a restarted gateway routes by the snapshot on its disk and keeps its records",
      play: bothKilled,
    },
  ],
};
