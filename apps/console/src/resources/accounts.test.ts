import assert from "node:assert/strict";
import { test } from "node:test";
import { accounts, isOwnAccount } from "./accounts.ts";

const own = { sid: "AC1", owner_account_sid: "AC1", status: "active" };
const customer = (status: string) => ({ sid: "AC2", owner_account_sid: "AC1", status });

function offered(row: Readonly<Record<string, unknown>>): readonly string[] {
  const actions = accounts.actions ?? [];
  return actions.filter(({ isOffered }) => isOffered?.(row, [row]) ?? true).map(({ label }) => label(row));
}

test("the own account is the one that owns itself", () => {
  assert.equal(isOwnAccount(own), true);
  assert.equal(isOwnAccount(customer("active")), false);
});

test("nobody suspends or closes himself, and closed is for ever", () => {
  assert.deepEqual(offered(own), []);
  assert.deepEqual(offered(customer("active")), ["Act for", "Suspend", "Close"]);
  assert.deepEqual(offered(customer("suspended")), ["Act for", "Reactivate", "Close"]);
  assert.deepEqual(offered(customer("closed")), ["Act for"]);
});

test("what cannot be undone asks for the name", () => {
  const typed = (accounts.actions ?? []).filter(({ isTyped }) => isTyped === true);
  assert.deepEqual(
    typed.map(({ label }) => label(own)),
    ["Close"],
  );
});
