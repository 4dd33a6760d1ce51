import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { delay, waitFor } from "../../harness/wait.ts";
import type { RemoteCall, RemotePhone } from "../agent/remote-phone.ts";
import { runCommand } from "../builder/run-command.ts";
import type { NetworkExchange } from "../exchange/network-exchange.ts";
import { customerNumber, provisionCarrierOf, provisionTrunkOf, pstnNumber } from "../scenario/provisioned.ts";
import type { NetworkScenario } from "../scenario/scenario.ts";
import type { Stand } from "../scenario/stand.ts";
import { carrierPlans, customerPlans } from "../standard/addresses.ts";

const customer = customerPlans[3];
const [carrier] = carrierPlans;
/** Two looks of the gateway at a call, and some time. */
const talkMs = 24_000;
/** One packet of ten: ten percent, for which G.711 has a score of 3.41. */
const dropEvery = 10;
const expectedLostPercent = 100 / dropEvery;
const oneWayAudioCode = 90_321;
/** A record waits for its gateway's next commit, and for control. */
const recordLimitMs = 60_000;

interface Direction {
  readonly packets: number;
  readonly lost: number;
  readonly codec: string | null;
  readonly mos_mean: number | null;
}

interface Details {
  readonly ingress_sip_call_id: string;
  readonly media: {
    readonly from_ingress: Direction;
    readonly from_egress: Direction;
    readonly one_way_audio: string | null;
  };
}

interface Shown {
  readonly sid: string;
  readonly tandem: Details | null;
}

/** Real RTP through the kernel: one caller's loses packets, another one's does not arrive at all. */
async function play(stand: Stand): Promise<void> {
  const { network } = stand.build({ gateways: { "ashburn-ix": 0, "san-jose-ix": 0, umatilla: 0 } });
  const bpfDirectory = join(network.directory, "bpf");
  mkdirSync(bpfDirectory);
  runCommand("mount", ["-t", "bpf", "bpf", bpfDirectory]);
  const exchange = await stand.startExchange({ media: { engine: "kernel", bpfDirectory } });
  await provisionTrunkOf(exchange, "three", { addresses: [customer.internetAddress] });
  await provisionCarrierOf(exchange, carrier);
  await exchange.settled();
  const at = { address: customer.internetAddress, toneHz: 600 };
  const [pstn, lossy, mute] = await Promise.all([
    stand.phone(carrier.name, { address: carrier.switchAddress, toneHz: 900 }),
    stand.phone(customer.name, { ...at, port: 5070, dropEvery }),
    stand.phone(customer.name, { ...at, port: 5072, dropEvery: 1 }),
  ]);
  const lossyCall = await placed(stand, exchange, lossy);
  const muteCall = await placed(stand, exchange, mute);
  await delay(talkMs);
  stand.verdicts.equal(
    "the carrier hears the caller with losses",
    (await pstn.received())[0]?.heardToneHz,
    600,
  );
  await judgeAlert(stand, exchange);
  for (const call of [lossyCall, muteCall]) await call.hangUp();
  await judgeLosses(stand, exchange, (await lossyCall.view()).callId);
  await judgeSilence(stand, exchange, (await muteCall.view()).callId);
}

async function placed(stand: Stand, exchange: NetworkExchange, phone: RemotePhone): Promise<RemoteCall> {
  const call = await phone.call({
    requestUri: `sip:${pstnNumber}@${exchange.terminationHost("three", "ashburn")}`,
    from: `sip:${customerNumber}@${customer.internetAddress}`,
    to: { address: stand.gateway("ashburn-1").internetAddress ?? "", port: 5060 },
  });
  stand.verdicts.equal(`the call of ${phone.id} is answered`, (await call.settled()).statusCode, 200);
  return call;
}

/** While the call is up. */
async function judgeAlert({ verdicts }: Stand, { api }: NetworkExchange): Promise<void> {
  const alerts = await waitFor(
    "an alert",
    async () => {
      const page = (await api.get(`/v1/Alerts?ErrorCode=${oneWayAudioCode}`)) as {
        alerts: { readonly alert_text: string }[];
      };
      return page.alerts.length > 0 ? page.alerts : undefined;
    },
    recordLimitMs,
  );
  verdicts.equal("alerts of one-way audio", alerts.length, 1);
  verdicts.equal("it names the caller", alerts[0]?.alert_text.includes("from the caller") === true, true);
}

async function judgeLosses(
  { verdicts, timeline }: Stand,
  exchange: NetworkExchange,
  callId: string,
): Promise<void> {
  const { sid, details } = await recordOf(exchange, callId);
  const { from_ingress: poor, from_egress: good, one_way_audio: oneWay } = details.media;
  timeline.tell("control", `scores: ${poor.mos_mean} from the caller, ${good.mos_mean} from the callee`);
  const lostPercent = (100 * poor.lost) / (poor.packets + poor.lost);
  verdicts.atLeast("lost of the caller's", lostPercent, expectedLostPercent - 1, "%");
  verdicts.atMost("lost of the caller's", lostPercent, expectedLostPercent + 3, "%");
  verdicts.atLeast("score of the caller's direction", 100 * (poor.mos_mean ?? 0), 310, "/ 100");
  verdicts.atMost("score of the caller's direction", 100 * (poor.mos_mean ?? 5), 350, "/ 100");
  verdicts.atLeast("score of the callee's direction", 100 * (good.mos_mean ?? 0), 420, "/ 100");
  verdicts.equal("its codec", poor.codec, "PCMU");
  verdicts.equal("one-way audio of it", oneWay, null);
  const page = (await exchange.api.get(`${exchange.api.accountPath}/Calls/${sid}/AudioSamples.json`)) as {
    audio_samples: { readonly from: string; readonly period_ms: number; readonly lost: number }[];
  };
  const samples = page.audio_samples.filter(({ from }) => from === "ingress");
  verdicts.atLeast("samples of the caller's direction", samples.length, 2, "");
  verdicts.atLeast(
    "time that they cover",
    samples.reduce((sum, one) => sum + one.period_ms, 0),
    talkMs,
    "ms",
  );
  verdicts.equal("samples without loss", samples.filter(({ lost }) => lost === 0).length, 0);
}

async function judgeSilence({ verdicts }: Stand, exchange: NetworkExchange, callId: string): Promise<void> {
  const { sid, details } = await recordOf(exchange, callId);
  verdicts.equal("the mute caller's packets", details.media.from_ingress.packets, 0);
  verdicts.equal("one-way audio", details.media.one_way_audio, "caller");
  const page = (await exchange.api.get(`${exchange.api.accountPath}/Calls.json?OneWayAudio=caller`)) as {
    calls: readonly Shown[];
  };
  verdicts.equal("calls with one-way audio", page.calls.map((one) => one.sid).join(), sid);
}

function recordOf({ api }: NetworkExchange, callId: string): Promise<{ sid: string; details: Details }> {
  return waitFor(
    "the call's record",
    async () => {
      const page = (await api.get(`${api.accountPath}/Calls.json`)) as { calls: readonly Shown[] };
      for (const { sid, tandem } of page.calls) {
        if (tandem?.ingress_sip_call_id === callId) return { sid, details: tandem };
      }
      return undefined;
    },
    recordLimitMs,
  );
}

export const poorAudioOfOneSide: NetworkScenario = {
  name: "poor-audio-of-one-side",
  sentence:
    "a caller whose packets get lost has the lower score in the record, and one who is not heard raises an alert",
  programs: [],
  play,
};
