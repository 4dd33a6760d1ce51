import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedResponse } from "@tandem/sip/testing";
import { addresses, exampleTrunk } from "../testing/example-snapshot.ts";
import { type GatewayScriptOptions, gatewayScript } from "../testing/gateway-script.ts";

async function refused(
  statusCode: number,
  options: GatewayScriptOptions,
  parts: Parameters<Awaited<ReturnType<typeof gatewayScript>>["invite"]>[0] = {},
) {
  const script = await gatewayScript(options);
  script.invite(parts);
  return { ...script, response: parsedResponse(script.wire.expect(statusCode)) };
}

const trunk = (changes: Parameters<typeof exampleTrunk>[0]) => ({
  snapshot: { trunks: [exampleTrunk(changes)] },
});

test("a refusal says why: status, phrase, Warning with our code and what we saw, and the Q.850 cause", async () => {
  const { response } = await refused(403, {}, { from: "<sip:nobody@a>" });
  assert.equal(response.reasonPhrase, "Invalid Caller ID");
  assert.equal(response.value("Warning"), '399 tandem "32206 invalid-caller-id; seen from 192.0.2.10"');
  assert.equal(response.value("Reason"), 'Q.850;cause=21;text="Call rejected"');
  assert.equal(
    response.value("Via"),
    "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-alice-1;received=192.0.2.10",
  );
});

test("a limit is a 503 without Retry-After", async () => {
  const script = await gatewayScript(trunk({ callsPerSecond: 1 }));
  script.invite();
  script.wire.expect("INVITE");
  script.invite({ callId: "call-2", branch: "z9hG4bK-2" });
  const response = parsedResponse(script.wire.expect(503));
  assert.equal(response.reasonPhrase, "Trunk CPS limit exceeded");
  assert.equal(response.has("Retry-After"), false);
});

test("a challenge is no refusal: no Warning, no Reason, no record, no alert", async () => {
  const { response, ledger } = await refused(407, trunk({ credentialListSids: ["CL1"] }));
  assert.equal(response.reasonPhrase, "Proxy Authentication Required");
  assert.match(response.value("Proxy-Authenticate") ?? "", /^Digest realm="tandem\.test"/);
  assert.deepEqual([response.has("Warning"), response.has("Reason")], [false, false]);
  assert.deepEqual([ledger.records.length, ledger.alerts.length], [0, 0]);
});

test("a status of the case keeps the standard phrase", async () => {
  const { response } = await refused(400, trunk({ credentialListSids: ["CL1"] }), {
    headerFields: [["Proxy-Authorization", 'Digest realm="tandem.test"']],
  });
  assert.equal(response.reasonPhrase, "Bad Request");
  assert.match(response.value("Warning") ?? "", /^399 tandem "90101 malformed-request;/);
});

test("a refused call leaves a record and an alert", async () => {
  const { ledger, clock } = await refused(400, {}, { requestUri: "sip:alice@acme.pstn.tandem.test" });
  const [record] = ledger.records;
  assert.ok(record !== undefined);
  assert.match(record.sid ?? "", /^CA[0-9a-f]{32}$/);
  const text = "alice is not E.164 with a leading plus";
  assert.deepEqual(
    {
      status: record.status,
      statusCode: record.statusCode,
      releasedBy: record.releasedBy,
      q850Cause: record.q850Cause,
      reason: record.reason,
      attempts: record.attempts,
      setupAtMs: record.setupAtMs,
      releasedAtMs: record.releasedAtMs,
      answeredAtMs: record.answeredAtMs,
      ingressSipCallId: record.ingressSipCallId,
      trunkSid: record.trunkSid,
      ingressRemote: record.ingressRemote,
      calledNumber: record.calledNumber,
    },
    {
      status: "failed",
      statusCode: 400,
      releasedBy: "exchange",
      q850Cause: reasons.invalidPhoneNumber.q850Cause,
      reason: { code: 32101, text },
      attempts: [],
      setupAtMs: clock.wallMs(),
      releasedAtMs: clock.wallMs(),
      answeredAtMs: null,
      ingressSipCallId: "call-1",
      trunkSid: "TK1",
      ingressRemote: `UDP ${addresses.customer}:5060`,
      calledNumber: "alice",
    },
  );
  const [alert, ...more] = ledger.alerts;
  assert.deepEqual(more, []);
  assert.deepEqual(
    [alert?.code, alert?.text, alert?.callSid, alert?.accountSid, alert?.trunkSid],
    [32101, text, record.sid, "AC1", "TK1"],
  );
});
