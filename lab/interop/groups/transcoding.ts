import assert from "node:assert/strict";
import { SystemClock } from "@tandem/clock";
import { waitFor } from "../../harness/wait.ts";
import { Phone } from "../../user-agents/phone.ts";
import { type Group, shortTimers } from "../group.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived, responsesReceived } from "../sipp/message-trace.ts";
import { maybe, pause, receiveRequest, receiveResponse } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";
import { customerCalls, type G711Wishes, payloadTypes, pstnCalls, type Talk } from "./g711-call.ts";
import {
  assertCarriedByRtpengine,
  assertNoSessions,
  assertTalk,
  type BaresipMedia,
  callFromPstn,
  credentials,
  secureCallee,
  securePhone,
  secureTones,
} from "./secure-media.ts";

/** Each side is sent what it speaks, and the record knows both codecs. */
async function assertTranscoded(stage: Stage, talk: Talk, wishes: G711Wishes): Promise<void> {
  const { caller, callee, record } = talk;
  assertCarriedByRtpengine(stage, record, /^transcoding to PCMU towards (KG|OU)\w+$/);
  assert.match(callee?.request?.body ?? "", /^m=audio \d+ RTP\/AVP 0\r$/m);
  assert.match(caller.response?.body ?? "", /^m=audio \d+ RTP\/AVP 8\r$/m);
  assert.equal(caller.audio.lastPayloadType, payloadTypes[wishes.caller]);
  assert.equal(callee?.audio.lastPayloadType, payloadTypes[wishes.callee]);
  const { from_ingress: ingress, from_egress: egress } = record.media;
  assert.deepEqual([ingress.codec, egress.codec], [wishes.caller, wishes.callee]);
  await assertNoSessions(stage);
}

const lawful: G711Wishes = { caller: "PCMA", callee: "PCMU", codecs: "PCMU" };

async function playUntouched(stage: Stage): Promise<void> {
  const { callee, record } = await customerCalls(stage, {
    caller: "PCMA",
    callee: "PCMA",
    codecs: "PCMU,PCMA",
  });
  assert.match(callee?.request?.body ?? "", /^m=audio \d+ RTP\/AVP 8\r$/m);
  const { engine, engine_reason: reason } = record.media;
  assert.deepEqual([engine, reason], ["relay", "plain RTP"]);
}

/** A baresip that speaks one codec calls a carrier that takes another. */
async function playCaller(stage: Stage, media: BaresipMedia, isSecure: boolean, why: RegExp): Promise<void> {
  const clock = new SystemClock();
  const port = stage.freePort();
  const carrier = new Phone({ clock, address: stage.carrierAddress, port, toneHz: secureTones.phone });
  const agent = await securePhone(stage, "caller", media);
  try {
    await carrier.open();
    const number = stage.number();
    await stage.provisionCarrier({
      gateways: [`sip:${stage.carrierAddress}:${port}`],
      prefix: number,
      parameters: { Codecs: "pcmu" },
    });
    const { label } = await stage.provisionTrunk({ credentials, parameters: { Secure: isSecure } });
    await agent.ready();
    await agent.dial(`sip:${number}@${stage.exchange.terminationHost(label)};transport=tls`);
    const call = await waitFor("the call at the carrier", () => carrier.received[0]);
    assert.match(call.request?.body ?? "", /^m=audio \d+ RTP\/AVP 0( |\r$)/m);
    assert.doesNotMatch(call.request?.body ?? "", /opus|G722/i);
    await waitFor("the answer", () => call.state === "answered");
    await assertTalk(agent, call);
    assertCarriedByRtpengine(stage, await stage.record(number), why);
    await assertNoSessions(stage);
  } finally {
    await agent.stop();
    await carrier.close();
    clock.close();
  }
}

/** A telephone of the PSTN calls a customer whose baresip speaks another codec. */
async function playCallee(stage: Stage, codec: "opus" | "g722", codecs: string): Promise<void> {
  const clock = new SystemClock();
  const toneHz = secureTones.phone;
  const pstn = new Phone({ clock, address: stage.pstnAddress, port: stage.freePort(), toneHz });
  const agent = await securePhone(stage, "callee", { codec });
  try {
    await pstn.open();
    await agent.ready();
    const url = `${secureCallee(agent)}${stage.edgeParameter}`;
    const number = await stage.provisionOrigination([url], { Codecs: codecs });
    const call = await callFromPstn(stage, pstn, number);
    await waitFor("the answer", () => call.state !== "setup");
    assert.equal(call.state, "answered", `${call.statusCode} ${call.reasonPhrase}`);
    assert.match(call.response?.body ?? "", /^m=audio \d+ RTP\/AVP 0\r$/m);
    await assertTalk(agent, call);
    const record = await stage.record(number);
    assertCarriedByRtpengine(stage, record, new RegExp(`^transcoding to ${codecs} towards OU`));
    assert.equal(record.media.from_egress.codec?.toLowerCase(), codec);
    await assertNoSessions(stage);
  } finally {
    await agent.stop();
    await pstn.close();
    clock.close();
  }
}

/** Re-INVITEs of both sides of a transcoded call: each sees its own codec in all of them. */
async function playReinvites(stage: Stage): Promise<void> {
  const number = stage.number();
  const lines = stage.customerLines(number);
  const callee = new Callee();
  const alaw = (version: number): string => audio({ version, codecs: ["PCMA"] });
  const ulaw = (version: number): string => audio({ version, codecs: ["PCMU"] });
  const carrier = stage.carrier([
    ...callee.establish(ulaw(1)),
    receiveRequest("INVITE"),
    callee.ok(ulaw(2)),
    receiveRequest("ACK"),
    pause(300),
    callee.reinvite(1, ulaw(3)),
    maybe(100),
    receiveResponse(200),
    callee.ack(1),
    ...callee.hungUp(),
  ]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number, parameters: { Codecs: "PCMU" } });
  const customer = stage.customer([
    ...lines.establish({ body: alaw(1) }),
    pause(300),
    lines.reinvite(2, alaw(2)),
    maybe(100),
    receiveResponse(200),
    lines.ack(2),
    receiveRequest("INVITE"),
    lines.ok(alaw(3)),
    receiveRequest("ACK"),
    pause(600),
    ...lines.hangUp(3),
  ]);
  await customer.finish();
  await carrier.finish();
  const seen = (peer: typeof customer): string[] => [
    ...requestsReceived(peer.trace, "INVITE").map(({ body }) => body),
    ...responsesReceived(peer.trace, "INVITE", 200).map(({ body }) => body),
  ];
  const formats = (peer: typeof customer): (string | undefined)[] =>
    seen(peer).map((body) => /^m=audio \d+ RTP\/AVP (.*?)\r?$/m.exec(body)?.[1]);
  assert.deepEqual(formats(customer), ["8 101", "8 101", "8 101"]);
  assert.deepEqual(formats(carrier), ["0 101", "0 101", "0 101"]);
  const record = await stage.record(number);
  assert.equal(record.media.engine, "rtpengine");
  await assertNoSessions(stage);
}

export const transcoding: Group = {
  name: "transcoding",
  peers: ["baresip", "openssl", "rtpengine", "sipp"],
  stage: {
    block: "127.1",
    network: 2,
    hasTls: true,
    rtpengines: 1,
    exchange: { gateway: { timers: shortTimers } },
  },
  concurrency: 1,
  scenarios: [
    {
      name: "transcoded-termination",
      sentence: "a customer with PCMA calls a carrier with PCMU, and both hear the other",
      play: async (stage) => assertTranscoded(stage, await customerCalls(stage, lawful), lawful),
    },
    {
      name: "transcoded-origination",
      sentence: "the PSTN with PCMA calls a customer with PCMU, and both hear the other",
      play: async (stage) => assertTranscoded(stage, await pstnCalls(stage, lawful), lawful),
    },
    {
      name: "codec-in-common",
      sentence: "a customer whose codec the carrier takes goes by the relay of the gateway, untouched",
      play: playUntouched,
    },
    {
      name: "opus-calls",
      sentence: "a customer with Opus calls a carrier with PCMU, and both hear the other",
      play: (stage) => playCaller(stage, { codec: "opus" }, false, /^transcoding to PCMU towards KG\w+$/),
    },
    {
      name: "secure-opus-calls",
      sentence:
        "a customer with Opus and SRTP calls a carrier with PCMU and plain RTP, and both hear the other",
      play: (stage) =>
        playCaller(
          stage,
          { codec: "opus", mediaEncryption: "srtp-mand" },
          true,
          /^SRTP of the caller; transcoding to PCMU towards KG\w+$/,
        ),
    },
    {
      name: "g722-answers",
      sentence: "the PSTN calls a customer that speaks G.722 only, and both hear the other",
      play: (stage) => playCallee(stage, "g722", "G722"),
    },
    {
      name: "opus-answers",
      sentence: "the PSTN calls a customer that speaks Opus only, and both hear the other",
      play: (stage) => playCallee(stage, "opus", "opus"),
    },
    {
      name: "transcoded-reinvites",
      sentence: "re-INVITEs of both sides of a transcoded call are transcoded, too",
      play: playReinvites,
    },
  ],
};
