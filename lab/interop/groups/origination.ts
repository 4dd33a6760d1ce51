import assert from "node:assert/strict";
import type { SipRequest } from "@tandem/sip/message";
import { type Group, shortTimers } from "../group.ts";
import { RawSocket } from "../raw-socket.ts";
import { audio } from "../sipp/bodies.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived } from "../sipp/message-trace.ts";
import type { Peer } from "../sipp/peer.ts";
import { pause, receiveRequest } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
const answering = [...callee.establish(), ...callee.hungUp()];

/** A call from the PSTN to that number, answered and released by the caller. */
async function call(
  stage: Stage,
  number: string,
  headerFields: readonly string[] = [],
  transport: "udp" | "tcp" = "udp",
): Promise<Peer> {
  const lines = stage.pstnLines(number);
  const pstn = stage.pstn([...lines.establish({ headerFields }), pause(300), ...lines.hangUp()], {
    transport,
  });
  await pstn.finish();
  return pstn;
}

async function invitedBy(
  stage: Stage,
  urlEnd: string,
  headerFields: readonly string[] = [],
): Promise<{ invite: SipRequest; number: string; sid: string }> {
  const sbc = stage.sbc(answering);
  const number = await stage.provisionOrigination([`${sbc.uri}${stage.edgeParameter}${urlEnd}`]);
  await call(stage, number, headerFields);
  await sbc.finish();
  const [invite] = requestsReceived(sbc.trace, "INVITE");
  assert.ok(invite !== undefined);
  const { sid } = await stage.record(number);
  return { invite, number, sid };
}

function playCall(transport: "udp" | "tcp") {
  return async (stage: Stage): Promise<void> => {
    const sbc = stage.sbc(answering, { transport });
    const number = await stage.provisionOrigination([`${sbc.uri}${stage.edgeParameter}`]);
    await call(stage, number, [], transport);
    await sbc.finish();
    const record = await stage.record(number);
    assert.equal(record.status, "completed");
    assert.equal(record.direction, "trunking-originating");
    assert.equal(record.from, "+13105550199");
    assert.equal(record.releasedBy, "caller");
    assert.deepEqual(record.attempts, ["answered 200"]);
  };
}

export const origination: Group = {
  name: "origination",
  peers: ["sipp"],
  stage: { network: 84, exchange: { gateway: { timers: shortTimers } } },
  // In order: one scenario changes the account.
  concurrency: 1,
  scenarios: [
    {
      name: "origination-udp",
      sentence: "a carrier's call reaches the customer's URL over UDP",
      play: playCall("udp"),
    },
    {
      name: "origination-tcp",
      sentence: "a carrier's call reaches the customer's URL over TCP",
      play: playCall("tcp"),
    },
    {
      name: "header-policy-origination",
      sentence:
        "a customer is shown national numbers by its trunk's policy, and the record keeps the real ones",
      play: async (stage) => {
        const actions = ["to", "from"].map((target) => ({ target, operation: "remove-prefix", value: "+1" }));
        const policy = await stage.exchange.api.post("/v1/HeaderPolicies", {
          Rules: JSON.stringify([{ match: "all", conditions: [], actions }]),
        });
        const sbc = stage.sbc(answering);
        const parameters = { OriginationHeaderPolicySid: policy.sid };
        const number = await stage.provisionOrigination([`${sbc.uri}${stage.edgeParameter}`], parameters);
        await call(stage, number);
        await sbc.finish();
        const [invite] = requestsReceived(sbc.trace, "INVITE");
        assert.ok(invite?.requestUri.startsWith(`sip:${number.slice(2)}@`));
        assert.match(invite?.values("From")[0] ?? "", /<sip:3105550199@/);
        const record = await stage.record(number);
        assert.deepEqual([record.status, record.from], ["completed", "+13105550199"]);
      },
    },
    {
      name: "origination-hang-up-by-customer",
      sentence: "the customer hangs up a call from the PSTN",
      play: async (stage) => {
        const sbc = stage.sbc([...callee.establish(), pause(300), ...callee.hangUp()]);
        const number = await stage.provisionOrigination([`${sbc.uri}${stage.edgeParameter}`]);
        const lines = stage.pstnLines(number);
        await stage.pstn([...lines.establish(), receiveRequest("BYE"), lines.ok()]).finish();
        await sbc.finish();
        assert.equal((await stage.record(number)).releasedBy, "callee");
      },
    },
    {
      name: "own-header-fields",
      sentence:
        "the customer's INVITE tells account, call and dialled number, and nothing of the carrier's network",
      play: async (stage) => {
        const { invite, number, sid } = await invitedBy(stage, "");
        assert.match(invite.requestUri, new RegExp(`^sip:\\${number}@${stage.customerAddress}:\\d+$`));
        assert.equal(invite.value("X-Tandem-CallSid"), sid);
        assert.equal(invite.value("X-Tandem-AccountSid"), stage.exchange.api.credentials.accountSid);
        assert.equal(invite.value("Diversion"), `<sip:${number}@tandem.test>;reason=unconditional`);
        assert.equal(invite.value("P-Asserted-Identity"), "<sip:+13105550199@tandem.test>");
        for (const hidden of [stage.pstnAddress, stage.exchange.carrierAddress]) {
          assert.ok(!invite.text.includes(hidden), `${hidden} stands in the INVITE`);
        }
      },
    },
    {
      name: "url-header-list",
      sentence: "X- header fields of an origination URL stand in its INVITE, decoded; other names do not",
      play: async (stage) => {
        const { invite } = await invitedBy(stage, "?X-Pbx=east%20wing&X-Line=7");
        assert.equal(invite.value("X-Pbx"), "east wing");
        assert.equal(invite.value("X-Line"), "7");
        assert.ok(!invite.requestUri.includes("?"));
      },
    },
    {
      name: "carriers-diversion",
      sentence: "a Diversion of the carrier follows ours",
      play: async (stage) => {
        const theirs = "<sip:+13105550177@carrier.example>;reason=no-answer";
        const { invite, number } = await invitedBy(stage, "", [`Diversion: ${theirs}`]);
        assert.deepEqual(invite.list("Diversion"), [
          `<sip:${number}@tandem.test>;reason=unconditional`,
          theirs,
        ]);
      },
    },
    {
      name: "compatibility-twilio",
      sentence: "an account with twilio compatibility gets the names its dialplans know, in INVITE and BYE",
      play: async (stage) => {
        const { api } = stage.exchange;
        await api.post(`${api.accountPath}.json`, { Compatibility: "twilio" });
        await stage.exchange.settled();
        try {
          const sbc = stage.sbc(answering);
          const number = await stage.provisionOrigination([`${sbc.uri}${stage.edgeParameter}`]);
          await call(stage, number);
          await sbc.finish();
          const { sid } = await stage.record(number);
          const [invite] = requestsReceived(sbc.trace, "INVITE");
          assert.equal(invite?.value("X-Twilio-CallSid"), sid);
          assert.equal(invite?.value("X-Twilio-AccountSid"), api.credentials.accountSid);
          assert.equal(invite?.has("X-Tandem-CallSid"), false);
          assert.equal(requestsReceived(sbc.trace, "BYE")[0]?.value("X-Twilio-CallSid"), sid);
        } finally {
          await api.post(`${api.accountPath}.json`, { Compatibility: "tandem" });
          await stage.exchange.settled();
        }
      },
    },
    {
      name: "origination-503-next",
      sentence: "a customer's 503 leads to the second URL",
      play: async (stage) => {
        const failing = stage.sbc(callee.refuse(503, "Service Unavailable"));
        const good = stage.sbc(answering);
        const number = await stage.provisionOrigination(
          [failing, good].map((sbc) => `${sbc.uri}${stage.edgeParameter}`),
        );
        await call(stage, number);
        await failing.finish();
        await good.finish();
        const record = await stage.record(number);
        assert.deepEqual(record.attempts, ["failed 503", "answered 200"]);
        assert.deepEqual(record.attemptReasons, [32011, null]);
      },
    },
    {
      name: "origination-404-stops",
      sentence: "origination: a customer's 404 ends the call, the second URL hears nothing",
      play: async (stage) => {
        const failing = stage.sbc(callee.refuse(404, "Not Found"));
        const second = await RawSocket.open(stage.customerAddress);
        const urls = [failing.uri, `sip:${stage.customerAddress}:${second.port}`];
        const number = await stage.provisionOrigination(urls.map((url) => `${url}${stage.edgeParameter}`));
        await stage.pstn(stage.pstnLines(number).refused(404)).finish();
        await failing.finish();
        const record = await stage.record(number);
        assert.equal(record.status, "failed");
        assert.deepEqual(record.attempts, ["failed 404"]);
        second.close();
        assert.deepEqual(second.received, []);
      },
    },
    {
      name: "redirect",
      sentence: "a customer's 302 is followed once",
      play: async (stage) => {
        const target = stage.sbc(answering);
        const redirecting = stage.sbc(
          callee.refuse(302, "Moved Temporarily", [`Contact: <sip:desk@${target.uri.slice(4)}>`]),
        );
        const number = await stage.provisionOrigination([`${redirecting.uri}${stage.edgeParameter}`]);
        await call(stage, number);
        await redirecting.finish();
        await target.finish();
        const [invite] = requestsReceived(target.trace, "INVITE");
        assert.equal(invite?.requestUri, `sip:desk@${target.uri.slice(4)}`);
        const record = await stage.record(number);
        assert.equal(record.status, "completed");
        assert.equal(record.attempts.at(-1), "answered 200");
      },
    },
    {
      name: "redirect-twice",
      sentence: "a second 302 in a row is not followed",
      play: async (stage) => {
        const third = await RawSocket.open(stage.customerAddress);
        const second = stage.sbc(
          callee.refuse(302, "Moved Temporarily", [
            `Contact: <sip:desk@${stage.customerAddress}:${third.port}>`,
          ]),
        );
        const first = stage.sbc(
          callee.refuse(302, "Moved Temporarily", [`Contact: <sip:desk@${second.uri.slice(4)}>`]),
        );
        const number = await stage.provisionOrigination([`${first.uri}${stage.edgeParameter}`]);
        const lines = stage.pstnLines(number);
        await stage.pstn(lines.refused(500)).finish();
        await first.finish();
        await second.finish();
        third.close();
        assert.deepEqual(third.received, []);
        const record = await stage.record(number);
        assert.equal(record.status, "failed");
        assert.equal(record.attemptReasons.at(-1), 32219);
      },
    },
    {
      name: "unknown-number",
      sentence: "a carrier's call to a number that is not ours gets 404",
      play: async (stage) => {
        const number = stage.number();
        await stage.pstn(stage.pstnLines(number).refused(404, { body: audio() })).finish();
        // No account owns such a call, so no account sees it.
      },
    },
  ],
};
