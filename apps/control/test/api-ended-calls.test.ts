import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveCall } from "@tandem/contracts";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { exchangeHarness } from "./exchange-harness.ts";

describeOnBothEngines("calls that have just ended", (open) => {
  test("a call is there before its record is, with its last status", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const ended: LiveCall = {
      sid: createSid("CA"),
      direction: "termination",
      accountSid: customer.sid,
      trunkSid: createSid("TK"),
      callingNumber: "+14155550100",
      calledNumber: "+442079460000",
      status: "completed",
      setupAtMs: Date.UTC(2026, 0, 2),
      answeredAtMs: Date.UTC(2026, 0, 2) + 1,
    };
    harness.gateways.calls = [ended];
    const list = `/2010-04-01/Accounts/${customer.sid}/Calls`;
    const item = `${list}/${ended.sid}.json`;
    const fetched = await harness.request(customer, "GET", item);
    assert.deepEqual([fetched.status, fetched.body["status"]], [200, "completed"]);
    for (const [query, count] of [
      ["", 1],
      ["?Status=in-progress", 0],
    ] as const) {
      const { body } = await harness.request(customer, "GET", `${list}.json${query}`);
      assert.equal((body["calls"] as unknown[]).length, count, query);
    }
    const again = await harness.request(customer, "POST", item, { Status: "completed" });
    assert.deepEqual([again.status, again.body["code"]], [400, 91006]);
    const hungUp = harness.gateways.asked.filter((question) => (question as string[])[0] === "hang-up");
    assert.deepEqual(hungUp, []);
  });
});
