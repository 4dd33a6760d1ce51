import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { type ApiHarness, apiHarness, box, type Reply, type TestAccount } from "./api-harness.ts";

const pathOf = (account: TestAccount): string => `/2010-04-01/Accounts/${account.sid}/OutgoingCallerIds`;

function create(
  harness: ApiHarness,
  account: TestAccount,
  form: Readonly<Record<string, string>>,
  caller: TestAccount = harness.operator,
): Promise<Reply> {
  return harness.request(caller, "POST", `${pathOf(account)}.json`, form);
}

async function inSnapshot({ database }: ApiHarness, account: TestAccount): Promise<unknown> {
  const snapshot = await compileSnapshot(database, box);
  return snapshot?.accounts.find(({ sid }) => sid === account.sid)?.verifiedCallerIds;
}

describeOnBothEngines("verified caller IDs", (open) => {
  test("the operator adds one; the customer sees, renames and deletes it; gateways get its number", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    assert.equal(await inSnapshot(harness, account), undefined);
    const made = await create(harness, account, { PhoneNumber: "+442079460000" });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const sid = String(made.body["sid"]);
    assert.match(sid, /^PN[0-9a-f]{32}$/);
    const item = `${pathOf(account)}/${sid}.json`;
    assert.deepEqual(made.body, {
      sid,
      account_sid: account.sid,
      phone_number: "+442079460000",
      friendly_name: "+442079460000",
      date_created: made.body["date_created"],
      date_updated: made.body["date_updated"],
      uri: item,
    });
    assert.deepEqual(await inSnapshot(harness, account), ["+442079460000"]);
    assert.deepEqual((await harness.request(account, "GET", item)).body, made.body);
    const renamed = await harness.request(account, "POST", item, { FriendlyName: "Mobile" });
    assert.equal(renamed.body["friendly_name"], "Mobile");
    const same = await harness.request(account, "POST", item, {});
    assert.equal(same.body["friendly_name"], "Mobile");
    const list = await harness.request(account, "GET", `${pathOf(account)}.json?FriendlyName=Mobile`);
    assert.deepEqual(list.body["outgoing_caller_ids"], [renamed.body]);
    assert.equal((await harness.request(account, "DELETE", item)).status, 204);
    assert.equal((await harness.request(account, "DELETE", item)).status, 404);
    assert.equal((await harness.request(account, "POST", item, { FriendlyName: "x" })).status, 404);
    assert.equal(await inSnapshot(harness, account), undefined);
  });

  test("nobody verifies a number for himself, nor by the validation call of an SDK", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const refused = await create(harness, account, { PhoneNumber: "+442079460000" }, account);
    assert.equal(refused.status, 403);
    await assert.rejects(account.sdk.validationRequests.create({ phoneNumber: "+442079460000" }), {
      status: 403,
    });
    assert.deepEqual(await account.sdk.outgoingCallerIds.list(), []);
  });

  test("E.164 only, once in an account, in as many accounts as have a right to it, and no more than the limit", async () => {
    const harness = await apiHarness(await open(), { limits: { callerIdsPerAccount: 2 } });
    const [account, other] = [await harness.createAccount(), await harness.createAccount()];
    const add = async (PhoneNumber: string, owner = account): Promise<unknown[]> => {
      const reply = await create(harness, owner, { PhoneNumber });
      return [reply.status, reply.body["code"]];
    };
    assert.deepEqual(await add("442079460000"), [400, 91108]);
    assert.deepEqual(await add("+442079460000"), [201, undefined]);
    assert.deepEqual(await add("+442079460000"), [400, 21450]);
    assert.deepEqual(await add("+442079460000", other), [201, undefined]);
    assert.deepEqual(await add("+442079460001"), [201, undefined]);
    assert.deepEqual(await add("+442079460002"), [400, 91119]);
  });

  test("an account's policy is its parent's to say", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount(harness.operator);
    const path = `/2010-04-01/Accounts/${account.sid}.json`;
    const form = { CallerIdPolicy: "account" };
    const own = await harness.request(account, "POST", path, form);
    assert.equal(own.status, 403, JSON.stringify(own.body));
    const made = await harness.request(harness.operator, "POST", path, form);
    assert.equal((made.body["tandem"] as Record<string, unknown>)["caller_id_policy"], "account");
    const accounts = (await compileSnapshot(harness.database, box))?.accounts;
    assert.deepEqual(
      accounts?.map(({ callerIdPolicy }) => callerIdPolicy),
      [undefined, "account"],
    );
  });

  test("a trunk says which numbers it may show, and gateways hear of it when it is not any", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const policies = async () =>
      (await compileSnapshot(harness.database, box))?.trunks.map(({ callerIdPolicy }) => callerIdPolicy);
    const trunk = await harness.request(account, "POST", "/v1/Trunks", {});
    const item = `/v1/Trunks/${String(trunk.body["sid"])}`;
    assert.deepEqual(await policies(), [undefined]);
    await harness.request(account, "POST", item, { CallerIdPolicy: "account-or-diverted" });
    assert.deepEqual(await policies(), ["account-or-diverted"]);
    const wrong = await harness.request(account, "POST", item, { CallerIdPolicy: "diverted" });
    assert.deepEqual([wrong.status, wrong.body["code"]], [400, 20001]);
  });
});
