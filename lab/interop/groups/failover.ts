import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Group } from "../group.ts";
import { RawSocket } from "../raw-socket.ts";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived, responsesReceived, type TracedMessage } from "../sipp/message-trace.ts";
import { maybe, pause, receiveInvite, receiveRequest, receiveResponse, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
/** Reason codes of attempts. */
const refused = 90203;
const noResponse = 90204;
const transportError = 90207;

const answering = [...callee.establish(), ...callee.hungUp()];

/** A call over two gateways of one carrier: the first does as told, the second answers. */
async function secondAnswers(
  stage: Stage,
  first: readonly Step[],
  attempt: string,
  reasonCode: number,
): Promise<void> {
  const number = stage.number();
  const failing = stage.carrier(first);
  const good = stage.carrier(answering);
  await stage.provisionCarrier({ gateways: [failing.uri, good.uri], prefix: number });
  const lines = stage.customerLines(number);
  const customer = stage.customer([...lines.establish(), ...lines.hangUp()]);
  await customer.finish();
  await good.finish();
  await failing.finish();
  const record = await stage.record(number);
  assert.equal(record.status, "completed");
  assert.deepEqual(record.attempts, [attempt, "answered 200"]);
  assert.deepEqual(record.attemptReasons, [reasonCode, null]);
  assert.equal(responsesReceived(customer.trace, "INVITE", 200).length, 1, "one answer for the caller");
}

/** A call over two gateways of one carrier whose first refuses, and the second must hear nothing. */
async function firstEnds(
  stage: Stage,
  refusal: {
    readonly statusCode: number;
    readonly reasonPhrase: string;
    readonly headerFields?: readonly string[];
  },
  status: string,
): Promise<void> {
  const number = stage.number();
  const refusing = stage.carrier(
    callee.refuse(refusal.statusCode, refusal.reasonPhrase, refusal.headerFields),
  );
  const second = await RawSocket.open(stage.carrierAddress);
  await stage.provisionCarrier({
    gateways: [refusing.uri, `sip:${stage.carrierAddress}:${second.port}`],
    prefix: number,
  });
  const lines = stage.customerLines(number);
  await stage.customer(lines.refused(refusal.statusCode)).finish();
  await refusing.finish();
  const record = await stage.record(number);
  assert.equal(record.status, status);
  assert.equal(record.statusCode, refusal.statusCode);
  assert.equal(record.releasedBy, "callee");
  assert.deepEqual(record.attempts, [`failed ${refusal.statusCode}`]);
  second.close();
  assert.deepEqual(second.received, []);
}

export const failover: Group = {
  name: "failover",
  peers: ["sipp"],
  stage: { network: 83 },
  concurrency: 20,
  scenarios: [
    {
      name: "503-next",
      sentence: "after a 503 the next gateway is tried",
      play: (stage) => secondAnswers(stage, callee.refuse(503, "Service Unavailable"), "failed 503", refused),
    },
    {
      name: "404-next",
      sentence: "termination: a 404 of a carrier leads to the next",
      play: (stage) => secondAnswers(stage, callee.refuse(404, "Not Found"), "failed 404", refused),
    },
    {
      name: "404-unallocated-stops",
      sentence: "termination: a 404 whose Reason says unallocated number ends the call",
      play: (stage) =>
        firstEnds(
          stage,
          { statusCode: 404, reasonPhrase: "Not Found", headerFields: ["Reason: Q.850;cause=1"] },
          "failed",
        ),
    },
    {
      name: "486-stops",
      sentence: "a busy callee ends the call, the second gateway hears nothing",
      play: (stage) => firstEnds(stage, { statusCode: 486, reasonPhrase: "Busy Here" }, "busy"),
    },
    {
      name: "603-stops",
      sentence: "a decline ends the call, the second gateway hears nothing",
      play: (stage) => firstEnds(stage, { statusCode: 603, reasonPhrase: "Decline" }, "failed"),
    },
    {
      name: "silence",
      sentence: "after four seconds of silence the next gateway is tried",
      play: async (stage) => {
        const number = stage.number();
        const silent = await RawSocket.open(stage.carrierAddress);
        const good = stage.carrier(answering);
        await stage.provisionCarrier({
          gateways: [`sip:${stage.carrierAddress}:${silent.port}`, good.uri],
          prefix: number,
        });
        const lines = stage.customerLines(number);
        const customer = stage.customer([...lines.establish(), ...lines.hangUp()]);
        await customer.finish();
        await good.finish();
        const record = await stage.record(number);
        silent.close();
        assert.deepEqual(record.attempts, ["failed", "answered 200"]);
        assert.deepEqual(record.attemptReasons, [noResponse, null]);
        assert.ok(silent.received.length > 1, "the INVITE was repeated over UDP");
        for (const text of silent.received) assert.match(text, /^INVITE /);
        const waitedMs = firstTime(good.trace) - firstTime(customer.trace);
        assert.ok(waitedMs >= 3900 && waitedMs < 15_000, `the second gateway was tried after ${waitedMs} ms`);
      },
    },
    {
      name: "connection-refused",
      sentence: "a refused TCP connection leads to the next gateway at once",
      play: async (stage) => {
        const number = stage.number();
        const good = stage.carrier(answering);
        await stage.provisionCarrier({
          gateways: [`sip:${stage.deadAddress}:5060;transport=tcp`, good.uri],
          prefix: number,
        });
        const lines = stage.customerLines(number);
        const customer = stage.customer([...lines.establish(), ...lines.hangUp()]);
        await customer.finish();
        await good.finish();
        const record = await stage.record(number);
        assert.deepEqual(record.attempts, ["failed", "answered 200"]);
        assert.deepEqual(record.attemptReasons, [transportError, null]);
        const waitedMs = firstTime(good.trace) - firstTime(customer.trace);
        assert.ok(waitedMs < 3500, `the second gateway was tried after ${waitedMs} ms`);
      },
    },
    {
      name: "late-answer",
      sentence:
        "a 200 that comes after its attempt was given up gets ACK and BYE, and the caller keeps the other",
      play: (stage) =>
        secondAnswers(
          stage,
          [
            receiveInvite(),
            pause(6000),
            callee.answer(),
            receiveRequest("ACK"),
            receiveRequest("BYE"),
            callee.ok(),
          ],
          "failed",
          noResponse,
        ),
    },
    {
      name: "late-ringing",
      sentence: "a 180 that comes after its attempt was given up gets CANCEL",
      play: (stage) =>
        secondAnswers(
          stage,
          [
            receiveInvite(),
            pause(6000),
            callee.ringing(),
            receiveRequest("CANCEL"),
            callee.ok(),
            callee.cancelled(),
            receiveRequest("ACK"),
          ],
          "failed",
          noResponse,
        ),
    },
    {
      name: "all-fail",
      sentence: "when all gateways fail with 503 the caller gets 500, and the record tells both",
      play: async (stage) => {
        const number = stage.number();
        const carriers = [503, 503].map((code) => stage.carrier(callee.refuse(code, "Service Unavailable")));
        await stage.provisionCarrier({ gateways: carriers.map((carrier) => carrier.uri), prefix: number });
        await stage.customer(stage.customerLines(number).refused(500)).finish();
        for (const carrier of carriers) await carrier.finish();
        const record = await stage.record(number);
        assert.equal(record.status, "failed");
        assert.equal(record.statusCode, 500);
        assert.equal(record.reasonCode, 90202);
        assert.deepEqual(record.attempts, ["failed 503", "failed 503"]);
      },
    },
    {
      name: "no-ack",
      sentence: "a 200 without an ACK is repeated for 32 s, then both sides get BYE",
      play: async (stage) => {
        const number = stage.number();
        const carrier = stage.carrier(answering);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
        const lines = stage.customerLines(number);
        const customer = stage.customer([
          lines.invite(),
          maybe(100),
          maybe(180),
          receiveResponse(200, { keepsRoute: true }),
          receiveRequest("BYE"),
          lines.ok(),
        ]);
        await customer.finish();
        await carrier.finish();
        const record = await stage.record(number);
        assert.equal(record.status, "completed");
        assert.equal(record.releasedBy, "exchange");
        assert.equal(record.reasonCode, 32022);
        const answered = customer.trace.find(
          ({ message }) => !message.isRequest && message.statusCode === 200,
        );
        const released = customer.trace.find(({ message }) => message.isRequest && message.method === "BYE");
        const waitedMs = (released?.atMs ?? 0) - (answered?.atMs ?? 0);
        assert.ok(waitedMs > 31_000 && waitedMs < 45_000, `BYE after ${waitedMs} ms`);
        assert.ok(responsesReceived(customer.trace, "INVITE", 200).length >= 8, "the 200 was repeated");
      },
    },
    {
      name: "carrier-challenge",
      sentence: "a carrier's 407 is answered with its credentials, and the caller hears nothing of it",
      play: async (stage) => {
        const number = stage.number();
        const challenge = 'Digest realm="carrier.example", nonce="c0ffee", qop="auth", algorithm=MD5';
        const carrier = stage.carrier([
          ...callee.refuse(407, "Proxy Authentication Required", [`Proxy-Authenticate: ${challenge}`]),
          ...answering,
        ]);
        const credentials = { Username: "tandem", Password: "carrier-Secret-1" };
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number, parameters: credentials });
        const lines = stage.customerLines(number);
        const customer = stage.customer([...lines.establish(), ...lines.hangUp()]);
        await customer.finish();
        await carrier.finish();
        const invite = requestsReceived(carrier.trace, "INVITE").find((request) =>
          request.has("Proxy-Authorization"),
        );
        assert.ok(invite !== undefined, "no INVITE with credentials");
        assertDigest(invite.value("Proxy-Authorization") ?? "", invite.requestUri, "carrier-Secret-1");
        assert.equal(responsesReceived(customer.trace, "INVITE", 407).length, 0);
        assert.deepEqual((await stage.record(number)).attempts, ["answered 200"]);
      },
    },
    {
      name: "carrier-challenge-without-credentials",
      sentence: "a carrier's 407 that can't be answered never reaches the caller",
      play: async (stage) => {
        const number = stage.number();
        const carrier = stage.carrier(
          callee.refuse(407, "Proxy Authentication Required", [
            'Proxy-Authenticate: Digest realm="x", nonce="1"',
          ]),
        );
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
        const customer = stage.customer(stage.customerLines(number).refused(500));
        await customer.finish();
        await carrier.finish();
        const [response] = responsesReceived(customer.trace, "INVITE", 500);
        assert.equal(response?.has("Proxy-Authenticate"), false);
        assert.deepEqual((await stage.record(number)).attempts, ["failed 407"]);
      },
    },
    {
      name: "weights",
      sentence: "of gateways with the same priority each gets its share by weight",
      play: async (stage) => {
        const number = stage.number();
        const calls = 60;
        const forever = { calls: Number.POSITIVE_INFINITY };
        const light = stage.carrier(answering, forever);
        const heavy = stage.carrier(answering, forever);
        const carrier = await stage.provisionCarrier({ gateways: [], prefix: number });
        for (const [peer, weight] of [
          [light, 10],
          [heavy, 30],
        ] as const) {
          await stage.exchange.api.post(`/v1/Carriers/${carrier.sid}/Gateways`, {
            SipUrl: peer.uri,
            Priority: 5,
            Weight: weight,
          });
        }
        await stage.exchange.settled();
        const lines = stage.customerLines(number);
        await stage
          .customer([...lines.establish(), ...lines.hangUp()], { calls, ratePerSecond: 20 })
          .finish();
        const lightCalls = requestsReceived(light.trace, "ACK").length;
        const heavyCalls = requestsReceived(heavy.trace, "ACK").length;
        assert.equal(lightCalls + heavyCalls, calls);
        // 15 of 60 are expected; the chance of less than 3 or more than 30 is below one in ten thousand.
        assert.ok(lightCalls >= 3 && lightCalls <= 30, `${lightCalls} of ${calls} calls went the light way`);
        await stage.records(number, calls);
      },
    },
  ],
};

function firstTime(trace: readonly TracedMessage[]): number {
  return trace[0]?.atMs ?? Number.NaN;
}

/** RFC 7616 §3.4.1 with MD5 and qop=auth, computed anew. */
function assertDigest(value: string, requestUri: string, password: string): void {
  const part = (name: string): string => new RegExp(`[ ,]${name}="?([^",]+)"?`).exec(value)?.[1] ?? "";
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  assert.equal(part("username"), "tandem");
  assert.equal(part("uri"), requestUri);
  const ha1 = md5(`tandem:carrier.example:${password}`);
  const ha2 = md5(`INVITE:${requestUri}`);
  assert.equal(part("response"), md5(`${ha1}:c0ffee:${part("nc")}:${part("cnonce")}:auth:${ha2}`));
}
