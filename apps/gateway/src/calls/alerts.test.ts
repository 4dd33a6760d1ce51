import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { reasons } from "@tandem/reasons";
import { LedgerDouble } from "../testing/ledger-double.ts";
import { Alerts } from "./alerts.ts";

test("an alert has a SID of its own, the reason's code and level, and the time", () => {
  const clock = new HandClock();
  const ledger = new LedgerDouble();
  const alerts = new Alerts(clock, ledger);
  const facts = { accountSid: "AC1", trunkSid: null, callSid: "CA1", text: "what happened" };
  const text = alerts.raise(reasons.draining, facts);
  alerts.raise(reasons.internalError, facts);
  const [first, second] = ledger.alerts;
  assert.match(first?.sid ?? "", /^NO[0-9a-f]{32}$/);
  assert.notEqual(first?.sid, second?.sid);
  assert.deepEqual(JSON.parse(text), first);
  assert.deepEqual(first, {
    sid: first?.sid,
    ...facts,
    code: reasons.draining.code,
    level: "warning",
    atMs: clock.wallMs(),
  });
  assert.deepEqual([second?.code, second?.level], [reasons.internalError.code, "error"]);
});
