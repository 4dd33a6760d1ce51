import assert from "node:assert/strict";
import { test } from "node:test";
import { parsedRequest } from "@tandem/sip/testing";
import { faulty, type Verification } from "@tandem/stir";
import type { CallAttestation } from "../stir/attestation.ts";
import { backboneScript, respond } from "../testing/backbone-script.ts";
import { exampleCarrier, exampleGateway } from "../testing/example-snapshot.ts";
import { answer } from "../testing/gateway-script.ts";

const headerFields = [
  ["Content-Type", "application/sdp"],
  ["Identity", "theirs"],
] as const;

const verifies = (found: Verification) => ({ verification: { verify: () => found } });

/** Signs with what it was told. */
const signs = {
  authentication: { sign: (_call: object, says: CallAttestation) => [`ours, ${says.attestation}`] },
};

const snapshot = {
  carriers: [exampleCarrier({ identity: "sign", gateways: [exampleGateway({ edge: "san-jose-ix" })] })],
};

test("a sister signs what it places, and the record where the call entered says so", async () => {
  const script = await backboneScript({ snapshot, stir: { near: signs } });
  script.customerInvite();
  const invite = script.near.wire.expect("INVITE");
  assert.deepEqual(parsedRequest(invite).values("Identity"), ["ours, A"]);
  respond(script.near, invite, 200, { body: answer });
  script.entry.gateway.endAllCalls();
  script.clock.advance(40_000);
  assert.deepEqual(
    script.entry.ledger.records.map(({ stir }) => stir),
    [{ verStat: null, attestation: "A" }],
  );
});

test("a customer's PASSporT that holds where the call entered is kept by the sister", async () => {
  const passed: Verification = { ok: true, attestation: "B", isDiverted: false };
  const script = await backboneScript({ snapshot, stir: { entry: verifies(passed), near: signs } });
  script.customerInvite({ headerFields });
  const invite = parsedRequest(script.near.wire.expect("INVITE"));
  assert.deepEqual(invite.values("Identity"), ["theirs"]);
});

test("what nobody verified is replaced by the sister", async () => {
  const script = await backboneScript({ snapshot, stir: { near: signs } });
  script.customerInvite({ headerFields });
  assert.deepEqual(parsedRequest(script.near.wire.expect("INVITE")).values("Identity"), ["ours, A"]);
});

test("what a carrier's PASSporT was worth reaches the customer by the sister", async () => {
  const wrong: Verification = { ...faulty("signature-wrong", "no"), attestation: "A" };
  const script = await backboneScript({ stir: { entry: verifies(wrong) } });
  script.carrierInvite({ headerFields, body: answer });
  const invite = parsedRequest(script.near.wire.expect("INVITE"));
  assert.deepEqual(invite.values("X-Tandem-VerStat"), ["TN-Validation-Failed-A"]);
  assert.deepEqual(invite.values("Identity"), ["theirs"]);
});
