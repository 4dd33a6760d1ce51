import assert from "node:assert/strict";
import { delay, waitFor } from "../../harness/wait.ts";
import { type Group, shortTimers } from "../group.ts";
import { RawSocket, rawRequest, sendOverTcp } from "../raw-socket.ts";
import { Callee } from "../sipp/callee.ts";
import type { Caller } from "../sipp/caller.ts";
import { responsesReceived } from "../sipp/message-trace.ts";
import { maybe, pause, receiveResponse, type Step } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
const credentials = { username: "sbc", password: "Correct-Horse-42" };
/** Long enough for an answer that must not come. */
const silenceMs = 1500;

export const authentication: Group = {
  name: "authentication",
  peers: ["sipp"],
  stage: { network: 81, exchange: { gateway: { timers: shortTimers } } },
  concurrency: 4,
  scenarios: [
    {
      name: "digest",
      sentence: "a customer with user name and password answers one 407 and is connected",
      play: (stage) => digestCall(stage, "udp"),
    },
    {
      name: "digest-over-tcp",
      sentence: "digest works over TCP too",
      play: (stage) => digestCall(stage, "tcp"),
    },
    {
      name: "wrong-password",
      sentence: "a wrong password gets 403 and no second 407",
      play: async (stage) => {
        const number = stage.number();
        const { label } = await stage.provisionTrunk({ credentials });
        const lines = stage.customerLines(number, label);
        const customer = stage.customer(
          [...challenged(lines, "Wrong-Horse-42"), receiveResponse(403), lines.ackFailure(2)],
          authenticationUri(stage, number, label),
        );
        await customer.finish();
        assert.equal(responsesReceived(customer.trace, "INVITE", 407).length, 1);
        const refusal = responsesReceived(customer.trace, "INVITE", 403)[0];
        assert.match(refusal?.value("Warning") ?? "", /^399 tandem "32202 /);
        const record = await stage.record(number);
        assert.equal(record.status, "failed");
        assert.equal(record.statusCode, 403);
        assert.equal(record.reasonCode, 32202);
        assert.equal(record.from, "+12025550123");
        assert.equal(record.releasedBy, "exchange");
        assert.deepEqual(record.attempts, []);
      },
    },
    {
      name: "list-and-password",
      sentence:
        "with list and password attached, an unlisted address is refused before any challenge, and told why",
      play: async (stage) => {
        const number = stage.number();
        const { label } = await stage.provisionTrunk({
          credentials,
          addresses: [stage.otherCustomerAddress],
        });
        const customer = stage.customer(stage.customerLines(number, label).refused(403));
        await customer.finish();
        const refusal = responsesReceived(customer.trace, "INVITE", 403)[0];
        assert.equal(
          refusal?.value("Warning"),
          `399 tandem "32201 source-address-not-in-access-control-list; seen from ${stage.customerAddress}"`,
        );
        assert.equal((await stage.record(number)).reasonCode, 32201);
      },
    },
    {
      name: "unlisted-address",
      sentence:
        "an unlisted address gets five bare 403 a minute from a trunk known by its list, then silence",
      play: async (stage) => {
        const answers = await probe(stage, "INVITE", stage.otherCustomerAddress, 8);
        assert.equal(answers.length, 5);
        for (const answer of answers) {
          assert.match(answer, /^SIP\/2\.0 403 Forbidden\r\n/);
          assert.doesNotMatch(answer, /^(Server|Warning|Reason|Contact|Allow):/im);
        }
      },
    },
    {
      name: "options-to-a-trunk-name",
      sentence: "OPTIONS to a trunk name gets a bare 200, five a minute",
      play: async (stage) => {
        const answers = await probe(stage, "OPTIONS", `127.0.${stage.network}.13`, 7);
        assert.equal(answers.length, 5);
        for (const answer of answers) {
          assert.match(answer, /^SIP\/2\.0 200 OK\r\n/);
          assert.doesNotMatch(answer, /^(Server|Allow|Accept):/im);
        }
      },
    },
    {
      name: "options-of-a-known-customer",
      sentence: "OPTIONS of a listed customer is always answered, and says what is allowed",
      play: async (stage) => {
        const answers = await probe(stage, "OPTIONS", stage.customerAddress, 8);
        assert.equal(answers.length, 8);
        for (const answer of answers) assert.match(answer, /^SIP\/2\.0 200 OK\r\n[^]*^Allow: INVITE, ACK/m);
      },
    },
    {
      name: "stranger-over-udp",
      sentence: "a stranger gets no byte over UDP, whatever it sends and wherever",
      play: async (stage) => {
        const { customerAddress, carrierAddress, sipPort, baseDomain } = stage.exchange;
        const socket = await RawSocket.open(`127.0.${stage.network}.50`);
        const from = { address: `127.0.${stage.network}.50`, port: socket.port };
        for (const address of [customerAddress, carrierAddress]) {
          const to = { address, port: sipPort };
          for (const method of ["INVITE", "OPTIONS", "REGISTER", "BYE", "CANCEL", "SUBSCRIBE"]) {
            socket.send(rawRequest(method, `sip:+14155550100@${address}`, from), to);
            socket.send(rawRequest(method, `sip:+14155550100@nobody.pstn.${baseDomain}`, from), to);
          }
          socket.send("\r\n\r\n", to);
          socket.send("GET / HTTP/1.1\r\n\r\n", to);
        }
        await delay(silenceMs);
        socket.close();
        assert.deepEqual(socket.received, []);
      },
    },
    {
      name: "stranger-over-tcp",
      sentence: "a stranger's TCP connection is closed without a byte",
      play: async (stage) => {
        const address = `127.0.${stage.network}.50`;
        const to = { address: stage.exchange.customerAddress, port: stage.exchange.sipPort };
        const invite = rawRequest("INVITE", `sip:+14155550100@${to.address}`, { address, port: 5060 }, "TCP");
        const seen = await sendOverTcp(invite, address, to, 10_000);
        assert.deepEqual(seen, { received: "", isClosed: true });
      },
    },
    {
      name: "concurrent-calls",
      sentence: "one call more than the trunk may have gets 503 with its reason, and the first goes on",
      play: async (stage) => {
        const first = stage.number();
        const second = stage.number();
        const { label } = await stage.provisionTrunk({
          addresses: [stage.customerAddress],
          parameters: { ConcurrentCalls: 1 },
        });
        const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: first });
        const lines = stage.customerLines(first, label);
        const held = stage.customer([...lines.establish(), pause(4000), ...lines.hangUp()]);
        await stage.liveCall(first);
        const refused = stage.customer(stage.customerLines(second, label).refused(503));
        await refused.finish();
        const [response] = responsesReceived(refused.trace, "INVITE", 503);
        assert.match(response?.value("Warning") ?? "", /^399 tandem "10004 /);
        assert.equal(response?.value("Retry-After"), undefined);
        const record = await stage.record(second);
        assert.equal(record.reasonCode, 10004);
        assert.equal(record.status, "failed");
        await held.finish();
        await carrier.finish();
        assert.equal((await stage.record(first)).status, "completed");
      },
    },
    {
      name: "calls-per-second",
      sentence: "a call above the trunk's rate gets 503 with its reason",
      play: async (stage) => {
        const first = stage.number();
        const second = stage.number();
        // One call, and the next after 100 s.
        const { label } = await stage.provisionTrunk({
          addresses: [stage.customerAddress],
          parameters: { CallsPerSecond: 0.01 },
        });
        const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
        await stage.provisionCarrier({ gateways: [carrier.uri], prefix: first });
        const lines = stage.customerLines(first, label);
        await stage.customer([...lines.establish(), ...lines.hangUp()]).finish();
        const refused = stage.customer(stage.customerLines(second, label).refused(503));
        await refused.finish();
        const [response] = responsesReceived(refused.trace, "INVITE", 503);
        assert.match(response?.value("Warning") ?? "", /^399 tandem "32001 /);
        assert.equal((await stage.record(second)).reasonCode, 32001);
        assert.equal((await stage.record(first)).status, "completed");
      },
    },
  ],
};

async function digestCall(stage: Stage, transport: "udp" | "tcp"): Promise<void> {
  const number = stage.number();
  const { label } = await stage.provisionTrunk({ credentials });
  const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()], { transport });
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const lines = stage.customerLines(number, label);
  const customer = stage.customer(
    [
      ...challenged(lines, credentials.password),
      maybe(180),
      receiveResponse(200, { keepsRoute: true }),
      lines.ack(2),
      ...lines.hangUp(3),
    ],
    { transport, ...authenticationUri(stage, number, label) },
  );
  await customer.finish();
  await carrier.finish();
  const [challenge] = responsesReceived(customer.trace, "INVITE", 407);
  assert.match(
    challenge?.value("Proxy-Authenticate") ?? "",
    /^Digest realm="tandem\.test", ?qop="auth", ?nonce="[\w-]+", ?opaque="\w+"$/,
  );
  assert.equal(responsesReceived(customer.trace, "INVITE", 407).length, 1);
  const record = await stage.record(number);
  assert.equal(record.status, "completed");
  assert.deepEqual(record.attempts, ["answered 200"]);
}

/** INVITE, 407, ACK, INVITE with credentials. */
function challenged(lines: Caller, password: string): readonly Step[] {
  return [
    lines.invite(),
    maybe(100),
    receiveResponse(407, { keepsChallenge: true }),
    lines.ackFailure(1),
    lines.invite({
      sequenceNumber: 2,
      headerFields: [`[authentication username=${credentials.username} password=${password}]`],
    }),
    maybe(100),
  ];
}

/** SIPp would take the address it sends to for the URI of the digest. */
function authenticationUri(
  stage: Stage,
  number: string,
  label: string,
): { readonly extra: readonly string[] } {
  return { extra: ["-auth_uri", `${number}@${stage.exchange.terminationHost(label)}`] };
}

/** Sends requests to the listed trunk's name and gives back what was answered. */
async function probe(
  stage: Stage,
  method: string,
  address: string,
  count: number,
): Promise<readonly string[]> {
  const socket = await RawSocket.open(address);
  const requestUri = `sip:+14155550100@${stage.exchange.terminationHost("listed")}`;
  const to = { address: stage.exchange.customerAddress, port: stage.exchange.sipPort };
  for (let index = 0; index < count; index += 1) {
    socket.send(rawRequest(method, requestUri, { address, port: socket.port }), to);
  }
  await waitFor("answers", () => socket.received.length >= 5);
  await delay(silenceMs);
  socket.close();
  return socket.received;
}
