import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultAttemptTimers } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { parsedResponse, settled } from "@tandem/sip/testing";
import {
  assertNoFaults,
  attemptViews,
  type BackboneScript,
  backboneScript,
  farTarget,
  lastOf,
  respond,
  type ScriptedGateway,
  twoUrls,
} from "../testing/backbone-script.ts";
import { exampleTrunk, exampleUrl } from "../testing/example-snapshot.ts";
import { answer } from "../testing/gateway-script.ts";
import { entryTimers } from "./entry-timers.ts";

const busy = 'Q.850;cause=17;text="User busy"';

test("the far end's final response comes back as it is, and ends the call where it entered", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { entry, near } = script;
  script.carrierInvite();
  const headerFields = [["Reason", busy]] as const;
  respond(near, near.wire.expect("INVITE"), 486, { reasonPhrase: "Occupied", headerFields });
  near.wire.expect("ACK");
  const refused = parsedResponse(lastOf(entry, 486));
  assert.deepEqual([refused.reasonPhrase, refused.values("Reason")], ["Occupied", [busy]]);
  assert.ok(!refused.has("X-Tandem-Backbone") && !refused.has("X-Tandem-Reason"));
  const [record] = entry.ledger.records;
  assert.deepEqual([record?.status, record?.releasedBy, record?.q850Cause], ["busy", "callee", 17]);
  assert.deepEqual(attemptViews(record), ["failed OU1 near san-jose-ix customers UDP 192.0.2.20:5080 486"]);
  assert.equal(record?.attempts[0]?.reason?.code, reasons.originationAttemptFailed.code);
  assert.equal(near.ledger.legs[0]?.statusCode, 486);
  assert.deepEqual(
    [near.ledger.alerts.length, entry.ledger.alerts.length],
    [0, 1],
    "the alert is raised once",
  );
  assert.match(entry.ledger.alerts[0]?.text ?? "", /486 Occupied/);
  assertNoFaults(script);
});

test("a Q.850 user cause and a trunk's override count across the backbone", async () => {
  const [trunk] = twoUrls.trunks ?? [];
  const overriding = { trunks: [exampleTrunk({ ...trunk, failoverOverrides: { "486": "next" } })] };
  const table: [statusCode: number, reason: string, snapshot: typeof twoUrls, isNext: boolean][] = [
    [480, "Q.850;cause=19", twoUrls, false],
    [480, "Q.850;cause=38", twoUrls, true],
    [486, busy, overriding, true],
    [403, "Q.850;cause=21", twoUrls, true],
    [404, "Q.850;cause=1", twoUrls, false],
  ];
  for (const [statusCode, reason, snapshot, isNext] of table) {
    const script = await backboneScript({ snapshot });
    script.carrierInvite();
    respond(script.near, script.near.wire.expect("INVITE"), statusCode, {
      headerFields: [["Reason", reason]],
    });
    if (isNext) assert.equal(script.entry.wire.expectSent("INVITE").target?.address, "192.0.2.30", reason);
    else script.entry.wire.expect(statusCode);
  }
});

test("503 of the far end: the next URL, its Retry-After counts for the target here; its challenge is not passed on", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { entry, near } = script;
  script.carrierInvite();
  respond(near, near.wire.expect("INVITE"), 503, { headerFields: [["Retry-After", "120"]] });
  assert.equal(entry.wire.expectSent("INVITE").target?.address, "192.0.2.30");
  assert.match(entry.gateway.health.stateOf(farTarget).reason, /Retry-After 120/);
  const challenged = await backboneScript();
  challenged.carrierInvite();
  const headerFields = [["WWW-Authenticate", 'Digest realm="pbx", nonce="n"']] as const;
  respond(challenged.near, challenged.near.wire.expect("INVITE"), 401, { headerFields });
  assert.ok(!challenged.entry.wire.expect(500).includes("realm"));
  assertNoFaults(challenged);
});

const localFailures: [what: string, play: (script: BackboneScript) => void, attempt: string][] = [
  [
    "no response",
    ({ near, clock }) => {
      near.wire.expect("INVITE");
      clock.advance(4000);
    },
    `${reasons.attemptTimeoutFirstResponse.code} no response in time`,
  ],
  [
    "no progress",
    ({ near, clock }) => {
      respond(near, near.wire.expect("INVITE"), 100);
      clock.advance(20_000);
    },
    `${reasons.attemptTimeoutProgress.code} no progress in time`,
  ],
  [
    "transport error",
    ({ near }) => {
      near.wire.expect("INVITE");
      near.wire.fail("no route to host");
    },
    `${reasons.transportError.code} no route to host`,
  ],
];

for (const [what, play, attempt] of localFailures) {
  test(`${what} at the sister: the true reason and the far address stand in the record, then the next URL`, async () => {
    const script = await backboneScript({ snapshot: twoUrls });
    script.carrierInvite();
    play(script);
    await settled();
    respond(script.entry, lastOf(script.entry, "INVITE"), 486);
    assert.deepEqual(attemptViews(script.entry.ledger.records[0]), [
      `failed OU1 near san-jose-ix customers UDP 192.0.2.20:5080 ${attempt}`,
      "failed OU2 ashburn customers UDP 192.0.2.30:5060 486",
    ]);
    assert.equal(script.near.ledger.legs[0]?.remote, "UDP 192.0.2.20:5080");
    assertNoFaults(script);
  });
}

test("health here hears of a target that the sister found dead", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  script.carrierInvite();
  script.near.wire.expect("INVITE");
  script.near.wire.fail("no route to host");
  await settled();
  assert.equal(script.entry.gateway.health.stateOf(farTarget).isDown, true);
});

test("ringing that is not answered: the sister's timer ends it at its second, and not before", async () => {
  const script = await backboneScript();
  const { entry, near, clock } = script;
  script.carrierInvite();
  const invite = near.wire.expect("INVITE");
  respond(near, invite, 100);
  clock.advance(19_999);
  respond(near, invite, 180);
  clock.advance(179_999);
  // Once, and again after each minute.
  lastOf(entry, 180);
  entry.wire.expect(180);
  entry.wire.expect(180);
  entry.wire.expectNothing();
  assert.equal(entry.gateway.calls.size, 1);
  clock.advance(1);
  entry.wire.expect(408);
  lastOf(near, "CANCEL");
  assert.deepEqual(attemptViews(entry.ledger.records[0]), [
    `failed OU1 near san-jose-ix customers UDP 192.0.2.20:5080 ${reasons.attemptTimeoutRing.code} not answered in time`,
  ]);
  assertNoFaults(script);
});

test("what the sister does within the attempt takes its time: the gateway where the call entered waits", async () => {
  const script = await backboneScript();
  const { entry, near, clock } = script;
  script.carrierInvite();
  // 100 and then 19 s until a 491, the glare delay, again 19 s until a 422, 19 s more, then it rings.
  const first = near.wire.expect("INVITE");
  respond(near, first, 100);
  clock.advance(19_000);
  respond(near, first, 491);
  clock.advance(4000);
  const second = newInvite(near, 2);
  respond(near, second, 100);
  clock.advance(19_000);
  respond(near, second, 422, { headerFields: [["Min-SE", "1800"]] });
  const third = newInvite(near, 3);
  respond(near, third, 100);
  clock.advance(19_000);
  respond(near, third, 200, { body: answer });
  lastOf(entry, 200);
  assertNoFaults(script);
});

/** The INVITE with that CSeq; what comes again before it is of no interest. */
function newInvite(at: ScriptedGateway, sequenceNumber: number): string {
  for (;;) {
    const text = lastOf(at, "INVITE");
    if (text.includes(`CSeq: ${sequenceNumber} INVITE`)) return text;
  }
}

test("the backstop timers here are behind anything that the sister may take", () => {
  const { firstResponseSeconds, progressSeconds, ringSeconds } = defaultAttemptTimers;
  const { progressMs, ringMs } = entryTimers(defaultAttemptTimers);
  const worstSetupMs = 7 * (firstResponseSeconds + progressSeconds) * 1000 + 4000;
  assert.ok(progressMs > worstSetupMs);
  assert.ok(ringMs > worstSetupMs + ringSeconds * 1000);
});

test("a 302 is followed by the sister; the record tells where it led", async () => {
  const script = await backboneScript();
  const { entry, near } = script;
  script.carrierInvite();
  respond(near, near.wire.expect("INVITE"), 302, { contact: "<sip:+15550001111@192.0.2.40:5090>" });
  near.wire.expect("ACK");
  const redirected = near.wire.expectSent("INVITE");
  assert.equal(redirected.target?.address, "192.0.2.40");
  respond(near, redirected.text, 302, { contact: "<sip:+15550001111@192.0.2.41>" });
  entry.wire.expect(500);
  const [attempt] = entry.ledger.records[0]?.attempts ?? [];
  assert.deepEqual(
    [attempt?.url, attempt?.remote, attempt?.reason?.code],
    ["sip:192.0.2.40:5090", "UDP 192.0.2.40:5090", reasons.redirectFailed.code],
  );
  assertNoFaults(script);
});

test("an answer that can't be used ends the call: nobody else is called after it", async () => {
  const script = await backboneScript({ snapshot: twoUrls });
  const { entry, near } = script;
  script.carrierInvite();
  respond(near, near.wire.expect("INVITE"), 200, { body: "no session description" });
  near.wire.expect("ACK");
  near.wire.expect("BYE");
  entry.wire.expect(502);
  entry.wire.expectNothing();
  assert.equal(entry.ledger.records[0]?.attempts.length, 1);
  assert.equal(entry.ledger.records[0]?.attempts[0]?.reason?.code, reasons.badSdp.code);
  assertNoFaults(script);
});

test("ringing heard from an earlier attempt counts at the sister: a 302 then ends the attempt", async () => {
  const originationUrls = [
    exampleUrl({ sid: "OU2", sipUrl: "sip:192.0.2.30", priority: 1 }),
    exampleUrl({ sipUrl: "sip:192.0.2.20:5080;edge=san-jose-ix", priority: 2 }),
  ];
  const script = await backboneScript({ snapshot: { trunks: [exampleTrunk({ originationUrls })] } });
  const { entry, near } = script;
  script.carrierInvite();
  const first = entry.wire.expect("INVITE");
  respond(entry, first, 180);
  entry.wire.expect(180);
  respond(entry, first, 500);
  entry.wire.expect("ACK");
  respond(near, near.wire.expect("INVITE"), 302, { contact: "<sip:+15550001111@192.0.2.40>" });
  near.wire.expect("ACK");
  near.wire.expectNothing();
  assertNoFaults(script);
});
