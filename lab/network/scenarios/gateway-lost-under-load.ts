import { delay } from "../../harness/wait.ts";
import { Callee } from "../../interop/sipp/callee.ts";
import { Caller } from "../../interop/sipp/caller.ts";
import type { Peer } from "../../interop/sipp/peer.ts";
import { type CallOutcome, callOutcomes } from "../peers/call-outcomes.ts";
import { startDispatcher } from "../peers/dispatcher.ts";
import { startSipp } from "../peers/sipp-in-host.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

const callsPerSecond = 50;
const beforeKillMs = 3000;
const afterKillMs = 9000;
/** An answer that takes longer was delayed by the dead gateway; without it, it is there within some milliseconds. */
const delayedMs = 1000;
/** The dispatcher must have noticed by then. */
const noticedMs = 2000;
const maximumHarmed = 40;
const customer = customerPlans[3];
const [carrier] = carrierPlans;

async function play(stand: Stand): Promise<void> {
  const { timeline } = stand;
  stand.build({ gateways: { "ashburn-ix": 0, ashburn: 3, "san-jose-ix": 0, umatilla: 0 } });
  const exchange = await stand.startExchange();
  await provisionTrunkOf(exchange, "three", { addresses: [customer.internetAddress] });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const terminationHost = exchange.terminationHost("three", "ashburn");
  await startDispatcher({
    host: stand.network.host(customer.name),
    address: customer.internetAddress,
    gateways: stand.gateways.map((gateway) => gateway.internetAddress),
    probedUri: `sip:${terminationHost}`,
  });
  startCarrier(stand);
  await placeCalls(stand, terminationHost, "warm-up", callsPerSecond).ended();
  timeline.tell(customer.name, `places ${callsPerSecond} calls a second through its dispatcher`);
  const calls = (callsPerSecond * (beforeKillMs + afterKillMs)) / 1000;
  const load = placeCalls(stand, terminationHost, "load", calls);
  await delay(beforeKillMs);
  const victim = exchange.program("ashburn-1");
  timeline.tell("ashburn-1", `killed, pid ${victim.pid}`);
  const killedAtMs = Date.now();
  await victim.kill();
  await load.ended();
  judge(stand, callOutcomes(load.trace), calls, killedAtMs);
}

function startCarrier(stand: Stand): void {
  const callee = new Callee();
  startSipp(stand.network.host(carrier.name), {
    name: "carrier",
    address: carrier.switchAddress,
    port: 5060,
    steps: [...callee.establish(), ...callee.hungUp()],
    calls: Number.POSITIVE_INFINITY,
  });
}

function placeCalls(stand: Stand, terminationHost: string, name: string, calls: number): Peer {
  const { internetAddress: address } = customer;
  const caller = new Caller({ requestUri: `sip:${pstnNumber}@${terminationHost}`, from: customerNumber });
  return startSipp(stand.network.host(customer.name), {
    name,
    address,
    port: 5070,
    remote: { address, port: 5060 },
    steps: [...caller.establish(), ...caller.hangUp()],
    calls,
    ratePerSecond: callsPerSecond,
  });
}

function judge(
  { verdicts, timeline }: Stand,
  outcomes: readonly CallOutcome[],
  calls: number,
  killedAtMs: number,
): void {
  const isFailed = (one: CallOutcome): boolean => one.answeredAfterMs === undefined || !one.isReleased;
  const isHarmed = (one: CallOutcome): boolean => isFailed(one) || (one.answeredAfterMs ?? 0) > delayedMs;
  const before = outcomes.filter((one) => one.sentAtMs < killedAtMs - noticedMs);
  const late = outcomes.filter((one) => one.sentAtMs >= killedAtMs + noticedMs);
  const harmed = outcomes.filter(isHarmed);
  const failed = harmed.filter(isFailed).length;
  const last = Math.max(0, ...harmed.map((one) => one.sentAtMs - killedAtMs));
  verdicts.equal("calls placed", outcomes.length, calls);
  verdicts.equal("calls harmed before the kill", before.filter(isHarmed).length, 0);
  verdicts.atLeast("calls sent 2 s after the kill or later", late.length, 200, "calls");
  verdicts.equal("of these, calls that failed in the end", late.filter(isFailed).length, 0);
  verdicts.atLeast("calls that met the dead gateway", harmed.length, 1, "calls");
  verdicts.atMost("calls delayed or failed in all", harmed.length, maximumHarmed, "calls");
  timeline.tell(
    "lab",
    `${harmed.length - failed} delayed, ${failed} failed; the last of them sent ${Math.round(last)} ms after the kill`,
  );
}

export const gatewayLostUnderLoad: NetworkScenario = {
  name: "gateway-lost-under-load",
  sentence: "one gateway of three is killed under load: a customer's dispatcher goes on with the other two",
  programs: ["sipp", "kamailio"],
  play,
};
