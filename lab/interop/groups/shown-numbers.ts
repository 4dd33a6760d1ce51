/** Numbers that a trunk may show: its account's, verified ones, and those of callers whose calls it sends on. */
import assert from "node:assert/strict";
import { Callee } from "../sipp/callee.ts";
import { requestsReceived, responsesReceived } from "../sipp/message-trace.ts";
import type { Stage } from "../stage.ts";

const callee = new Callee();
const verified = "+442079460123";
const caller = "+33145550123";

export async function playShownNumbers(stage: Stage): Promise<void> {
  const { api } = stage.exchange;
  const number = stage.number();
  const { label } = await stage.provisionTrunk({
    addresses: [stage.customerAddress],
    parameters: { CallerIdPolicy: "account-or-diverted" },
  });
  for (const from of [verified, caller]) {
    const refused = stage.customer(stage.customerLines(number, label, { from }).refused(403));
    await refused.finish();
    const [response] = responsesReceived(refused.trace, "INVITE", 403);
    assert.equal(response?.reasonPhrase, "Caller ID is unauthorized");
    assert.match(response?.value("Warning") ?? "", /^399 tandem "32204 caller-id-unauthorized; /);
  }

  await api.post(`${api.accountPath}/OutgoingCallerIds.json`, { PhoneNumber: verified });
  const diversion = `<sip:${verified}@pbx.example>;reason=unconditional`;
  await shows(stage, { number, label, from: verified, headerFields: [] });
  await shows(stage, { number, label, from: caller, headerFields: [`Diversion: ${diversion}`] });
  const records = await stage.records(number, 4);
  assert.deepEqual(records.map(({ status, reasonCode }) => `${status} ${reasonCode}`).toSorted(), [
    "completed null",
    "completed null",
    "failed 32204",
    "failed 32204",
  ]);
}

interface ShownCall {
  readonly number: string;
  readonly label: string;
  readonly from: string;
  readonly headerFields: readonly string[];
}

/** A carrier gets the call, and sees the number. */
async function shows(stage: Stage, { number, label, from, headerFields }: ShownCall): Promise<void> {
  const carrier = stage.carrier([...callee.establish(), ...callee.hungUp()]);
  const { sid } = await stage.provisionCarrier({ gateways: [carrier.uri], prefix: number });
  const lines = stage.customerLines(number, label, { from });
  await stage.customer([...lines.establish({ headerFields }), ...lines.hangUp()]).finish();
  await carrier.finish();
  const [invite] = requestsReceived(carrier.trace, "INVITE");
  assert.equal(invite?.value("P-Asserted-Identity"), `<sip:${from}@tandem.test>`);
  assert.deepEqual(
    invite?.values("Diversion") ?? [],
    headerFields.map((field) => field.slice("Diversion: ".length)),
  );
  await stage.exchange.api.post(`/v1/Carriers/${sid}`, { Enabled: "false" });
}
