import { provisionCarrier, provisionTrunk } from "../../harness/provision.ts";
import { delay } from "../../harness/wait.ts";
import { Callee } from "../../interop/sipp/callee.ts";
import { Caller } from "../../interop/sipp/caller.ts";
import { Peer } from "../../interop/sipp/peer.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { type CallOutcome, callOutcomes } from "../peers/call-outcomes.ts";
import { startDispatcher } from "../peers/dispatcher.ts";
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
const called = "+13105550111";
const customer = customerPlans[3];
const [carrier] = carrierPlans;
const callee = new Callee();

async function play(stand: Stand): Promise<void> {
  const { timeline } = stand;
  stand.build({ gateways: { "ashburn-ix": 0, ashburn: 3, "san-jose-ix": 0, umatilla: 0 } });
  const exchange = await stand.startExchange();
  await provision(exchange);
  const host = exchange.terminationHost("three", "ashburn");
  await startDispatcher({
    host: stand.network.host(customer.name),
    address: customer.internetAddress,
    gateways: stand.gateways.map((gateway) => gateway.internetAddress),
    probedUri: `sip:${host}`,
  });
  const pstn = startCarrier(stand);
  await placeCalls(stand, host, "warm-up", callsPerSecond).ended();
  timeline.tell(customer.name, `places ${callsPerSecond} calls a second through its dispatcher`);
  const calls = Math.round((callsPerSecond * (beforeKillMs + afterKillMs)) / 1000);
  const load = placeCalls(stand, host, "load", calls);
  await delay(beforeKillMs);
  const victim = exchange.program("ashburn-1");
  timeline.tell("ashburn-1", `killed, pid ${victim.pid}`);
  const killedAtMs = Date.now();
  await victim.kill();
  await load.ended();
  await pstn.stop();
  judge(stand, callOutcomes(load.trace), calls, killedAtMs);
}

async function provision(exchange: NetworkExchange): Promise<void> {
  await provisionTrunk(exchange.api, {
    name: "customer 3",
    label: "three",
    baseDomain: exchange.baseDomain,
    addresses: [customer.internetAddress],
  });
  await provisionCarrier(exchange.api, {
    name: carrier.name,
    sourceAddresses: [carrier.switchAddress],
    gateways: [{ url: `sip:${carrier.switchAddress}:5060` }],
    prefixes: ["+"],
  });
  await exchange.settled();
}

function startCarrier(stand: Stand): Peer {
  const host = stand.network.host(carrier.name);
  const peer = new Peer({
    name: "carrier",
    address: carrier.switchAddress,
    port: 5060,
    steps: [...callee.establish(), ...callee.hungUp()],
    calls: Number.POSITIVE_INFINITY,
    directory: host.directory,
    launcher: host.launcher,
  });
  host.keep(peer.program);
  return peer;
}

function placeCalls(stand: Stand, terminationHost: string, name: string, calls: number): Peer {
  const host = stand.network.host(customer.name);
  const { internetAddress: address } = customer;
  const caller = new Caller({ requestUri: `sip:${called}@${terminationHost}`, from: "+12025550123" });
  const peer = new Peer({
    name,
    address,
    port: 5070,
    remote: { address, port: 5060 },
    steps: [...caller.establish(), ...caller.hangUp()],
    calls,
    ratePerSecond: callsPerSecond,
    directory: host.directory,
    launcher: host.launcher,
    // A call that never ends must not hold the scenario up.
    extra: ["-recv_timeout", "15000"],
  });
  host.keep(peer.program);
  return peer;
}

function judge(
  { verdicts, timeline }: Stand,
  outcomes: readonly CallOutcome[],
  calls: number,
  killedAtMs: number,
): void {
  const isFailed = (one: CallOutcome): boolean => one.answeredAfterMs === undefined || !one.isReleased;
  const isDelayed = (one: CallOutcome): boolean => (one.answeredAfterMs ?? 0) > delayedMs;
  const before = outcomes.filter((one) => one.sentAtMs < killedAtMs - noticedMs);
  const late = outcomes.filter((one) => one.sentAtMs >= killedAtMs + noticedMs);
  const harmed = outcomes.filter((one) => isFailed(one) || isDelayed(one));
  const failed = harmed.filter(isFailed);
  const last = Math.max(0, ...harmed.map((one) => one.sentAtMs - killedAtMs));
  verdicts.equal("calls placed", outcomes.length, calls);
  verdicts.equal(
    "calls harmed before the kill",
    before.filter((one) => isFailed(one) || isDelayed(one)).length,
    0,
  );
  verdicts.atLeast("calls sent 2 s after the kill or later", late.length, 200, "calls");
  verdicts.equal("of these, calls that failed in the end", late.filter(isFailed).length, 0);
  verdicts.atMost("calls delayed or failed in all", harmed.length, maximumHarmed, "calls");
  verdicts.atLeast("calls that met the dead gateway", harmed.length, 1, "calls");
  timeline.tell(
    "lab",
    `${harmed.length - failed.length} calls delayed, ${failed.length} failed; the last of them sent ${Math.round(last)} ms after the kill`,
  );
}

export const gatewayLostUnderLoad: NetworkScenario = {
  name: "gateway-lost-under-load",
  sentence: "one gateway of three is killed under load: a customer's dispatcher goes on with the other two",
  programs: ["sipp", "kamailio"],
  play,
};
