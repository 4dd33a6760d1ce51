import { delay, waitFor } from "../../harness/wait.ts";
import type { RemoteCall, RemotePhone } from "../agent/remote-phone.ts";
import { blackhole, mend } from "../builder/cuts.ts";
import { untilLineIs } from "../exchange/lines.ts";
import { startPrivateExchange } from "../scenario/private-exchange.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

/** As many packets as two processors of one machine relay and make besides. */
const count = 50;
/** The line is gone for a good while, and for less than a silent call may live. */
const cutMs = 6000;
const mediaInactivitySeconds = 40;
/** Of RTP after the repair: a second's worth. */
const packetsOfASecond = 50;
const gatewayName = "ashburn-ix-1";
const [customer] = customerPlans;
const [carrier] = carrierPlans;

/** (c) A line that is gone for a while costs the calls on it their audio, not their life. */
async function play(stand: Stand): Promise<void> {
  const { verdicts, timeline, network } = stand.build({
    gateways: { ashburn: 0, "san-jose-ix": 0, umatilla: 0 },
  });
  const [{ exchange, lines }, pstn, sbc, spare] = await Promise.all([
    startPrivateExchange(stand, { "line-1a": {} }, { mediaInactivitySeconds }),
    stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 }),
    stand.phone(customer.name, { address: customer.sbcAddress, toneHz: 600 }),
    stand.phone(customer.name, { address: customer.internetAddress, toneHz: 500 }),
  ]);
  const sid = lines.get("line-1a") ?? "";
  await provisionTrunkOf(exchange, "one", {
    originationUrls: [
      { url: `sip:${customer.sbcAddress};edge=ashburn-ix`, priority: 1 },
      { url: `sip:${customer.internetAddress}`, priority: 2 },
    ],
    numbers: [customerNumber],
  });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const calls: RemoteCall[] = [];
  for (let placed = 0; placed < count; placed += 1) calls.push(await place(stand, pstn));
  await waitFor("all calls to be answered", async () => (await answeredOf(pstn)) === count, 60_000);
  verdicts.equal("calls by the line", (await sbc.received()).length, count);
  blackhole(network.link("line-1a:customer-1"), "both");
  timeline.tell("line-1a", `loses everything for ${cutMs / 1000} s, with ${count} calls on it`);
  await untilLineIs(exchange, sid, gatewayName, "down");
  const during = await place(stand, pstn);
  verdicts.equal("a new call is answered", (await during.settled()).statusCode, 200);
  verdicts.equal("it came by the internet", (await spare.received()).length, 1);
  await delay(cutMs);
  verdicts.equal("calls still up on the dead line", await answeredOf(pstn), count);
  const silent = await receivedPackets(pstn);
  mend(network.link("line-1a:customer-1"));
  await untilLineIs(exchange, sid, gatewayName, "up");
  timeline.tell("line-1a", "mended, and up");
  const isBack = async (): Promise<boolean> =>
    (await receivedPackets(pstn)).every((packets, call) => packets >= (silent[call] ?? 0) + packetsOfASecond);
  const didResume = await waitFor("audio to come back", isBack, 15_000).catch(() => false);
  verdicts.equal("every call has its audio back", didResume, true);
  const after = await place(stand, pstn);
  verdicts.equal("the next call is answered", (await after.settled()).statusCode, 200);
  verdicts.equal("it came by the line", (await sbc.received()).length, count + 1);
  await release(stand, [...calls, during, after], sbc);
}

function place(stand: Stand, pstn: RemotePhone): Promise<RemoteCall> {
  const { carrierAddress: address } = stand.gateway(gatewayName);
  return pstn.call({
    requestUri: `sip:${customerNumber}@${address}`,
    from: `sip:${pstnNumber}@${carrier.switchAddress}`,
    to: { address, port: 5060 },
  });
}

/** How many of the first calls are up. */
async function answeredOf(pstn: RemotePhone): Promise<number> {
  return (await pstn.placed()).slice(0, count).filter((one) => one.state === "answered").length;
}

async function receivedPackets(pstn: RemotePhone): Promise<readonly number[]> {
  return (await pstn.placed()).slice(0, count).map((one) => one.receivedPackets);
}

/** Every BYE arrives, also those of calls that lived through the cut. */
async function release({ verdicts }: Stand, calls: readonly RemoteCall[], sbc: RemotePhone): Promise<void> {
  for (const call of calls) await call.hangUp();
  const ended = async (): Promise<number> =>
    (await sbc.received()).filter((one) => one.state === "ended").length;
  await waitFor("every BYE to arrive", async () => (await ended()) === count + 1, 30_000).catch(
    () => undefined,
  );
  verdicts.equal("calls released in order behind the line", await ended(), count + 1);
}

export const lineCutUnderCalls: NetworkScenario = {
  name: "line-cut-under-calls",
  sentence: "calls live through seconds without their line; new ones go by the internet until it is back",
  programs: ["frr", "nft"],
  play,
};
