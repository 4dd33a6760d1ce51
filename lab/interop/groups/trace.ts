import assert from "node:assert/strict";
import { waitFor } from "../../harness/wait.ts";
import { HepCollector } from "../../user-agents/hep-collector.ts";
import { type Captured, Sngrep } from "../../user-agents/sngrep.ts";
import { type Group, shortTimers } from "../group.ts";
import { Callee } from "../sipp/callee.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
const network = 13;
const collectorAddress = `127.2.${network}.41`;
const sngrepAddress = `127.2.${network}.42`;
const collectorPort = 9060;

/** A call whose first candidate refuses and whose second answers. */
async function overTwoCandidates(
  stage: Stage,
  number: string = stage.number(),
): Promise<{ readonly sid: string; readonly refusing: string; readonly good: string }> {
  const refusing = stage.carrier(callee.refuse(503, "Service Unavailable"));
  const good = stage.carrier([...callee.establish(), ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [refusing.uri, good.uri], prefix: number });
  const lines = stage.customerLines(number);
  await stage.customer([...lines.establish(), ...lines.hangUp()]).finish();
  await good.finish();
  await refusing.finish();
  const record = await stage.record(number);
  assert.equal(record.status, "completed");
  return { sid: record.sid, refusing: hostPort(refusing.uri), good: hostPort(good.uri) };
}

function hostPort(uri: string): string {
  return /[\d.]+:\d+/.exec(uri)?.[0] ?? uri;
}

/** Between the gateway and one peer, in order. Whether there is a 100 depends on how fast everybody is. */
function conversation(shown: readonly Captured[], peer: string): readonly string[] {
  const own = shown.filter(
    ({ from, to, what }) => (from.startsWith(peer) || to.startsWith(peer)) && what !== "100",
  );
  return own.map(({ from, what }) => (from.startsWith(peer) ? `> ${what}` : `< ${what}`));
}

async function oneLadder(stage: Stage): Promise<void> {
  const sngrep = await Sngrep.start(stage.exchange.directory, sngrepAddress, collectorPort);
  const collector = await HepCollector.open(
    { address: collectorAddress, port: collectorPort },
    { address: sngrepAddress, port: collectorPort },
  );
  try {
    const call = await overTwoCandidates(stage);
    const { messages } = collector;
    await waitFor("the answers to both BYEs", async () =>
      messages.filter(({ text }) => /^SIP\/2\.0 200 [^]*\r\nCSeq: \d+ BYE\r\n/.test(text)).length === 2
        ? true
        : undefined,
    );
    assert.deepEqual([...new Set(messages.map(({ correlationId }) => correlationId))], [call.sid]);
    const callIds = new Set(messages.map(({ text }) => /\r\nCall-ID: ([^\r]*)/i.exec(text)?.[1]));
    assert.equal(callIds.size, 3, "the customer's leg and two attempts");
    const shown = await sngrep.captured(messages.length);
    assert.deepEqual(conversation(shown, stage.customerAddress), [
      "> INVITE",
      "< 180",
      "< 200",
      "> ACK",
      "> BYE",
      "< 200",
    ]);
    assert.deepEqual(conversation(shown, call.refusing), ["< INVITE", "> 503", "< ACK"]);
    assert.deepEqual(conversation(shown, call.good), [
      "< INVITE",
      "> 180",
      "> 200",
      "< ACK",
      "< BYE",
      "> 200",
    ]);
  } finally {
    collector.close();
    await sngrep.stop();
  }
}

interface CapturedMessage {
  readonly direction: string;
  readonly remote: string;
  readonly text: string;
}

/** `INVITE`, or a status code. */
function whatOf(text: string): string {
  return (text.startsWith("SIP/2.0 ") ? text.split(" ", 2)[1] : text.split(" ", 1)[0]) ?? "";
}

/** Control asks for one number's calls; the ladder has both legs and the attempt that failed, of that call alone. */
async function capturedByControl(stage: Stage): Promise<void> {
  const { api } = stage.exchange;
  const other = await overTwoCandidates(stage);
  const number = stage.number();
  await api.post("/v1/Captures", { Number: number, Calls: 1, Seconds: 120 });
  const call = await overTwoCandidates(stage, number);
  const captured = await waitFor("the answers to both BYEs", async () => {
    const { messages } = (await api.get(`/v1/Captures/${call.sid}`)) as {
      messages: readonly CapturedMessage[];
    };
    const ends = messages.filter(({ text }) => /^SIP\/2\.0 200 [^]*\r\nCSeq: \d+ BYE\r\n/.test(text));
    return ends.length === 2 ? messages : undefined;
  });
  const rungs = (remote: string): readonly string[] =>
    captured
      .filter((one) => one.remote.startsWith(remote) && whatOf(one.text) !== "100")
      .map(({ direction, text }) => `${direction === "received" ? ">" : "<"} ${whatOf(text)}`);
  assert.deepEqual(rungs(stage.customerAddress), ["> INVITE", "< 180", "< 200", "> ACK", "> BYE", "< 200"]);
  assert.deepEqual(rungs(call.refusing), ["< INVITE", "> 503", "< ACK"]);
  assert.deepEqual(rungs(call.good), ["< INVITE", "> 180", "> 200", "< ACK", "< BYE", "> 200"]);
  const { calls } = (await api.get("/v1/Captures")) as {
    calls: readonly { call_sid: string; whole: boolean }[];
  };
  assert.deepEqual(
    calls.map(({ call_sid, whole }) => [call_sid, whole]),
    [[call.sid, true]],
    `not ${other.sid}`,
  );
  await api.delete("/v1/Captures");
}

export const trace: Group = {
  name: "trace",
  peers: ["sipp", "sngrep", "tshark"],
  stage: {
    block: "127.2",
    network,
    exchange: {
      gateway: { timers: shortTimers, trace: { collector: `${collectorAddress}:${collectorPort}` } },
    },
  },
  concurrency: 1,
  scenarios: [
    {
      name: "trace-one-ladder",
      sentence:
        "a collector gets every message of a call, with one id for both legs and each attempt, and sngrep shows them",
      play: oneLadder,
    },
    {
      name: "trace-captured-by-control",
      sentence: "control captures the calls with one number, and shows one of them as a ladder",
      play: capturedByControl,
    },
    {
      name: "trace-nobody-listens",
      sentence: "calls go on when nobody takes the trace",
      play: async (stage) => {
        await overTwoCandidates(stage);
      },
    },
  ],
};
