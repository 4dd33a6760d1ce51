import { delay } from "../../harness/wait.ts";
import { Capture } from "../capture/capture.ts";
import { judgeLeg } from "../scenario/judge-leg.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans, customerSideOf } from "../standard/addresses.ts";

const talkMs = 3000;
const [customer] = customerPlans;
const [carrier] = carrierPlans;

/** A termination call: the customer's packets must be on its line, the carrier's on the peering, none elsewhere. */
async function play(stand: Stand): Promise<void> {
  const { verdicts, timeline } = stand;
  stand.build({ gateways: { ashburn: 0, "san-jose-ix": 0, umatilla: 0 } });
  const gateway = stand.gateway("ashburn-ix-1");
  const [exchange] = await Promise.all([stand.startExchange(), stand.startRouting()]);
  const [line] = gateway.lines;
  if (line === undefined || gateway.privateAddress === undefined) throw new Error("no private line");
  // The way back to the customer: by the main table, since one line is all there is in this scenario.
  stand.network
    .host(gateway.name)
    .ip("route", "add", customer.prefix, "via", customerSideOf(line.plan), "dev", line.plan.name);
  await provisionTrunkOf(exchange, "one", { addresses: [customer.sbcAddress] });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const sbc = await stand.phone(customer.name, { address: customer.sbcAddress, toneHz: 600 });
  const pstn = await stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 });

  const capture = await Capture.start(stand.network, stand.network.links);
  timeline.tell(customer.name, `calls ${pstnNumber} through ${line.plan.name}`);
  const call = await sbc.call({
    requestUri: `sip:${pstnNumber}@${exchange.terminationHost("one", "ashburn-ix")}`,
    from: `sip:${customerNumber}@${customer.sbcAddress}`,
    to: { address: gateway.privateAddress, port: 5060 },
  });
  const answered = await call.settled();
  verdicts.equal("the call is answered", answered.statusCode, 200);
  const callee = await pstn.incoming(0);
  await delay(talkMs);
  await call.hangUp();
  const far = await callee.ended();
  const near = await call.view();
  const datagrams = await capture.stop();
  verdicts.equal("the customer hears the carrier", near.heardToneHz, pstn.toneHz);
  verdicts.equal("the carrier hears the customer", far.heardToneHz, sbc.toneHz);
  judgeLeg(stand, datagrams, "customer's leg", near, [
    `${line.plan.name}:${customer.name}`,
    `${line.plan.name}:${gateway.name}`,
  ]);
  judgeLeg(stand, datagrams, "carrier's leg", far, [`peering:${carrier.name}`, `peering:${gateway.name}`]);
}

export const callOverALine: NetworkScenario = {
  name: "call-over-a-line",
  sentence: "a call of a customer on a private line crosses that line and no other link, signaling and media",
  programs: ["frr", "nft", "dumpcap"],
  play,
};
