import assert from "node:assert/strict";
import { SystemClock } from "@tandem/clock";
import { makeCertificate } from "../../harness/certificate.ts";
import { freePort } from "../../harness/free-port.ts";
import { delay, waitFor } from "../../harness/wait.ts";
import { Baresip, type BaresipOptions, baresipPorts } from "../../user-agents/baresip.ts";
import { Phone, type PhoneCall } from "../../user-agents/phone.ts";
import { type Group, shortTimers } from "../group.ts";
import type { CallRecordView } from "../record-view.ts";
import type { Stage } from "../stage.ts";

export const credentials = { username: "baresip", password: "Correct-Horse-42" };
/** Its sockets are bound to no address, so that its packets come from here, whatever its SDP says. */
const baresipAddress = "127.0.0.1";
const calleeUser = "desk";
export const secureTones = { baresip: 600, phone: 1000 } as const;
const talkMs = 2500;
/** A clean tone through G.711 has nearly all of the energy. */
const clearShare = 0.8;

export type BaresipMedia = Pick<BaresipOptions, "mediaEncryption" | "hasIce" | "codec">;

export async function securePhone(
  stage: Stage,
  role: "caller" | "callee",
  media: BaresipMedia,
): Promise<Baresip> {
  const { directory, customerAddress, tlsPort } = stage.exchange;
  const name = stage.uniqueName(`baresip-${role}`);
  const { pairFile } = makeCertificate(directory, name, `IP:${baresipAddress}`);
  return new Baresip({
    name,
    address: baresipAddress,
    port: await freePort(baresipAddress, baresipPorts),
    certificateFile: pairFile,
    user: role === "callee" ? calleeUser : "+12025550123",
    credentials,
    outboundProxy: `sip:${customerAddress}:${tlsPort};transport=tls`,
    toneHz: secureTones.baresip,
    answersByItself: role === "callee",
    directory,
    ...media,
  });
}

/** URL of a baresip that answers. */
export function secureCallee({ tlsPort }: Baresip): string {
  return `sip:${calleeUser}@${baresipAddress}:${tlsPort};transport=tls`;
}

/** Both hear the other's tone, then the secure side hangs up. */
export async function assertTalk(agent: Baresip, call: PhoneCall): Promise<void> {
  await delay(talkMs);
  const { audio } = call;
  await waitFor("the phone to hear baresip", () => audio.heardToneHz === secureTones.baresip).catch(() =>
    assert.fail(`the phone hears ${audio.heardToneHz ?? "nothing"} Hz in ${audio.receivedPackets} packets`),
  );
  await agent.hangUp();
  await waitFor("the phone to get the BYE", () => call.state === "ended");
  await waitFor("baresip's recording", () => agent.heardShare(secureTones.phone) > clearShare);
}

/** baresip sends nothing until its DTLS handshake is over, which takes up to 1.5 s of the talk. */
export function assertCarriedByRtpengine(stage: Stage, record: CallRecordView, why: RegExp): void {
  assert.equal(record.status, "completed");
  const { engine, engine_reason: reason, engine_instance: instance } = record.media;
  assert.equal(engine, "rtpengine");
  assert.match(reason ?? "", why);
  assert.ok(
    stage.rtpengines.some(({ name }) => name === instance),
    `instance ${instance}`,
  );
  assert.ok(
    record.packets.fromIngress > 20 && record.packets.fromEgress > 20,
    JSON.stringify(record.packets),
  );
}

/** Nothing may be left in any rtpengine: sessions of calls that ended, were refused or given up. */
export async function assertNoSessions(stage: Stage): Promise<void> {
  for (const rtpengine of stage.rtpengines) {
    await waitFor(`${rtpengine.name} to be empty`, async () => (await rtpengine.sessions())?.length === 0);
  }
}

/** A secure trunk, and a carrier that answers with a telephone. */
export async function dialled(
  stage: Stage,
  carrierPort: number,
  parameters: Readonly<Record<string, boolean>> = { Secure: true },
): Promise<{ readonly number: string; readonly uri: string }> {
  const number = stage.number();
  await stage.provisionCarrier({ gateways: [`sip:${stage.carrierAddress}:${carrierPort}`], prefix: number });
  const { label } = await stage.provisionTrunk({ credentials, parameters });
  return { number, uri: `sip:${number}@${stage.exchange.terminationHost(label)};transport=tls` };
}

async function playCaller(
  stage: Stage,
  media: BaresipMedia,
  trunk: { readonly isSecure: boolean; readonly why: RegExp } = {
    isSecure: true,
    why: /^SRTP of the caller$/,
  },
): Promise<void> {
  const clock = new SystemClock();
  const port = stage.freePort();
  const carrier = new Phone({ clock, address: stage.carrierAddress, port, toneHz: secureTones.phone });
  const agent = await securePhone(stage, "caller", media);
  try {
    await carrier.open();
    const { number, uri } = await dialled(stage, port, { Secure: trunk.isSecure });
    await agent.ready();
    await agent.dial(uri);
    const call = await waitFor("the call at the carrier", () => carrier.received[0]);
    assert.match(call.request?.body ?? "", /^m=audio \d+ RTP\/AVP /m);
    assert.doesNotMatch(call.request?.body ?? "", /a=(crypto|fingerprint|candidate|ice-)/);
    await waitFor("the answer", () => call.state === "answered");
    await assertTalk(agent, call);
    const record = await stage.record(number);
    assert.equal(record.releasedBy, "caller");
    assert.deepEqual(record.attempts, ["answered 200"]);
    assertCarriedByRtpengine(stage, record, trunk.why);
    await assertNoSessions(stage);
  } finally {
    await agent.stop();
    await carrier.close();
    clock.close();
  }
}

async function playCallee(stage: Stage, media: BaresipMedia, url: string, why: RegExp): Promise<void> {
  const clock = new SystemClock();
  const pstn = new Phone({
    clock,
    address: stage.pstnAddress,
    port: stage.freePort(),
    toneHz: secureTones.phone,
  });
  const agent = await securePhone(stage, "callee", media);
  try {
    await pstn.open();
    await agent.ready();
    const number = await stage.provisionOrigination([`${secureCallee(agent)}${url}${stage.edgeParameter}`], {
      Secure: true,
    });
    const call = await callFromPstn(stage, pstn, number);
    await waitFor("the answer", () => call.state !== "setup");
    assert.equal(call.state, "answered", `${call.statusCode} ${call.reasonPhrase}`);
    assert.match(call.response?.body ?? "", /^m=audio \d+ RTP\/AVP /m);
    assert.doesNotMatch(call.response?.body ?? "", /a=(crypto|fingerprint|candidate|ice-)/);
    await assertTalk(agent, call);
    const record = await stage.record(number);
    assert.equal(record.releasedBy, "callee");
    assertCarriedByRtpengine(stage, record, why);
    await assertNoSessions(stage);
  } finally {
    await agent.stop();
    await pstn.close();
    clock.close();
  }
}

export function callFromPstn(stage: Stage, pstn: Phone, number: string): Promise<PhoneCall> {
  const { carrierAddress, sipPort } = stage.exchange;
  return pstn.call({
    requestUri: `sip:${number}@${carrierAddress}`,
    from: `sip:+13105550199@${stage.pstnAddress}`,
    to: { address: carrierAddress, port: sipPort },
  });
}

const sdes: BaresipMedia = { mediaEncryption: "srtp-mand" };
const dtls: BaresipMedia = { mediaEncryption: "dtls_srtp" };
const ice: BaresipMedia = { mediaEncryption: "srtp-mand", hasIce: true };

export const secureMedia: Group = {
  name: "secure-media",
  peers: ["baresip", "openssl", "rtpengine"],
  stage: { network: 181, hasTls: true, rtpengines: 1, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 1,
  scenarios: [
    {
      name: "sdes-calls",
      sentence:
        "a customer with SDES calls over a secure trunk, the carrier gets plain RTP, and both hear the other",
      play: (stage) => playCaller(stage, sdes),
    },
    {
      name: "sdes-answers",
      sentence: "a customer answers an offer with SDES, the carrier has plain RTP, and both hear the other",
      play: (stage) => playCallee(stage, sdes, "", /^SRTP towards /),
    },
    {
      name: "dtls-calls",
      sentence: "a customer with DTLS-SRTP calls over a secure trunk, and both hear the other",
      play: (stage) => playCaller(stage, dtls),
    },
    {
      name: "dtls-answers",
      sentence: "a customer whose URL says srtp=dtls answers with DTLS-SRTP, and both hear the other",
      play: (stage) => playCallee(stage, dtls, ";srtp=dtls", /^DTLS-SRTP towards /),
    },
    {
      name: "ice-calls",
      sentence: "a customer with ICE and SDES calls over a secure trunk, and both hear the other",
      play: (stage) => playCaller(stage, ice),
    },
    {
      name: "ice-without-srtp",
      sentence:
        "a customer with ICE and plain RTP calls over a trunk that is not secure, and both hear the other",
      play: (stage) =>
        playCaller(stage, { hasIce: true }, { isSecure: false, why: /^ICE offered by the caller$/ }),
    },
    {
      name: "ice-answers",
      sentence: "a customer whose URL says ice=full answers with ICE and SDES, and both hear the other",
      play: (stage) => playCallee(stage, ice, ";ice=full", /^SRTP towards /),
    },
    {
      name: "ice-lite-answers",
      sentence: "a customer whose URL says ice=lite meets a lite agent, and both hear the other",
      play: (stage) => playCallee(stage, ice, ";ice=lite", /^SRTP towards /),
    },
  ],
};
