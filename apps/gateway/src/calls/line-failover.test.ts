/** What calls do when a private line is dead, dies or carries nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@tandem/routing";
import { response } from "@tandem/sip/testing";
import {
  connectionSid,
  exampleCarrier,
  exampleConnection,
  exampleGateway,
  exampleTrunk,
  exampleUrl,
} from "../testing/example-snapshot.ts";
import { answer, type GatewayScript } from "../testing/gateway-script.ts";
import { deadLine, lineReport } from "../testing/line-report.ts";
import {
  address,
  answerBy,
  arriving,
  attempts,
  carriers,
  gateway,
  nextInvite,
  one,
  privateInterface,
  two,
  urls,
} from "../testing/line-script.ts";

test("a dead line is passed over at once with its reason; when nothing else is left it is tried", async () => {
  const script = await gateway({ snapshot: urls(`sip:${address};tnx=${one}`, `sip:${address};tnx=${two}`) });
  script.gateway.lines.onAgent([deadLine(one), lineReport(two)]);
  script.carrierInvite();
  assert.equal(nextInvite(script).by, two);
  script.wire.fail();
  assert.equal(nextInvite(script).by, one);
  script.wire.fail();
  script.wire.expect(500);
  const [record] = script.ledger.records;
  assert.equal(record?.attempts[0]?.reason?.text, `line ${one} is down since 12:00:03: link down`);
  assert.deepEqual(attempts(script), [
    ["OU0", "skipped", null, 90240],
    ["OU1", "failed", two, 90207],
    ["OU0", "failed", one, 90207],
  ]);
});

test("a line that dies while a call is set up moves it at once; the one that is up stays", async () => {
  const script = await gateway({ snapshot: urls(`sip:${address};tnx=${one}`, `sip:${address};tnx=${two}`) });
  script.gateway.lines.onAgent([lineReport(one), lineReport(two)]);
  script.carrierInvite();
  nextInvite(script);
  answerBy(script, `customers/${one}`);
  script.carrierInvite({ callId: "call-2", branch: "z9hG4bK-2" });
  assert.equal(nextInvite(script).by, one);
  script.gateway.lines.onAgent([deadLine(one), lineReport(two)]);
  assert.equal(nextInvite(script).by, two);
  assert.equal(script.gateway.calls.size, 2);
  script.gateway.endAllCalls();
  assert.deepEqual(attempts(script)[0], ["OU0", "failed", one, 90207]);
  assert.match(
    script.ledger.records.at(-1)?.attempts[0]?.reason?.text ?? "",
    /is down since 12:00:03: link down$/,
  );
  assert.equal(
    script.ledger.alerts.filter(({ code }) => code === 90240).length,
    1,
    "the line is alerted once",
  );
});

test("silence: when nothing behind the line answers, its other URLs are not waited for either", async () => {
  const urlsOnOne = [
    `sip:${address};tnx=${one}`,
    `sip:172.56.42.133;tnx=${one}`,
    `sip:172.56.42.134;tnx=${one}`,
  ];
  const script = await gateway({ snapshot: urls(...urlsOnOne, `sip:${address};tnx=${two}`) });
  script.carrierInvite();
  const { to, text } = nextInvite(script);
  assert.equal(to, address);
  script.clock.advance(4000);
  ignoreRepeats(script, text);
  const second = nextInvite(script);
  assert.equal(second.to, "172.56.42.133");
  script.clock.advance(4000);
  ignoreRepeats(script, text, second.text);
  assert.equal(nextInvite(script).by, two);
  assert.equal(script.gateway.state().connections[0]?.reason, "nothing answers over it");
  script.gateway.endAllCalls();
  assert.deepEqual(attempts(script).slice(0, 3), [
    ["OU0", "failed", one, 90204],
    ["OU1", "failed", one, 90204],
    ["OU2", "skipped", one, 90240],
  ]);
});

/** INVITEs that only come again, and the 100 that the caller got meanwhile. */
function ignoreRepeats(script: GatewayScript, ...texts: readonly string[]): void {
  for (;;) {
    const next = script.wire.next?.text;
    if (next?.startsWith("SIP/2.0 100 ") === true) script.wire.expect(100);
    else if (next !== undefined && texts.includes(next)) script.wire.expect("INVITE");
    else return;
  }
}

test("fallback: public: the same URL over the internet takes the dead line's turn", async () => {
  const connections = [exampleConnection(1, { fallback: "public" }), exampleConnection(2)];
  const snapshot = { ...urls(`sip:${address};tnx=${one}`, `sip:${address};tnx=${two}`), connections };
  const script = await gateway({ snapshot });
  script.gateway.lines.onAgent([deadLine(one), lineReport(two)]);
  script.carrierInvite();
  assert.deepEqual(nextInvite(script).by, "internet");
  assert.equal(script.relay.endpoints[1]?.mediaInterface, "internet");
  script.gateway.endAllCalls();
  assert.deepEqual(attempts(script)[0], ["OU0", "skipped", one, 90240]);
  const [, overInternet] = script.ledger.records[0]?.attempts ?? [];
  assert.deepEqual(
    [overInternet?.candidateSid, overInternet?.result, overInternet?.interface, overInternet?.connection],
    ["OU0", "abandoned", "internet", null],
  );
});

test("fallback: public does not lead to where a carrier takes calls, though behind the line that address is the customer's", async () => {
  const connections = [exampleConnection(1, { fallback: "public" })];
  const carriers = [exampleCarrier({ gateways: [exampleGateway({ sipUrl: `sip:${address}` })] })];
  const snapshot = { ...urls(`sip:${address};tnx=${one}`), connections, carriers };
  const alive = await gateway({ snapshot });
  alive.carrierInvite();
  assert.deepEqual(nextInvite(alive).by, one);
  alive.gateway.endAllCalls();
  const script = await gateway({ snapshot });
  script.gateway.lines.onAgent([deadLine(one)]);
  script.carrierInvite();
  assert.deepEqual(nextInvite(script).by, one, "it is tried last");
  script.gateway.endAllCalls();
  const skipped = script.ledger.records[0]?.attempts.map(({ reason }) => reason?.code);
  assert.deepEqual(skipped?.slice(0, 2), [90240, 90221]);
});

function attemptReason({ ledger }: GatewayScript, index: number): number | undefined {
  return ledger.records.at(-1)?.attempts[index]?.reason?.code;
}

test("fallback: public follows a line that carried nothing, and an answer by it says what it stands for", async () => {
  const connections = [exampleConnection(1, { fallback: "public" })];
  const script = await gateway({ snapshot: { ...urls(`sip:${address};tnx=${one}`), connections } });
  script.carrierInvite();
  assert.equal(nextInvite(script).by, one);
  script.wire.fail();
  assert.equal(nextInvite(script).by, "internet");
  script.wire.inject(
    response(200, {
      contact: `<sip:${address}:5060>`,
      body: answer,
      headerFields: [["Content-Type", "application/sdp"]],
    }),
    arriving(script, "internet"),
  );
  script.wire.expect("ACK");
  script.wire.expect(200);
  script.gateway.endAllCalls();
  assert.deepEqual(attempts(script), [
    ["OU0", "failed", one, 90207],
    ["OU0", "answered", "internet", 90242],
  ]);
  const text = script.ledger.records[0]?.attempts[1]?.reason?.text;
  assert.equal(text, `over the internet instead: line ${one} carried nothing`);
});

test("fallback: public, and neither a public interface nor a way to the public edge: that is recorded", async () => {
  const connections = [exampleConnection(1, { fallback: "public" })];
  const script = await gateway({
    interfaces: [privateInterface, carriers],
    snapshot: { ...urls(`sip:${address};tnx=${one}`), connections },
  });
  script.carrierInvite();
  nextInvite(script);
  script.wire.fail();
  script.wire.expect(500);
  assert.deepEqual(attempts(script), [
    ["OU0", "failed", one, 90207],
    ["OU0", "skipped", null, 90213],
  ]);
  assert.equal(script.ledger.records[0]?.attempts[1]?.edge, "ashburn", "the public edge of its region");
});

test("a redirect stays on the line, and leads only to what is behind it", async () => {
  for (const [to, isFollowed] of [
    ["172.56.42.140", true],
    ["192.0.2.77", false],
  ] as const) {
    const script = await gateway({ snapshot: urls(`sip:${address};tnx=${two}`) });
    script.carrierInvite();
    nextInvite(script);
    script.wire.inject(
      response(302, { contact: `<sip:${to};tnx=${one}>` }),
      arriving(script, `customers/${two}`),
    );
    script.wire.expect("ACK");
    if (isFollowed) {
      assert.deepEqual([nextInvite(script).by], [two]);
    } else {
      script.wire.expect(500);
      assert.equal(attemptReason(script, 0), 32219);
    }
  }
});

test("60/20/20 by lines over 3,000 calls, and 50/50 with the line of the 60 dead", async () => {
  const script = await weighted((index) => `sip:${address};tnx=${connectionSid(index + 1)}`);
  expectShares(script, [0.6, 0.2, 0.2]);
  script.gateway.lines.onAgent([deadLine(one)]);
  expectShares(script, [0, 0.5, 0.5]);
});

test("60/20/20 over 3,000 calls, and 50/50 with the target of the 60 dead", async () => {
  const script = await weighted((index) => `sip:192.0.2.${index + 1}`);
  expectShares(script, [0.6, 0.2, 0.2]);
  // The first of a call's targets goes down when its INVITE can't be sent: calls come until that was the first URL's.
  for (let call = 0, failed = ""; failed !== "192.0.2.1"; call += 1) {
    assert.ok(call < 20, "the URL of the 60 was never first");
    script.carrierInvite({ callId: `call-${call}`, branch: `z9hG4bK-${call}` });
    failed = nextInvite(script).to;
    if (failed === "192.0.2.1") script.wire.fail();
  }
  expectShares(script, [0, 0.5, 0.5]);
});

/** A trunk whose URLs have these weights and one priority. */
async function weighted(sipUrlOf: (index: number) => string): Promise<GatewayScript> {
  const originationUrls = [60, 20, 20].map((weight, index) =>
    exampleUrl({ sid: `OU${index}`, sipUrl: sipUrlOf(index), weight }),
  );
  return gateway({
    random: seededRandom(20),
    snapshot: {
      trunks: [exampleTrunk({ originationUrls })],
      connections: [exampleConnection(1), exampleConnection(2), exampleConnection(3)],
    },
  });
}

/** Within three standard deviations; a share of 0 exactly. */
function expectShares(script: GatewayScript, shares: readonly number[]): void {
  const calls = 3000;
  const counts = firstsOf(script, calls);
  for (const [index, share] of shares.entries()) {
    const deviation = Math.sqrt(calls * share * (1 - share));
    const count = counts[index] ?? 0;
    assert.ok(Math.abs(count - calls * share) <= 3 * deviation, `${count} is not ${share} of ${calls}`);
  }
}

/** How often each of the three URLs comes first in a dry run. */
function firstsOf(script: GatewayScript, calls: number): readonly number[] {
  const counts = [0, 0, 0];
  for (let call = 0; call < calls; call += 1) {
    const asked = script.gateway.perform({
      name: "explain",
      request: {
        kind: "facts",
        direction: "origination",
        sourceAddress: "203.0.113.7",
        from: "+442071838750",
        to: "+15550001111",
      },
    });
    assert.ok(asked.ok && asked.name === "explain");
    const index = Number(asked.result.candidates[0]?.sid.slice(2));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
