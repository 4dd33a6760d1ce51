/** Premium rate numbers, which a new account may not call until it says so: the shipped prefixes +449 and +3389. */
import assert from "node:assert/strict";
import { waitFor } from "../../harness/wait.ts";
import { Callee } from "../sipp/callee.ts";
import { responsesReceived } from "../sipp/message-trace.ts";
import { pause, receiveResponse } from "../sipp/script.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();

export async function playPremiumCall(stage: Stage): Promise<void> {
  const number = "+449098790001";
  const refused = stage.customer(stage.customerLines(number).refused(403));
  await refused.finish();
  const [response] = responsesReceived(refused.trace, "INVITE", 403);
  assert.equal(response?.reasonPhrase, "No International Permission");
  assert.match(response?.value("Warning") ?? "", /^399 tandem "32205 destination-not-permitted; /);
  const record = await stage.record(number);
  assert.deepEqual([record.status, record.reasonCode, record.attempts], ["failed", 32205, []]);
  await alertOf(stage, "the account may not call high-risk special numbers of GB (+449)");

  await stage.exchange.api.post("/v1/DialingPermissions/BulkCountryUpdates", {
    UpdateRequest: JSON.stringify([{ iso_code: "GB", high_risk_special_numbers_enabled: "true" }]),
  });
  const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const lines = stage.customerLines(number);
  await stage.customer([...lines.establish(), ...lines.hangUp()]).finish();
  await carrier.finish();
  const statuses = (await stage.records(number, 2)).map(({ status }) => status);
  assert.deepEqual(statuses.toSorted(), ["completed", "failed"]);
}

export async function playPremiumTransfer(stage: Stage): Promise<void> {
  const { label } = await stage.provisionTrunk({
    addresses: [stage.customerAddress],
    parameters: { TransferMode: "enable-all" },
  });
  const number = stage.number();
  const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
  await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const lines = stage.customerLines(number, label);
  const customer = stage.customer([
    ...lines.establish(),
    pause(300),
    lines.refer(2, "<tel:+33891234567>"),
    receiveResponse(403),
    lines.refer(3, `<sip:+33891234567@${stage.exchange.terminationHost(label)}>`),
    receiveResponse(403),
    ...lines.hangUp(4),
  ]);
  await customer.finish();
  await carrier.finish();
  const refusals = responsesReceived(customer.trace, "REFER", 403);
  assert.equal(refusals.length, 2);
  for (const refusal of refusals) {
    assert.match(
      refusal.value("Warning") ?? "",
      /^399 tandem "32205 destination-not-permitted; .* of FR \(\+3389\)"$/,
    );
  }
  assert.equal((await stage.record(number)).status, "completed");
  await alertOf(stage, "the account may not call high-risk special numbers of FR (+3389)");
}

/** Waits for an alert that says so. */
async function alertOf(stage: Stage, text: string): Promise<void> {
  await waitFor(`an alert: ${text}`, async () => {
    const { alerts } = await stage.exchange.api.get("/v1/Alerts?ErrorCode=32205");
    return (alerts as { readonly alert_text: string }[]).some((alert) => alert.alert_text.includes(text));
  });
}
