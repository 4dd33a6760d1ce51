import { Callee } from "../../interop/sipp/callee.ts";
import { Caller } from "../../interop/sipp/caller.ts";
import type { Peer } from "../../interop/sipp/peer.ts";
import { startNameServer } from "../exchange/name-server.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { startDispatcher } from "../peers/dispatcher.ts";
import { startSipp } from "../peers/sipp-in-host.ts";
import { startSrvCustomer } from "../peers/srv-customer.ts";
import { judgeCalls } from "../scenario/judge-calls.ts";
import { judgeMove, judgeNames } from "../scenario/judge-names.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans, nameServer as nameServerPlan } from "../standard/addresses.ts";

const calls = 20;
const callsPerSecond = 5;
/** A call that meets a dead gateway goes on to the next after four seconds. */
const answeredMs = 5500;
const proxyPort = 5070;
const customer = customerPlans[3];
const [carrier] = carrierPlans;

/** Region us1 dies as a whole, and control with it: carrier and customer go on at us2. */
async function play(stand: Stand): Promise<void> {
  stand.build({ gateways: { "ashburn-ix": 0, "san-jose-ix": 0 } });
  const exchange = await stand.startExchange();
  const [nameServer] = await Promise.all([startNameServer(stand.network, exchange), provision(exchange)]);
  await exchange.settled();
  const name = exchange.terminationHost("three", "ashburn");
  const asked = { host: customer.name, name };
  const [sbc, pstn] = await startPeers(stand);
  await judgeNames(stand, asked, "ashburn-1", ["ashburn-1", "umatilla-1"]);
  const common = { name, sbc, pstn };
  await placeAndJudge(stand, {
    ...common,
    when: "with both regions",
    port: 5080,
    gateways: { carrier: ["ashburn-1", "umatilla-1"], customer: ["ashburn-1"] },
  });
  const killedAtMs = Date.now();
  await loseRegion(stand, exchange);
  const after = placeAndJudge(stand, {
    ...common,
    when: "with us1 and control dead",
    port: 5090,
    gateways: { carrier: ["umatilla-1"], customer: ["umatilla-1"] },
  });
  // A name that never moves must not hide what became of the calls.
  const moved = judgeMove(stand, asked, {
    nameServer,
    lost: "ashburn-1",
    next: "umatilla-1",
    killedAtMs,
  });
  await after;
  await moved;
  await judgeNames(stand, asked, "umatilla-1", ["umatilla-1"]);
}

async function provision(exchange: NetworkExchange): Promise<void> {
  await provisionTrunkOf(exchange, "three", {
    addresses: [customer.internetAddress],
    originationUrls: [{ url: `sip:${customer.internetAddress}:5060` }],
    numbers: [customerNumber],
  });
  await provisionCarrierOf(exchange, carrier);
}

/** The carrier's dispatcher and switch; the customer's SBC, and its proxy that knows nothing but a name. */
async function startPeers({ network, gateways }: Stand): Promise<readonly [sbc: Peer, pstn: Peer]> {
  const carrierHost = network.host(carrier.name);
  const customerHost = network.host(customer.name);
  customerHost.setNameServer(nameServerPlan.internetAddress);
  await startDispatcher({
    host: carrierHost,
    address: carrier.dispatcherAddress,
    gateways: gateways.map((gateway) => gateway.carrierAddress),
    probedUri: `sip:${carrier.dispatcherAddress}`,
  });
  await startSrvCustomer(customerHost, customer.internetAddress, proxyPort);
  const callee = new Callee();
  const steps = [...callee.establish(), ...callee.hungUp()];
  const endless = { port: 5060, steps, calls: Number.POSITIVE_INFINITY };
  return [
    startSipp(customerHost, { name: "sbc", address: customer.internetAddress, ...endless }),
    startSipp(carrierHost, { name: "switch", address: carrier.switchAddress, ...endless }),
  ];
}

interface Load {
  readonly when: string;
  /** Of the callers. */
  readonly port: number;
  readonly name: string;
  readonly sbc: Peer;
  readonly pstn: Peer;
  /** Who places the calls that the one and the other began. */
  readonly gateways: { readonly carrier: readonly string[]; readonly customer: readonly string[] };
}

async function placeAndJudge(stand: Stand, { when, port, name, sbc, pstn, gateways }: Load): Promise<void> {
  stand.timeline.tell("lab", `${calls} calls of ${carrier.name}, ${calls} of ${customer.name} to ${name}`);
  const fromCarrier = placeCalls(stand, {
    host: carrier.name,
    port,
    address: carrier.switchAddress,
    remote: { address: carrier.dispatcherAddress, port: 5060 },
    requestUri: `sip:${customerNumber}@${carrier.dispatcherAddress}`,
    from: pstnNumber,
  });
  const fromCustomer = placeCalls(stand, {
    host: customer.name,
    port,
    address: customer.internetAddress,
    remote: { address: customer.internetAddress, port: proxyPort },
    requestUri: `sip:${pstnNumber}@${name}`,
    from: customerNumber,
  });
  await Promise.all([fromCarrier.ended(), fromCustomer.ended()]);
  const common = { calls, answeredMs };
  judgeCalls(stand, {
    ...common,
    what: `the carrier's calls ${when}`,
    caller: fromCarrier,
    callee: sbc,
    addressOf: (gateway) => gateway.internetAddress,
    gateways: gateways.carrier,
  });
  judgeCalls(stand, {
    ...common,
    what: `the customer's calls ${when}`,
    caller: fromCustomer,
    callee: pstn,
    addressOf: (gateway) => gateway.carrierAddress,
    gateways: gateways.customer,
  });
}

function placeCalls(
  stand: Stand,
  wishes: {
    readonly host: string;
    readonly port: number;
    readonly address: string;
    readonly remote: { readonly address: string; readonly port: number };
    readonly requestUri: string;
    readonly from: string;
  },
): Peer {
  const { host, address, port, remote, requestUri, from } = wishes;
  const caller = new Caller({ requestUri, from });
  return startSipp(stand.network.host(host), {
    name: "caller",
    address,
    port,
    remote,
    steps: [...caller.establish(), ...caller.hangUp()],
    calls,
    ratePerSecond: callsPerSecond,
  });
}

async function loseRegion({ timeline, gateways }: Stand, exchange: NetworkExchange): Promise<void> {
  const lost = gateways.filter(({ edge }) => edge.region === "us1").map(({ name }) => name);
  for (const name of [...lost, "control"]) {
    timeline.tell(name, `killed, pid ${exchange.program(name).pid}`);
    await exchange.program(name).kill();
  }
}

export const regionLost: NetworkScenario = {
  name: "region-lost",
  sentence:
    "every gateway of a region and control are killed: carriers by dispatcher and customers by SRV reach the other region",
  programs: ["sipp", "kamailio", "dig"],
  play,
};
