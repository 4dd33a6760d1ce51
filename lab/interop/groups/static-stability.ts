import assert from "node:assert/strict";
import { type Group, shortTimers } from "../group.ts";
import { assertRecords, callsUp, hold, prepared } from "../held-calls.ts";
import { withProxy } from "../proxy.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived } from "../sipp/message-trace.ts";
import type { Peer } from "../sipp/peer.ts";
import { pause, receiveRequest } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
/** A restarted gateway goes on so far above the old sequence numbers. */
const sequenceNumberSkip = 1000;

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
