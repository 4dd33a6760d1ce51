import { delay } from "../../harness/wait.ts";
import type { CallView } from "../agent/operations.ts";
import type { RemoteCall } from "../agent/remote-phone.ts";
import { isNone, legPackets, type PacketCounts } from "../capture/call-packets.ts";
import { Capture } from "../capture/capture.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans, customerSideOf } from "../standard/addresses.ts";

const talkMs = 3000;
/** Share of a leg's packets that must be seen where they belong. */
const share = 0.95;
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
  const [near, far] = await bothEnd(call, callee);
  const datagrams = await capture.stop();
  const links = stand.network.links.map((one) => one.name);
  verdicts.equal("the customer hears the carrier", near.heardToneHz, pstn.toneHz);
  verdicts.equal("the carrier hears the customer", far.heardToneHz, sbc.toneHz);
  judgeLeg(stand, "customer's leg", near, legPackets(datagrams, near.callId, links), [
    `${line.plan.name}:${customer.name}`,
    `${line.plan.name}:${gateway.name}`,
  ]);
  judgeLeg(stand, "carrier's leg", far, legPackets(datagrams, far.callId, links), [
    `peering:${carrier.name}`,
    `peering:${gateway.name}`,
  ]);
}

/** What both phones counted when the caller has hung up. */
async function bothEnd(call: RemoteCall, callee: RemoteCall): Promise<readonly [CallView, CallView]> {
  await call.hangUp();
  const far = await callee.ended();
  return [await call.view(), far];
}

/** Every packet of the leg is on these links, first the phone's own, in both directions, and on no other. */
function judgeLeg(
  { verdicts }: Stand,
  leg: string,
  phone: CallView,
  counts: ReadonlyMap<string, PacketCounts>,
  links: readonly string[],
): void {
  const [own = ""] = links;
  for (const link of links) {
    const seen = counts.get(link);
    if (seen === undefined) throw new Error(`${link} was not captured`);
    // Near is the phone on its own link, and the gateway on the gateway's.
    const fromPhone = link === own ? seen.rtpFromNear : seen.rtpToNear;
    const toPhone = link === own ? seen.rtpToNear : seen.rtpFromNear;
    verdicts.atLeast(
      `${leg}: RTP from the phone on ${link}`,
      fromPhone,
      share * phone.sentPackets,
      "packets",
    );
    verdicts.atLeast(
      `${leg}: RTP to the phone on ${link}`,
      toPhone,
      share * phone.receivedPackets,
      "packets",
    );
    verdicts.atLeast(`${leg}: SIP on ${link}`, Math.min(seen.sipFromNear, seen.sipToNear), 2, "each way");
  }
  const elsewhere = [...counts].filter(([link, seen]) => !links.includes(link) && !isNone(seen));
  verdicts.equal(
    `${leg}: links elsewhere with a packet of it`,
    elsewhere.map(([link]) => link).join(" "),
    "",
  );
}

export const callOverALine: NetworkScenario = {
  name: "call-over-a-line",
  sentence: "a call of a customer on a private line crosses that line and no other link, signaling and media",
  programs: ["frr", "nft", "dumpcap"],
  play,
};
