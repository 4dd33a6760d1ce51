import assert from "node:assert/strict";
import { test } from "node:test";
import { actingChoices } from "./acting-choices.ts";

const consoleLogin = {
  username: "AC1",
  password: "t",
  accountSid: "AC1",
  accountName: "Main",
  isOperator: true,
  isSubaccount: false,
};
const row = (sid: string, friendly_name: string, status = "active") => ({ sid, friendly_name, status });
const labels = (...given: Parameters<typeof actingChoices>) =>
  actingChoices(...given).map(({ label }) => label);

test("the own account first, the others by name, with what is unusual about them", () => {
  const accounts = [row("AC3", "Zoo"), row("AC1", "Main"), row("AC2", "Bakery", "suspended"), row("AC4", "")];
  assert.deepEqual(labels(consoleLogin, accounts), ["Own account", "AC4", "Bakery (suspended)", "Zoo"]);
});

test("the account that is acted for is there before the list is, and once", () => {
  const acting = { ...consoleLogin, actingFor: { sid: "AC2", name: "Bakery" } };
  assert.deepEqual(labels(acting, []), ["Own account", "Bakery"]);
  assert.deepEqual(labels(acting, [row("AC2", "Bakery")]), ["Own account", "Bakery"]);
});
