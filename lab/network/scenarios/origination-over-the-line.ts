import { delay } from "../../harness/wait.ts";
import { Capture, type LinkDatagram } from "../capture/capture.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { judgeLeg } from "../scenario/judge-leg.ts";
import { startPrivateExchange } from "../scenario/private-exchange.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans, linePlans } from "../standard/addresses.ts";

const talkMs = 3000;
const [customer, , , stranger] = customerPlans;
const [carrier] = carrierPlans;
const [line] = linePlans;

/** (a) `edge=ashburn-ix` puts signaling and media on the customer's own line, and a forged source gets nobody in. */
async function play(stand: Stand): Promise<void> {
  const { verdicts, timeline } = stand;
  stand.build({ gateways: { ashburn: 0, "san-jose-ix": 0, umatilla: 0 } });
  const [{ exchange, lines }, sbc, pstn] = await Promise.all([
    startPrivateExchange(stand, { "line-1a": {}, "line-2": {} }),
    stand.phone(customer.name, { address: customer.sbcAddress, toneHz: 600 }),
    stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 }),
  ]);
  const gateway = stand.gateway("ashburn-ix-1");
  await provisionTrunkOf(exchange, "one", {
    addresses: [customer.sbcAddress],
    // By the address alone, anybody on the internet could pretend.
    addressesOverLine: lines.get("line-1a") ?? "",
    originationUrls: [{ url: `sip:${customer.sbcAddress};edge=ashburn-ix` }],
    numbers: [customerNumber],
  });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const capture = await Capture.start(stand.network, stand.network.links);
  timeline.tell(carrier.name, `calls ${customerNumber} at ${gateway.name}`);
  const call = await pstn.call({
    requestUri: `sip:${customerNumber}@${gateway.carrierAddress}`,
    from: `sip:${pstnNumber}@${carrier.switchAddress}`,
    to: { address: gateway.carrierAddress, port: 5060 },
  });
  verdicts.equal("the call is answered", (await call.settled()).statusCode, 200);
  const callee = await sbc.incoming(0);
  await delay(talkMs);
  await call.hangUp();
  const near = await callee.ended();
  const far = await call.view();
  await forge(stand, exchange.terminationHost("one", "ashburn-ix"));
  const datagrams = await capture.stop();
  verdicts.equal("the customer hears the PSTN", near.heardToneHz, pstn.toneHz);
  verdicts.equal("the PSTN hears the customer", far.heardToneHz, sbc.toneHz);
  judgeLeg(stand, datagrams, "customer's leg", near, [`line-1a:${customer.name}`, `line-1a:${gateway.name}`]);
  judgeLeg(stand, datagrams, "carrier's leg", far, [`peering:${carrier.name}`, `peering:${gateway.name}`]);
  judgeForged(stand, datagrams);
  verdicts.equal("forged calls that reached the carrier", (await pstn.received()).length, 0);
  judgeCounters(stand);
  await judgeRecords(stand, exchange, lines.get("line-1a") ?? "");
}

/**
 * Call-IDs, and what may be answered: on the public interface a stranger is refused like everybody, and elsewhere nobody
 * has heard anything.
 */
const forgedIds = [
  ["forged-edge", ""],
  ["forged-internet", "403"],
  ["forged-local", ""],
] as const;

/** A host of the internet takes the customer's address, and the internet's router lends it ways that it must not have. */
async function forge(stand: Stand, terminationHost: string): Promise<void> {
  const { network, timeline } = stand;
  const gateway = stand.gateway("ashburn-ix-1");
  network.host(stranger.name).ip("address", "add", `${customer.sbcAddress}/32`, "dev", "lo");
  const targets = [gateway.privateAddress ?? "", gateway.internetAddress, "100.127.0.1"];
  for (const target of [targets[0] ?? "", targets[2] ?? ""]) {
    network
      .host("internet")
      .ip("route", "replace", `${target}/32`, "via", gateway.internetAddress, "dev", gateway.name);
  }
  const agent = await stand.agent(stranger.name);
  for (const [index, address] of targets.entries()) {
    timeline.tell(stranger.name, `sends an INVITE as ${customer.sbcAddress} to ${address}`);
    await agent.perform("sendDatagram", {
      from: { address: customer.sbcAddress, port: 5090 + index },
      to: { address, port: 5060 },
      waitMs: 500,
      text: [
        `INVITE sip:${pstnNumber}@${terminationHost} SIP/2.0`,
        `Via: SIP/2.0/UDP ${customer.sbcAddress}:${5090 + index};branch=z9hG4bK${index}forged`,
        `From: <sip:${customerNumber}@${customer.sbcAddress}>;tag=${index}`,
        `To: <sip:${pstnNumber}@${terminationHost}>`,
        `Call-ID: ${forgedIds[index]?.[0]}`,
        "CSeq: 1 INVITE",
        `Contact: <sip:${customer.sbcAddress}:${5090 + index}>`,
        "Max-Forwards: 70",
        "Content-Length: 0\r\n\r\n",
      ].join("\r\n"),
    });
  }
}

function judgeForged({ verdicts }: Stand, datagrams: readonly LinkDatagram[]): void {
  for (const [id, wantedAnswer] of forgedIds) {
    const messages = datagrams.filter(({ payload }) => payload.includes(id));
    const arrived = messages.filter(
      (one) => one.link === "internet:ashburn-ix-1" && one.direction === "to-near",
    );
    const answers = new Set(
      messages
        .map(({ payload }) => /^SIP\/2\.0 (\d+)/.exec(payload.toString("latin1"))?.[1])
        .filter((status) => status !== undefined),
    );
    const onLine = messages.filter(({ link }) => link.startsWith(line.name));
    verdicts.atLeast(`${id}: it did arrive at the gateway's host`, arrived.length, 1, "datagrams");
    verdicts.equal(`${id}: answers`, [...answers].join(" "), wantedAnswer);
    verdicts.equal(`${id}: packets on the line`, onLine.length, 0);
  }
}

interface CallRecords {
  readonly calls: readonly {
    readonly direction: string;
    readonly tandem: { readonly attempts: readonly { readonly connection_sid: string | null }[] };
  }[];
}

/** The one call that there was is recorded with its line; nothing forged became a call of the customer. */
async function judgeRecords({ verdicts }: Stand, { api }: NetworkExchange, lineSid: string): Promise<void> {
  const { calls } = (await api.get(`${api.accountPath}/Calls.json`)) as unknown as CallRecords;
  const records = calls.map(({ direction, tandem }) =>
    [direction, ...tandem.attempts.map((attempt) => attempt.connection_sid)].join(" "),
  );
  verdicts.equal("calls on record", records.join(", "), `trunking-originating ${lineSid}`);
}

/** The kernel refused what went to the edge and to the line's local address, and says so. */
function judgeCounters({ network, verdicts }: Stand): void {
  for (const counter of ["other_device", "to_local_address"]) {
    const text = network.host("ashburn-ix-1").run("nft", ["list", "counter", "inet", "tandem", counter]);
    const packets = Number(/packets (\d+)/.exec(text)?.[1] ?? 0);
    verdicts.atLeast(`dropped and counted as ${counter}`, packets, 1, "packets");
  }
}

export const originationOverTheLine: NetworkScenario = {
  name: "origination-over-the-line",
  sentence:
    "a call with edge= crosses its customer's line and no other link; a forged address gets nobody onto it",
  programs: ["frr", "nft", "dumpcap"],
  play,
};
