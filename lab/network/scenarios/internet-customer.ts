import { makeCertificate } from "../../harness/certificate.ts";
import { delay, waitFor } from "../../harness/wait.ts";
import type { CallView } from "../agent/operations.ts";
import { Capture, type LinkDatagram } from "../capture/capture.ts";
import { startBaresip } from "../peers/baresip-in-host.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

const talkMs = 3000;
const customer = customerPlans[3];
const [carrier] = carrierPlans;
const credentials = { username: "baresip", password: "Correct-Horse-42" };
const tones = { baresip: 600, carrier: 900 } as const;
/** A clean tone through G.711 has nearly all of the energy. */
const clearShare = 0.8;
/** Share of the carrier's packets that must have crossed the customer's link too. */
const share = 0.95;
/** Half a second of talk: fewer show nothing. */
const minimumPackets = 25;

/** A customer with nothing but the internet: TLS and digest, its media on its internet link only. */
async function play(stand: Stand): Promise<void> {
  const { verdicts, timeline, network } = stand.build({
    gateways: { "ashburn-ix": 0, "san-jose-ix": 0, umatilla: 0 },
  });
  const gateway = stand.gateway("ashburn-1");
  const files = makeCertificate(network.directory, "edge", `IP:${gateway.internetAddress}`);
  const { certificateFile, keyFile } = files;
  const exchange = await stand.startExchange({
    tls: { certificates: [{ serverNames: [], certificateFile, keyFile }], verifyPeers: false },
  });
  await provisionTrunkOf(exchange, "three", { credentials });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const pstn = await stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: tones.carrier });
  const baresip = await startBaresip(await stand.agent(customer.name), {
    name: "baresip",
    address: customer.internetAddress,
    port: 5060,
    user: customerNumber,
    credentials,
    outboundProxy: `sip:${gateway.internetAddress}:5061;transport=tls`,
    toneHz: tones.baresip,
  });
  const capture = await Capture.start(network, network.links);
  timeline.tell(customer.name, `baresip calls ${pstnNumber} over TLS`);
  await baresip.dial(`sip:${pstnNumber}@${exchange.terminationHost("three", "ashburn")};transport=tls`);
  const callee = await pstn.incoming(0);
  verdicts.equal("the call is answered", (await callee.settled()).state, "answered");
  await delay(talkMs);
  await baresip.hangUp();
  const far = await callee.ended();
  const datagrams = await capture.stop();
  verdicts.equal("the carrier hears the customer", far.heardToneHz, tones.baresip);
  await waitFor("baresip's recording", () => baresip.heardShare(tones.carrier) > clearShare).catch(
    () => undefined,
  );
  verdicts.atLeast(
    "of what the customer hears, the carrier's tone",
    100 * baresip.heardShare(tones.carrier),
    80,
    "%",
  );
  judgeMedia(stand, datagrams, gateway.name, far);
}

function judgeMedia(
  { verdicts }: Stand,
  datagrams: readonly LinkDatagram[],
  gateway: string,
  phone: CallView,
): void {
  const { internetAddress } = customer;
  const isIts = (one: LinkDatagram): boolean =>
    one.source.startsWith(`${internetAddress}:`) || one.destination.startsWith(`${internetAddress}:`);
  const its = datagrams.filter(isIts);
  const own = `internet:${customer.name}`;
  const links = [own, `internet:${gateway}`];
  const sent = Math.max(minimumPackets, share * phone.receivedPackets);
  const received = Math.max(minimumPackets, share * phone.sentPackets);
  for (const link of links) {
    for (const direction of ["from-near", "to-near"] as const) {
      const seen = its.filter((one) => one.link === link && one.direction === direction).length;
      const isSent = (direction === "from-near") === (link === own);
      verdicts.atLeast(`media ${direction} on ${link}`, seen, isSent ? sent : received, "packets");
    }
  }
  verdicts.equal("its packets elsewhere", its.filter((one) => !links.includes(one.link)).length, 0);
  verdicts.equal("SIP in clear", its.filter((one) => one.payload.includes("SIP/2.0")).length, 0);
}

export const internetCustomer: NetworkScenario = {
  name: "internet-customer",
  sentence:
    "baresip calls from the internet over TLS: both ends hear each other, and its media takes that way only",
  programs: ["baresip", "dumpcap"],
  play,
};
