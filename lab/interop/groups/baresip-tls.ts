import assert from "node:assert/strict";
import { SystemClock } from "@tandem/clock";
import { makeCertificate } from "../../harness/certificate.ts";
import { freePort } from "../../harness/free-port.ts";
import { delay, waitFor } from "../../harness/wait.ts";
import { Baresip, baresipPorts } from "../../user-agents/baresip.ts";
import { Phone, type PhoneCall } from "../../user-agents/phone.ts";
import type { Group } from "../group.ts";
import type { Stage } from "../stage.ts";

const credentials = { username: "baresip", password: "Correct-Horse-42" };
/** Its sockets are bound to no address, so that its packets come from here, whatever its SDP says. */
const baresipAddress = "127.0.0.1";
/** baresip answers only to a user of its own. */
const calleeUser = "desk";
const tones = { baresip: 600, phone: 1000 } as const;
const talkMs = 2500;
/** A clean tone through G.711 has nearly all of the energy. */
const clearShare = 0.8;

async function baresip(stage: Stage, name: string, answersByItself: boolean): Promise<Baresip> {
  const { directory, customerAddress, tlsPort } = stage.exchange;
  const { pairFile } = makeCertificate(directory, name, `IP:${baresipAddress}`);
  return new Baresip({
    name,
    address: baresipAddress,
    port: await freePort(baresipAddress, baresipPorts),
    certificateFile: pairFile,
    user: answersByItself ? calleeUser : "+12025550123",
    credentials,
    outboundProxy: `sip:${customerAddress}:${tlsPort};transport=tls`,
    toneHz: tones.baresip,
    answersByItself,
    directory,
  });
}

function phone(clock: SystemClock, address: string, port: number): Phone {
  return new Phone({ clock, address, port, toneHz: tones.phone });
}

async function assertTalk(agent: Baresip, call: PhoneCall): Promise<void> {
  await delay(talkMs);
  const { audio } = call;
  await waitFor("the phone to hear baresip", () => audio.heardToneHz === tones.baresip).catch(() =>
    assert.fail(`the phone hears ${audio.heardToneHz ?? "nothing"} Hz in ${audio.receivedPackets} packets`),
  );
  await agent.hangUp();
  await waitFor("the phone to get the BYE", () => call.state === "ended");
  await waitFor("baresip's recording", () => agent.heardShare(tones.phone) > clearShare);
}

async function playCaller(stage: Stage): Promise<void> {
  const clock = new SystemClock();
  const port = stage.freePort();
  const carrier = phone(clock, stage.carrierAddress, port);
  const agent = await baresip(stage, "baresip-caller", false);
  try {
    await carrier.open();
    const number = stage.number();
    await stage.provisionCarrier({
      gateways: [`sip:${stage.carrierAddress}:${port}`],
      prefix: number,
    });
    const { label } = await stage.provisionTrunk({
      credentials,
    });
    await agent.ready();
    await agent.dial(`sip:${number}@${stage.exchange.terminationHost(label)};transport=tls`);
    const call = await waitFor("the call at the carrier", () => carrier.received[0]);
    await waitFor("the answer", () => call.state === "answered");
    await assertTalk(agent, call);
    const record = await stage.record(number);
    assert.equal(record.status, "completed");
    assert.equal(record.releasedBy, "caller");
    assert.deepEqual(record.attempts, ["answered 200"]);
    assert.ok(
      record.packets.fromIngress > 50 && record.packets.fromEgress > 50,
      JSON.stringify(record.packets),
    );
  } finally {
    await agent.stop();
    await carrier.close();
    clock.close();
  }
}

async function playCallee(stage: Stage): Promise<void> {
  const clock = new SystemClock();
  const pstn = phone(clock, stage.pstnAddress, stage.freePort());
  const agent = await baresip(stage, "baresip-callee", true);
  try {
    await pstn.open();
    await agent.ready();
    const number = await stage.provisionOrigination([
      `sip:${calleeUser}@${baresipAddress}:${agent.tlsPort};transport=tls${stage.edgeParameter}`,
    ]);
    const { carrierAddress, sipPort } = stage.exchange;
    const call = await pstn.call({
      requestUri: `sip:${number}@${carrierAddress}`,
      from: `sip:+13105550199@${stage.pstnAddress}`,
      to: { address: carrierAddress, port: sipPort },
    });
    await waitFor("the answer", () => call.state !== "setup");
    assert.equal(call.state, "answered", `${call.statusCode} ${call.reasonPhrase}`);
    await assertTalk(agent, call);
    const record = await stage.record(number);
    assert.equal(record.status, "completed");
    assert.equal(record.releasedBy, "callee");
    assert.deepEqual(record.attempts, ["answered 200"]);
  } finally {
    await agent.stop();
    await pstn.close();
    clock.close();
  }
}

export const baresipTls: Group = {
  name: "baresip-tls",
  peers: ["baresip", "openssl"],
  stage: { network: 85, hasTls: true },
  concurrency: 1,
  scenarios: [
    {
      name: "baresip-calls",
      sentence: "baresip calls over TLS with digest, and both ends hear each other's tone",
      play: playCaller,
    },
    {
      name: "baresip-answers",
      sentence: "baresip answers a call from the PSTN over TLS, and both ends hear each other's tone",
      play: playCallee,
    },
  ],
};
