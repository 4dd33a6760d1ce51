import assert from "node:assert/strict";
import { SystemClock } from "@tandem/clock";
import { makeCertificate } from "../../harness/certificate.ts";
import { delay, waitFor } from "../../harness/wait.ts";
import { Phone, type PhoneCall } from "../../user-agents/phone.ts";
import type { RtpengineProcess } from "../../user-agents/rtpengine.ts";
import { TlsAnsweringMachine } from "../../user-agents/tls-answering-machine.ts";
import { type Group, shortTimers } from "../group.ts";
import type { Stage } from "../stage.ts";
import {
  assertCarriedByRtpengine,
  assertNoSessions,
  assertTalk,
  callFromPstn,
  credentials,
  dialled,
  securePhone,
  secureTones,
} from "./secure-media.ts";

/** Telephones of one scenario on one clock, closed at its end whatever happens. */
async function withPhones(
  play: (open: (address: string, port: number) => Promise<Phone>) => Promise<void>,
): Promise<void> {
  const clock = new SystemClock();
  const phones: Phone[] = [];
  try {
    await play(async (address, port) => {
      const phone = new Phone({ clock, address, port, toneHz: secureTones.phone });
      phones.push(phone);
      await phone.open();
      return phone;
    });
  } finally {
    for (const phone of phones) await phone.close();
    clock.close();
  }
}

async function refusePlainTransport(stage: Stage): Promise<void> {
  await withPhones(async (open) => {
    const customer = await open(stage.customerAddress, stage.freePort());
    const { number, uri } = await dialled(stage, stage.freePort());
    const { customerAddress: address, sipPort: port } = stage.exchange;
    const requestUri = uri.replace(";transport=tls", "");
    const call = await customer.call({
      requestUri,
      from: "sip:+12025550123@customer.test",
      to: { address, port },
      credentials,
    });
    await waitFor("the refusal", () => call.state === "refused");
    assert.equal(`${call.statusCode} ${call.reasonPhrase}`, "403 TLS Required");
    assert.match(call.response?.value("Warning") ?? "", /^399 tandem "32209 /);
    const record = await stage.record(number);
    assert.deepEqual([record.statusCode, record.reasonCode, record.attempts], [403, 32_209, []]);
  });
  await assertNoSessions(stage);
}

/** What baresip offers is wrong for the trunk: its call is refused with that reason, and no carrier hears of it. */
async function refuseOffer(
  stage: Stage,
  wishes: { readonly isSecureTrunk: boolean; readonly isSecureOffer: boolean; readonly reasonCode: number },
): Promise<void> {
  const { isSecureTrunk, isSecureOffer, reasonCode } = wishes;
  const agent = await securePhone(stage, "caller", isSecureOffer ? { mediaEncryption: "srtp-mand" } : {});
  try {
    const { number, uri } = await dialled(stage, stage.freePort(), { Secure: isSecureTrunk });
    await agent.ready();
    await agent.dial(uri);
    const record = await stage.record(number);
    assert.deepEqual([record.statusCode, record.reasonCode, record.attempts], [488, reasonCode, []]);
    await agent.program.waitForOutput("488");
    await assertNoSessions(stage);
  } finally {
    await agent.stop();
  }
}

async function failOver(stage: Stage): Promise<void> {
  const { directory } = stage.exchange;
  const host = `127.0.${stage.network}.41`;
  const machines = [503, undefined].map((statusCode) => {
    const files = makeCertificate(directory, stage.uniqueName("machine"), `IP:${host}`);
    return { statusCode, port: stage.freePort(), ...files };
  });
  const open = machines.map((one) => new TlsAnsweringMachine({ ...one, address: host }));
  const agent = await securePhone(stage, "callee", { mediaEncryption: "srtp-mand" });
  try {
    for (const machine of open) await machine.open();
    await agent.ready();
    const urls = [
      ...machines.map(({ port }) => `sip:${host}:${port}`),
      `sip:desk@127.0.0.1:${agent.tlsPort}`,
    ];
    const number = await stage.provisionOrigination(
      urls.map((url) => `${url};transport=tls${stage.edgeParameter}`),
      { Secure: true },
    );
    await withPhones(async (openPhone) => {
      const pstn = await openPhone(stage.pstnAddress, stage.freePort());
      const call = await callFromPstn(stage, pstn, number);
      await waitFor("the answer", () => call.state !== "setup", 20_000);
      assert.equal(call.state, "answered", `${call.statusCode} ${call.reasonPhrase}`);
      await assertTalk(agent, call);
    });
    const record = await stage.record(number);
    assert.deepEqual(record.attempts, ["failed 503", "failed", "answered 200"]);
    assertCarriedByRtpengine(stage, record, /^SRTP towards /);
    const keys = open.map(({ invites }) => invites.map((one) => /^a=crypto:\S+ \S+ (\S+)/m.exec(one)?.[1]));
    assert.deepEqual(
      keys.map(({ length }) => length),
      [1, 1],
    );
    assert.match(keys[0]?.[0] ?? "", /^inline:\S{40}$/);
    assert.notEqual(keys[0]?.[0], keys[1]?.[0], "each attempt has keys of its own");
    assert.match(
      open[0]?.invites[0] ?? "",
      /^INVITE sip:.*transport=tls SIP\/2\.0\r\n[^]*^m=audio \d+ RTP\/SAVP /m,
    );
    await assertNoSessions(stage);
  } finally {
    for (const machine of open) machine.close();
    await agent.stop();
  }
}

async function cancel(stage: Stage): Promise<void> {
  const agent = await securePhone(stage, "caller", { mediaEncryption: "srtp-mand" });
  try {
    const number = stage.number();
    await stage.provisionCarrier({ gateways: [`sip:${stage.deadAddress}:5099`], prefix: number });
    const { label } = await stage.provisionTrunk({ credentials, parameters: { Secure: true } });
    await agent.ready();
    await agent.dial(`sip:${number}@${stage.exchange.terminationHost(label)};transport=tls`);
    await holder(stage);
    await agent.hangUp();
    await assertNoSessions(stage);
    const record = await stage.record(number);
    assert.equal(record.status, "canceled");
  } finally {
    await agent.stop();
  }
}

/** The rtpengine that has a session. */
function holder(stage: Stage): Promise<RtpengineProcess> {
  return waitFor("a session", async () => {
    for (const one of stage.rtpengines) if ((await one.sessions())?.length === 1) return one;
    return undefined;
  });
}

/** A secure customer calls a plain carrier; `during` gets both once they talk. */
async function duringCall(
  stage: Stage,
  during: (call: PhoneCall, number: string) => Promise<void>,
): Promise<void> {
  const agent = await securePhone(stage, "caller", { mediaEncryption: "srtp-mand" });
  try {
    await withPhones(async (open) => {
      const port = stage.freePort();
      const carrier = await open(stage.carrierAddress, port);
      const { number, uri } = await dialled(stage, port);
      await agent.ready();
      await agent.dial(uri);
      const call = await waitFor("the call at the carrier", () => carrier.received[0]);
      await waitFor("the phone to hear baresip", () => call.audio.heardToneHz === secureTones.baresip);
      await during(call, number);
    });
  } finally {
    await agent.stop();
  }
}

async function restart(stage: Stage): Promise<void> {
  await duringCall(stage, async (call, number) => {
    await stage.liveCall(number);
    await stage.exchange.gateway.kill();
    call.audio.forgetHeard();
    const before = call.audio.receivedPackets;
    await delay(1000);
    assert.ok(call.audio.receivedPackets > before + 20, "media went on without the gateway");
    assert.equal(call.audio.heardToneHz, secureTones.baresip);
    await stage.exchange.startGateway();
    await holder(stage);
    call.hangUp();
    const record = await stage.record(number);
    assert.equal(record.adopted, true);
    assert.equal(record.releasedBy, "callee");
    assertCarriedByRtpengine(stage, record, /^SRTP of the caller$/);
    await assertNoSessions(stage);
  });
}

async function lostSession(stage: Stage): Promise<void> {
  await duringCall(stage, async (call, number) => {
    const rtpengine = await holder(stage);
    await rtpengine.kill();
    await rtpengine.start();
    await waitFor("the carrier's BYE", () => call.state === "ended", 30_000);
    const record = await stage.record(number);
    assert.deepEqual(
      [record.status, record.releasedBy, record.reasonCode],
      ["completed", "exchange", 90_310],
    );
  });
}

async function deadRtpengine(stage: Stage): Promise<void> {
  const [first, second] = stage.rtpengines;
  assert.ok(first !== undefined && second !== undefined);
  const from = stage.exchange.gateway.output.length;
  const says = (isUp: boolean): boolean =>
    stage.exchange.gateway.output.slice(from).includes(`"name":"${first.name}","isUp":${isUp}`);
  await first.kill();
  try {
    await waitFor("the gateway to miss it", () => says(false));
    await duringCall(stage, async (call, number) => {
      assert.equal((await second.sessions())?.length, 1);
      call.hangUp();
      const record = await stage.record(number);
      assert.equal(record.media.engine_instance, second.name);
    });
  } finally {
    await first.start();
  }
  await waitFor("the gateway to see it again", () => says(true));
  await assertNoSessions(stage);
}

async function together(stage: Stage): Promise<void> {
  await withPhones(async (open) => {
    const plainNumber = stage.number();
    const port = stage.freePort();
    const carrier = await open(stage.carrierAddress, port);
    const customer = await open(stage.customerAddress, stage.freePort());
    await stage.provisionCarrier({ gateways: [`sip:${stage.carrierAddress}:${port}`], prefix: plainNumber });
    const { customerAddress: address, sipPort } = stage.exchange;
    const plain = await customer.call({
      requestUri: `sip:${plainNumber}@${stage.exchange.terminationHost("listed")}`,
      from: "sip:+12025550123@customer.test",
      to: { address, port: sipPort },
    });
    await waitFor("the plain call", () => plain.audio.heardToneHz === secureTones.phone);
    await duringCall(stage, async (secure, number) => {
      secure.audio.forgetHeard();
      plain.audio.forgetHeard();
      await waitFor(
        "both calls to talk",
        () =>
          secure.audio.heardToneHz === secureTones.baresip && plain.audio.heardToneHz === secureTones.phone,
      );
      assert.equal((await stage.counts()).sdpSessions, 1);
      assert.equal((await stage.counts()).relayEndpoints, 2);
      secure.hangUp();
      plain.hangUp();
      const [one, other] = [await stage.record(number), await stage.record(plainNumber)];
      assert.deepEqual([one.media.engine, other.media.engine], ["rtpengine", "relay"]);
      assert.deepEqual([other.media.engine_reason, other.media.engine_instance], ["plain RTP", null]);
    });
    assert.equal(carrier.received.length, 1);
  });
  await assertNoSessions(stage);
}

export const secureTrunk: Group = {
  name: "secure-trunk",
  peers: ["baresip", "openssl", "rtpengine"],
  stage: { network: 182, hasTls: true, rtpengines: 2, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 1,
  scenarios: [
    {
      name: "secure-refuses-udp",
      sentence: "a secure trunk refuses a call over UDP with 403 and 32209",
      play: refusePlainTransport,
    },
    {
      name: "secure-refuses-plain-rtp",
      sentence: "a secure trunk refuses plain RTP over TLS with 488 and 32208",
      play: (stage) => refuseOffer(stage, { isSecureTrunk: true, isSecureOffer: false, reasonCode: 32_208 }),
    },
    {
      name: "plain-refuses-srtp",
      sentence: "a trunk that is not secure refuses SRTP with 488 and 32207",
      play: (stage) => refuseOffer(stage, { isSecureTrunk: false, isSecureOffer: true, reasonCode: 32_207 }),
    },
    {
      name: "srtp-failover",
      sentence:
        "a 503 and silence from two URLs: the third talks SRTP with keys of its own, and nothing is left of the others",
      play: failOver,
    },
    {
      name: "srtp-cancel",
      sentence: "a secure call that is cancelled leaves no session in rtpengine",
      play: cancel,
    },
    {
      name: "srtp-restart",
      sentence: "a secure call talks on while the gateway is killed, and the next one adopts it",
      play: restart,
    },
    {
      name: "srtp-rtpengine-lost",
      sentence: "a call whose rtpengine lost its session is ended with that reason",
      play: lostSession,
    },
    {
      name: "srtp-rtpengine-dead",
      sentence: "calls go to the other rtpengine while one is dead, and it is seen again when it is back",
      play: deadRtpengine,
    },
    {
      name: "engines-together",
      sentence: "one gateway carries a plain and a secure call at once, each by its engine",
      play: together,
    },
  ],
};
