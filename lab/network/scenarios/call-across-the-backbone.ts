import { delay } from "../../harness/wait.ts";
import type { RemotePhone, Wishes } from "../agent/remote-phone.ts";
import { Capture } from "../capture/capture.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { judgeBackboneLeg } from "../scenario/judge-backbone-leg.ts";
import { judgeBackboneRecord } from "../scenario/judge-backbone-record.ts";
import { judgeForgeries } from "../scenario/judge-forgeries.ts";
import { judgeLeg } from "../scenario/judge-leg.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";
import type { GatewayHost } from "../standard/gateway-host.ts";

const talkMs = 2000;
const customer = customerPlans[3];
const [, carrier] = carrierPlans;

/** In at us2, out by an edge of us1, and the other way round; a customer can't pretend to be a sister. */
async function play(stand: Stand): Promise<void> {
  stand.build({ gateways: { "ashburn-ix": 0, "san-jose-ix": 0 } });
  const exchange = await stand.startExchange();
  await provisionTrunkOf(exchange, "three", {
    addresses: [customer.internetAddress],
    originationUrls: [{ url: `sip:${customer.internetAddress};edge=ashburn` }],
    numbers: [customerNumber],
  });
  await provisionCarrierOf(exchange, carrier, "umatilla");
  await exchange.settled();
  const sbc = await stand.phone(customer.name, { address: customer.internetAddress, toneHz: 600 });
  const pstn = await stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 });
  const us1 = stand.gateway("ashburn-1");
  const us2 = stand.gateway("umatilla-1");
  const invite = await placeAndJudge(stand, exchange, {
    what: "origination",
    caller: pstn,
    callee: sbc,
    entry: us2,
    sister: us1,
    wishes: {
      requestUri: `sip:${customerNumber}@${us2.carrierAddress}`,
      from: `sip:${pstnNumber}@${carrier.switchAddress}`,
      to: { address: us2.carrierAddress, port: 5060 },
    },
  });
  await placeAndJudge(stand, exchange, {
    what: "termination",
    caller: sbc,
    callee: pstn,
    entry: us1,
    sister: us2,
    wishes: {
      requestUri: `sip:${pstnNumber}@${exchange.terminationHost("three", "ashburn")}`,
      from: `sip:${customerNumber}@${customer.internetAddress}`,
      to: { address: us1.internetAddress, port: 5060 },
    },
  });
  await judgeForgeries(stand, { exchange, customer, target: us1, sister: us2, invite });
}

interface Plan {
  readonly what: string;
  readonly caller: RemotePhone;
  readonly callee: RemotePhone;
  readonly entry: GatewayHost;
  readonly sister: GatewayHost;
  readonly wishes: Wishes;
}

/** Gives the INVITE that crossed the backbone. */
async function placeAndJudge(stand: Stand, exchange: NetworkExchange, plan: Plan): Promise<string> {
  const { what, caller, callee, entry, sister, wishes } = plan;
  const { verdicts, network, timeline } = stand;
  const capture = await Capture.start(network, network.links);
  timeline.tell(caller.host, `calls, in at ${entry.name}, out by ${sister.name}`);
  const call = await caller.call(wishes);
  verdicts.equal(`${what}: answered with`, (await call.settled()).statusCode, 200);
  const incoming = await callee.incoming(0);
  await delay(talkMs);
  await call.hangUp();
  const far = await incoming.ended();
  const near = await call.view();
  const datagrams = await capture.stop();
  verdicts.equal(`${what}: the caller hears`, near.heardToneHz, callee.toneHz);
  verdicts.equal(`${what}: the callee hears`, far.heardToneHz, caller.toneHz);
  for (const [leg, phone, view, gateway] of [
    ["caller's leg", caller, near, entry],
    ["callee's leg", callee, far, sister],
  ] as const) {
    const side = phone.host === customer.name ? "internet" : "peering";
    judgeLeg(stand, datagrams, `${what}: ${leg}`, view, [`${side}:${phone.host}`, `${side}:${gateway.name}`]);
  }
  const crossed = {
    what,
    entry,
    sister,
    ingressCallId: near.callId,
    egressCallId: far.callId,
    sentPackets: Math.min(near.sentPackets, far.sentPackets),
  };
  judgeBackboneLeg(stand, datagrams, crossed);
  await judgeBackboneRecord(stand, exchange, crossed);
  const messages = datagrams.map(({ payload }) => payload.toString("latin1"));
  return messages.find((text) => text.startsWith("INVITE ") && text.includes("X-Tandem-Backbone:")) ?? "";
}

export const callAcrossTheBackbone: NetworkScenario = {
  name: "call-across-the-backbone",
  sentence:
    "a call that enters in one region leaves by an edge of the other, over the backbone, with one record; forged requests get no answer",
  programs: ["dumpcap"],
  play,
};
