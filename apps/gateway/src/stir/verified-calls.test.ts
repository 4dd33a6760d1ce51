import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { parsedRequest, parsedResponse, request } from "@tandem/sip/testing";
import { faulty, type Verification } from "@tandem/stir";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { type GatewayScript, gatewayScript } from "../testing/gateway-script.ts";

const wrong: Verification = { ...faulty("signature-wrong", "not that of the certificate"), attestation: "A" };
const passed: Verification = { ok: true, attestation: "A", isDiverted: false };
const withIdentity = [
  ["Content-Type", "application/sdp"],
  ["Identity", "token"],
  ["X-Tandem-VerStat", "TN-Validation-Passed-A"],
  ["X-Twilio-VerStat", "TN-Validation-Passed-A"],
] as const;

interface Scene extends GatewayScript {
  /** Ends the wait of the call that waits longest. */
  readonly verified: (verification: Verification) => void;
}

/** A gateway whose calls wait until the test says what their PASSporTs are worth. */
async function scene(compatibility: "tandem" | "twilio" = "tandem"): Promise<Scene> {
  const waiting: ((verification: Verification) => void)[] = [];
  const verification = {
    verify: () => ({ start: (done: (found: Verification) => void) => void waiting.push(done) }),
  };
  const accounts = exampleSnapshot().accounts.map((one) => ({ ...one, compatibility }));
  const script = await gatewayScript({ stir: { verification }, snapshot: { accounts } });
  return { ...script, verified: (found) => waiting.shift()?.(found) };
}

test("a carrier's call waits, goes on whatever comes of it, and says so: header field, alert and all", async () => {
  const script = await scene();
  script.carrierInvite({ headerFields: withIdentity });
  script.wire.expectNothing();
  script.verified(wrong);
  const invite = parsedRequest(script.wire.expect("INVITE"));
  assert.deepEqual(invite.values("X-Tandem-VerStat"), ["TN-Validation-Failed-A"]);
  assert.deepEqual(invite.values("X-Twilio-VerStat"), []);
  assert.deepEqual(invite.values("Identity"), ["token"]);
  assert.deepEqual(
    script.ledger.alerts.map(({ code, level, callSid, text }) => [code, level, callSid !== null, text]),
    [[reasons.passportNotVerified.code, "warning", true, "not that of the certificate"]],
  );
});

test("an account with the other names gets it by those; a PASSporT that holds raises no alert", async () => {
  const script = await scene("twilio");
  script.carrierInvite({ headerFields: withIdentity });
  script.verified(passed);
  const invite = parsedRequest(script.wire.expect("INVITE"));
  assert.deepEqual(invite.values("X-Twilio-VerStat"), ["TN-Validation-Passed-A"]);
  assert.equal(invite.has("X-Tandem-VerStat"), false);
  assert.equal(script.ledger.alerts.length, 0);
});

test("without Identity nothing waits and nothing is said, whatever the carrier claims", async () => {
  const script = await scene();
  script.carrierInvite({
    headerFields: withIdentity.filter(([name]) => name !== "Identity"),
  });
  const invite = parsedRequest(script.wire.expect("INVITE"));
  assert.equal(invite.has("X-Tandem-VerStat"), false);
});

test("a customer's forged PASSporT: 438, a record and an alert with 32020", async () => {
  const script = await scene();
  script.invite({ headerFields: withIdentity });
  script.verified(wrong);
  const response = parsedResponse(script.wire.expect(438));
  assert.equal(response.reasonPhrase, "Invalid Identity Header");
  assert.match(response.value("Warning") ?? "", /"32020 passport-invalid;/);
  assert.deepEqual(
    [script.ledger.records.length, script.ledger.alerts.map(({ code }) => code)],
    [1, [reasons.passportInvalid.code]],
  );
});

test("a caller that gives up while it waits: 487, a record, no alert, and nothing is placed", async () => {
  const script = await scene();
  const headers = { headerFields: withIdentity };
  script.carrierInvite(headers);
  const text = request("CANCEL", {
    requestUri: "sip:+15550001111@198.51.100.2",
    from: "<sip:+442071838750@bigtel.example>",
    sentBy: "203.0.113.7:5060",
  });
  script.wire.inject(text, script.carrier);
  script.wire.expect(200);
  script.wire.expect(487);
  script.verified(passed);
  script.wire.expectNothing();
  const [record] = script.ledger.records.map((one) => one.releasedBy);
  assert.deepEqual([record, script.ledger.alerts.length, script.faults.length], ["caller", 0, 0]);
});

test("a gateway that is told to drain meanwhile takes the call no more", async () => {
  const script = await scene();
  script.carrierInvite({ headerFields: withIdentity });
  script.gateway.core.drain();
  script.verified(passed);
  script.wire.expect(503);
});

test("the record says what came of it", async () => {
  const script = await scene();
  script.carrierInvite({ headerFields: withIdentity });
  script.verified(passed);
  script.wire.expect("INVITE");
  script.gateway.endAllCalls();
  const records = script.ledger.records.map((one) => one.stir);
  assert.deepEqual(records, [{ verStat: "TN-Validation-Passed-A", attestation: "A" }]);
});
