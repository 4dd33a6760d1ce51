import type { RemotePhone } from "../agent/remote-phone.ts";
import { blackhole, mend, pull } from "../builder/cuts.ts";
import type { Link } from "../builder/link.ts";
import { untilLineIs } from "../exchange/lines.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { startPrivateExchange } from "../scenario/private-exchange.ts";
import { provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { type CustomerPlan, carrierPlans, customerPlans, type LineName } from "../standard/addresses.ts";

/** A call placed within the first second after the cut, and one when the line is known to be dead. */
const soonMs = 5000;
const laterMs = 1000;
const [main, spare, other] = customerPlans;
const [carrier] = carrierPlans;
const gatewayName = "ashburn-ix-1";

type Cut = readonly [what: string, end: "customer" | "exchange", cut: (link: Link) => void];

const pulledAtExchange: Cut = ["pulled at the exchange", "exchange", (link) => pull(link)];
const pulledAtCustomer: Cut = ["pulled at the customer", "customer", (link) => pull(link, "near")];
const silent: Cut = ["loses everything", "customer", (link) => blackhole(link, "both")];
const deaf: Cut = ["loses what the customer sends", "customer", (link) => blackhole(link, "from-near")];
const mute: Cut = ["loses what the exchange sends", "customer", (link) => blackhole(link, "to-near")];

/** (b) A dead line costs a call at most five seconds, and nothing once it is known. Lines die side by side. */
async function play(stand: Stand): Promise<void> {
  stand.build({ gateways: { ashburn: 0, "san-jose-ix": 0, umatilla: 0 } });
  const [{ exchange, lines }, pstn, ...phones] = await Promise.all([
    startPrivateExchange(stand, { "line-1a": {}, "line-1b": {}, "line-2": {} }),
    stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 }),
    phonesOf(stand, "line-1a", main),
    phonesOf(stand, "line-1b", spare),
    phonesOf(stand, "line-2", other),
  ]);
  await provisionCarrierOf(exchange, carrier);
  const sites: Site[] = [];
  for (const [index, phone] of phones.entries()) {
    const site = {
      ...phone,
      exchange,
      pstn,
      sid: lines.get(phone.line) ?? "",
      number: `+1202555020${index}`,
    };
    await provision(site);
    sites.push(site);
  }
  await exchange.settled();
  const [first, second, third] = sites as [Site, Site, Site];
  // The first calls of a program that has just started are slow.
  await Promise.all(sites.map((site) => judgeCall(stand, site, "with the line up", "way", soonMs)));
  await Promise.all([
    judgeCut(stand, first, pulledAtExchange),
    judgeCut(stand, second, silent),
    judgeCut(stand, third, deaf),
  ]);
  await Promise.all([judgeCut(stand, first, pulledAtCustomer), judgeCut(stand, third, mute)]);
}

interface SitePhones {
  readonly line: LineName;
  readonly plan: CustomerPlan;
  /** Behind the line. */
  readonly way: RemotePhone;
  readonly internet: RemotePhone;
}

interface Site extends SitePhones {
  readonly exchange: NetworkExchange;
  readonly pstn: RemotePhone;
  readonly sid: string;
  readonly number: string;
}

async function phonesOf(stand: Stand, line: LineName, plan: CustomerPlan): Promise<SitePhones> {
  const way = await stand.phone(plan.name, { address: plan.sbcAddress ?? "", toneHz: 600 });
  const internet = await stand.phone(plan.name, { address: plan.internetAddress, toneHz: 500 });
  return { line, plan, way, internet };
}

function provision({ exchange, line, plan, sid, number }: Site): Promise<void> {
  return provisionTrunkOf(exchange, line, {
    originationUrls: [
      { url: `sip:${plan.sbcAddress};tnx=${sid}`, priority: 1 },
      { url: `sip:${plan.internetAddress}`, priority: 2 },
    ],
    numbers: [number],
  });
}

async function judgeCut(stand: Stand, site: Site, [what, end, cut]: Cut): Promise<void> {
  const { exchange, sid, line, plan } = site;
  const link = stand.network.link(`${line}:${end === "customer" ? plan.name : gatewayName}`);
  stand.timeline.tell(line, what);
  cut(link);
  await judgeCall(stand, site, `right after it ${what}`, "internet", soonMs);
  await untilLineIs(exchange, sid, gatewayName, "down");
  await judgeCall(stand, site, `when it is known that it ${what}`, "internet", laterMs);
  mend(link);
  await untilLineIs(exchange, sid, gatewayName, "up");
  stand.timeline.tell(line, "mended, and up");
  await judgeCall(stand, site, `after the repair (${what})`, "way", laterMs);
}

async function judgeCall(
  stand: Stand,
  site: Site,
  when: string,
  way: "way" | "internet",
  limitMs: number,
): Promise<void> {
  const { verdicts } = stand;
  const { carrierAddress } = stand.gateway(gatewayName);
  const before = (await site[way].received()).length;
  const call = await site.pstn.call({
    requestUri: `sip:${site.number}@${carrierAddress}`,
    from: `sip:${pstnNumber}@${carrier.switchAddress}`,
    to: { address: carrierAddress, port: 5060 },
  });
  const view = await call.settled(60_000);
  const of = `${site.line}, ${when}:`;
  verdicts.equal(`${of} answer`, view.statusCode, 200);
  verdicts.atMost(`${of} time to it`, view.finalAfterMs ?? Number.POSITIVE_INFINITY, limitMs, "ms");
  const name = way === "way" ? "the line" : "the internet";
  verdicts.equal(`${of} calls by ${name}`, (await site[way].received()).length - before, 1);
  await call.hangUp();
  await call.ended();
}

export const lineCutBeforeACall: NetworkScenario = {
  name: "line-cut-before-a-call",
  sentence: "a line that is dead in any way costs a call at most 5 s, and 1 s once it is known",
  programs: ["frr", "nft"],
  play,
};
