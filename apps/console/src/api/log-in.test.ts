import assert from "node:assert/strict";
import { test } from "node:test";
import { logIn, ownAccount } from "./log-in.ts";

const main = {
  sid: "AC1",
  owner_account_sid: "AC1",
  friendly_name: "Main",
  tandem: { is_operator: true },
};
const subaccount = {
  sid: "AC2",
  owner_account_sid: "AC1",
  friendly_name: "Sub",
  tandem: { is_operator: false },
};

test("the login has the account's name and rights", async () => {
  const consoleLogin = await logIn("SK1", "secret", async () =>
    Response.json({ accounts: [main, subaccount] }),
  );
  assert.deepEqual(consoleLogin, {
    username: "SK1",
    password: "secret",
    accountSid: "AC1",
    accountName: "Main",
    isOperator: true,
    isSubaccount: false,
  });
});

test("a subaccount is known by its owner", async () => {
  const { accountSid, isSubaccount } = await logIn("AC2", "t", async () =>
    Response.json({ accounts: [subaccount] }),
  );
  assert.deepEqual([accountSid, isSubaccount], ["AC2", true]);
});

test("the own account is the named one, or the one that owns the others, or the only one", () => {
  assert.equal(ownAccount([main, subaccount], "AC2"), subaccount);
  assert.equal(ownAccount([subaccount, main], "SK1"), main);
  assert.equal(ownAccount([subaccount], "SK1"), subaccount);
});
