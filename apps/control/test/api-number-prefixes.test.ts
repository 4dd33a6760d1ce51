import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { type ApiHarness, apiHarness, box, type TestAccount } from "./api-harness.ts";

const base = "/v1/DialingPermissions";

async function add(harness: ApiHarness, account: TestAccount, list: string, form: Record<string, string>) {
  return harness.request(account, "POST", `${base}/${list}`, form);
}

async function prefixesOf(harness: ApiHarness, account: TestAccount, list: string): Promise<unknown[]> {
  const { body } = await harness.request(account, "GET", `${base}/${list}`);
  const rows = Object.values(body)[0] as { prefix: string; account_sid: string | null }[];
  return rows.map(({ prefix, account_sid: sid }) => [prefix, sid]);
}

describeOnBothEngines("lists of prefixes", (open) => {
  for (const list of ["BlockedPrefixes", "DoNotOriginatePrefixes"]) {
    test(`${list}: an account's own, and the operator's for all`, async () => {
      const harness = await apiHarness(await open());
      const account = await harness.createAccount();
      const own = await add(harness, account, list, { Prefix: "+44909", FriendlyName: "dear" });
      assert.equal(own.status, 201);
      assert.deepEqual([own.body["prefix"], own.body["friendly_name"]], ["+44909", "dear"]);
      const url = String(own.body["url"]);
      assert.ok(url.endsWith(`${base}/${list}/${String(own.body["sid"])}`));
      assert.equal((await add(harness, account, list, { Prefix: "+44909" })).status, 409);
      assert.equal((await add(harness, account, list, { Prefix: "+1", AllAccounts: "true" })).status, 403);
      const ofAll = await add(harness, harness.operator, list, { Prefix: "+44909", AllAccounts: "true" });
      assert.deepEqual([ofAll.status, ofAll.body["account_sid"]], [201, null]);
      const again = { Prefix: "+44909", AllAccounts: "true" };
      assert.equal((await add(harness, harness.operator, list, again)).status, 409);
      // The customer sees its own only, and can not end the operator's.
      assert.deepEqual(await prefixesOf(harness, account, list), [["+44909", account.sid]]);
      assert.deepEqual(await prefixesOf(harness, harness.operator, list), [["+44909", null]]);
      const item = `${base}/${list}/${String(ofAll.body["sid"])}`;
      assert.equal((await harness.request(account, "DELETE", item)).status, 404);
      assert.equal((await harness.request(account, "GET", item)).status, 404);
      assert.equal((await harness.request(harness.operator, "DELETE", item)).status, 204);
      const path = `${base}/${list}/${String(own.body["sid"])}`;
      assert.equal((await harness.request(account, "GET", path)).status, 200);
      assert.equal((await harness.request(account, "DELETE", path)).status, 204);
      assert.equal((await harness.request(account, "GET", path)).status, 404);
    });
  }

  test("a prefix is + and 1 to 15 digits", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const status = async (Prefix: string) =>
      (await add(harness, account, "BlockedPrefixes", { Prefix })).body["code"] ?? 201;
    assert.equal(await status("+1"), 201);
    assert.equal(await status("+123456789012345"), 201);
    for (const wrong of ["", "+", "1", "+0", "+12a", "+1234567890123456", " +1"]) {
      assert.equal(await status(wrong), 91116, wrong);
    }
  });

  test("as many prefixes as a list may have, and one more", async () => {
    const limits = { prefixesPerAccount: 2, prefixesOfExchange: 1 };
    const harness = await apiHarness(await open(), { limits });
    const { operator } = harness;
    const list = "BlockedPrefixes";
    for (const Prefix of ["+1", "+2"])
      assert.equal((await add(harness, operator, list, { Prefix })).status, 201);
    const full = await add(harness, operator, list, { Prefix: "+3" });
    assert.deepEqual([full.status, full.body["code"]], [400, 91117]);
    const all = (Prefix: string) => add(harness, operator, list, { Prefix, AllAccounts: "true" });
    assert.equal((await all("+1")).status, 201);
    assert.equal((await all("+2")).body["code"], 91117);
    const risk = (Prefix: string) => add(harness, operator, "RiskPrefixes", { Prefix, Risk: "low-risk" });
    assert.equal((await risk("+1")).status, 201);
    assert.equal((await risk("+2")).body["code"], 91117);
  });

  test("classes of numbers are the operator's; a country shows what holds", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const form = { Prefix: "+4484", Risk: "high-risk-special" };
    assert.equal((await add(harness, account, "RiskPrefixes", form)).status, 403);
    assert.equal((await harness.request(account, "GET", `${base}/RiskPrefixes`)).status, 403);
    const added = await add(harness, harness.operator, "RiskPrefixes", form);
    assert.equal(added.status, 201);
    assert.equal((await add(harness, harness.operator, "RiskPrefixes", form)).status, 409);
    await add(harness, harness.operator, "RiskPrefixes", { Prefix: "+4470", Risk: "low-risk" });
    const british = async () =>
      (await account.sdk.voice.v1.dialingPermissions.countries("GB").highriskSpecialPrefixes.list()).map(
        ({ prefix }) => prefix,
      );
    assert.deepEqual(await british(), ["+4484", "+449"]);
    const item = `${base}/RiskPrefixes/${String(added.body["sid"])}`;
    const changed = await harness.request(harness.operator, "POST", item, { Risk: "high-risk-toll-fraud" });
    assert.deepEqual([changed.status, changed.body["risk"]], [200, "high-risk-toll-fraud"]);
    assert.deepEqual(await british(), ["+449"]);
    assert.equal((await harness.request(harness.operator, "DELETE", item)).status, 204);
    assert.equal((await harness.request(harness.operator, "GET", item)).status, 404);
    const gone = await harness.request(harness.operator, "POST", item, { Risk: "low-risk" });
    assert.equal(gone.status, 404);
    const unknown = { Prefix: "+4484", Risk: "dear" };
    assert.equal((await add(harness, harness.operator, "RiskPrefixes", unknown)).status, 400);
  });

  test("a snapshot has what differs from the defaults, and no more", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const child = await harness.createAccount(parent);
    await parent.sdk.voice.v1.dialingPermissions.bulkCountryUpdates.create({
      updateRequest: JSON.stringify([
        { iso_code: "CU", low_risk_numbers_enabled: false },
        { iso_code: "GB", high_risk_special_numbers_enabled: true },
        // As the default has it.
        { iso_code: "FR", low_risk_numbers_enabled: true },
      ]),
    });
    await add(harness, child, "BlockedPrefixes", { Prefix: "+33" });
    await add(harness, parent, "DoNotOriginatePrefixes", { Prefix: "+34" });
    await add(harness, harness.operator, "BlockedPrefixes", { Prefix: "+35", AllAccounts: "true" });
    await add(harness, harness.operator, "RiskPrefixes", { Prefix: "+36", Risk: "low-risk" });
    const snapshot = await compileSnapshot(harness.database, box);
    const accounts = new Map(snapshot?.accounts.map((account) => [account.sid, account]));
    const shared = { status: "active", compatibility: "tandem" };
    assert.deepEqual(accounts.get(parent.sid), {
      ...shared,
      sid: parent.sid,
      dialingPermissions: { default: "protected", countries: { CU: 0, GB: 3 } },
      doNotOriginatePrefixes: ["+34"],
    });
    assert.deepEqual(accounts.get(child.sid), {
      ...shared,
      sid: child.sid,
      inheritsFrom: parent.sid,
      blockedPrefixes: ["+33"],
    });
    const { destinations } = snapshot ?? assert.fail();
    assert.deepEqual(destinations?.blockedPrefixes, ["+35"]);
    assert.deepEqual(destinations?.doNotOriginatePrefixes, []);
    assert.deepEqual(destinations?.lowRiskPrefixes, ["+36"]);
    assert.ok((destinations?.highRiskSpecialPrefixes.length ?? 0) > 100);
  });
});
