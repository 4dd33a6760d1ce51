import { Callee } from "../../interop/sipp/callee.ts";
import { Caller } from "../../interop/sipp/caller.ts";
import { requestsReceived } from "../../interop/sipp/message-trace.ts";
import type { Peer } from "../../interop/sipp/peer.ts";
import { callOutcomes } from "../peers/call-outcomes.ts";
import { startDispatcher } from "../peers/dispatcher.ts";
import { startSipp } from "../peers/sipp-in-host.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

const calls = 20;
const callsPerSecond = 5;
/** A call that meets a dead gateway goes on to the next after four seconds. */
const answeredMs = 5500;
const customer = customerPlans[3];
const [carrier] = carrierPlans;

/** Region us1 dies as a whole, and control with it: a carrier's calls go in at us2. */
async function play(stand: Stand): Promise<void> {
  const { timeline } = stand;
  stand.build({ gateways: { "ashburn-ix": 0, "san-jose-ix": 0 } });
  const exchange = await stand.startExchange();
  await provisionTrunkOf(exchange, "three", {
    originationUrls: [{ url: `sip:${customer.internetAddress}:5060` }],
    numbers: [customerNumber],
  });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  await startDispatcher({
    host: stand.network.host(carrier.name),
    address: carrier.dispatcherAddress,
    gateways: stand.gateways.map((gateway) => gateway.carrierAddress),
    probedUri: `sip:${carrier.dispatcherAddress}`,
  });
  const sbc = startCustomer(stand);
  timeline.tell(carrier.name, `places ${calls} calls through its dispatcher`);
  const before = placeCalls(stand, "before");
  await before.ended();
  judge(stand, "with both regions", before, sbc, ["ashburn-1", "umatilla-1"]);
  for (const gateway of stand.gateways.filter(({ edge }) => edge.region === "us1")) {
    timeline.tell(gateway.name, `killed, pid ${exchange.program(gateway.name).pid}`);
    await exchange.program(gateway.name).kill();
  }
  timeline.tell("control", `killed, pid ${exchange.program("control").pid}`);
  await exchange.program("control").kill();
  const after = placeCalls(stand, "after");
  await after.ended();
  judge(stand, "with us1 and control dead", after, sbc, ["umatilla-1"]);
}

function startCustomer(stand: Stand): Peer {
  const callee = new Callee();
  return startSipp(stand.network.host(customer.name), {
    name: "sbc",
    address: customer.internetAddress,
    port: 5060,
    steps: [...callee.establish(), ...callee.hungUp()],
    calls: Number.POSITIVE_INFINITY,
  });
}

function placeCalls(stand: Stand, name: string): Peer {
  const caller = new Caller({
    requestUri: `sip:${customerNumber}@${carrier.dispatcherAddress}`,
    from: pstnNumber,
  });
  return startSipp(stand.network.host(carrier.name), {
    name,
    address: carrier.switchAddress,
    port: name === "before" ? 5070 : 5080,
    remote: { address: carrier.dispatcherAddress, port: 5060 },
    steps: [...caller.establish(), ...caller.hangUp()],
    calls,
    ratePerSecond: callsPerSecond,
  });
}

/** Every call was answered in time, and came to the customer from these gateways and no other. */
function judge(stand: Stand, when: string, load: Peer, sbc: Peer, gateways: readonly string[]): void {
  const { verdicts } = stand;
  const outcomes = callOutcomes(load.trace);
  const answered = outcomes.filter((one) => (one.answeredAfterMs ?? Number.POSITIVE_INFINITY) <= answeredMs);
  const slowest = Math.max(0, ...outcomes.map((one) => one.answeredAfterMs ?? 0));
  verdicts.equal(`calls answered ${when}`, answered.length, calls);
  verdicts.equal(`calls released in order ${when}`, outcomes.filter((one) => one.isReleased).length, calls);
  stand.timeline.tell("lab", `the slowest was answered after ${Math.round(slowest)} ms`);
  const beganAtMs = Math.min(...outcomes.map((one) => one.sentAtMs));
  const vias = requestsReceived(
    sbc.trace.filter((one) => one.atMs >= beganAtMs),
    "INVITE",
  ).map((invite) => invite.value("Via") ?? "");
  const seen = stand.gateways.filter((one) => vias.some((via) => via.includes(`${one.internetAddress}:`)));
  verdicts.equal(
    `gateways that placed them ${when}`,
    seen.map(({ name }) => name).join(" "),
    gateways.join(" "),
  );
}

export const regionLost: NetworkScenario = {
  name: "region-lost",
  sentence: "every gateway of a region and control are killed: a carrier's calls go in at the other region",
  programs: ["sipp", "kamailio"],
  play,
};
