/** Below /v1 a header field names the account that a request is about, as the path does in 2010-04-01. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createAccessToken,
  createSid,
  type Database,
  hashAccessToken,
  insertAlerts,
  insertApiKey,
} from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { headerRules } from "./audit-walk.ts";
import { alert } from "./call-record-samples.ts";
import type { TestAccount } from "./exchange-harness.ts";
import { connectionsPath, type InterconnectHarness, interconnectHarness } from "./interconnect-harness.ts";

/** An operator with a customer that has an object of each kind, and one that has none. */
async function scene(database: Database) {
  const harness = await interconnectHarness(database);
  const customer = await harness.createAccount(harness.operator);
  const other = await harness.createAccount(harness.operator);
  const trunk = await harness.request(customer, "POST", "/v1/Trunks", { FriendlyName: "Theirs" });
  return { harness, customer, other, trunkPath: `/v1/Trunks/${String(trunk.body["sid"])}` };
}

const acting = (account: TestAccount, sid: string): TestAccount => ({ ...account, actingFor: sid });

async function keyOf({ database }: InterconnectHarness, account: TestAccount): Promise<TestAccount> {
  const [sid, token] = [createSid("SK"), createAccessToken()];
  const row = { sid, account_sid: account.sid, friendly_name: "", secret_hash: hashAccessToken(token) };
  await insertApiKey(database, row);
  return { sid, token };
}

async function list(harness: InterconnectHarness, account: TestAccount, path: string, key: string) {
  const { status, body } = await harness.request(account, "GET", path);
  assert.equal(status, 200, path);
  return body[key] as readonly Readonly<Record<string, unknown>>[];
}

describeOnBothEngines("an account that is named by a header field", (open) => {
  test("the operator and a parent reach a subaccount's resources, and nobody else's", async () => {
    const { harness, customer, other, trunkPath } = await scene(await open());
    const { operator } = harness;
    assert.equal((await harness.request(operator, "GET", trunkPath)).status, 404, "without the field");
    assert.equal((await harness.request(acting(operator, customer.sid), "GET", trunkPath)).status, 200);
    assert.equal((await harness.request(acting(operator, other.sid), "GET", trunkPath)).status, 404);
    const parent = await harness.createAccount();
    const branch = await harness.createAccount(parent);
    const made = await harness.request(acting(parent, branch.sid), "POST", "/v1/Trunks", {});
    assert.deepEqual([made.status, made.body["account_sid"]], [201, branch.sid]);
    assert.deepEqual(await list(harness, parent, "/v1/Trunks", "trunks"), []);
    assert.equal((await list(harness, branch, "/v1/Trunks", "trunks")).length, 1);
  });

  test("an account out of reach is 404, known or not; so is what is no SID", async () => {
    const { harness, customer, other } = await scene(await open());
    const stranger = await harness.createAccount();
    const key = await keyOf(harness, stranger);
    for (const caller of [stranger, key, other]) {
      for (const sid of [
        customer.sid,
        harness.operator.sid,
        createSid("AC"),
        "",
        "AC1",
        `${caller.sid}, x`,
      ]) {
        const { status, body } = await harness.request(acting(caller, sid), "GET", "/v1/Trunks");
        assert.deepEqual([status, body["code"]], [404, 20404], sid);
      }
    }
    const wrong = { ...acting(harness.operator, customer.sid), token: "wrong" };
    assert.equal((await harness.request(wrong, "GET", "/v1/Trunks")).status, 401);
  });

  test("one's own account may be named, and changes nothing", async () => {
    const { harness, customer } = await scene(await open());
    assert.equal((await list(harness, acting(customer, customer.sid), "/v1/Trunks", "trunks")).length, 1);
    const operator = acting(harness.operator, harness.operator.sid);
    assert.equal((await list(harness, operator, "/v1/AuditEvents", "audit_events")).length, 1);
  });

  test("a key acts as its account does", async () => {
    const { harness, customer, trunkPath } = await scene(await open());
    const key = await keyOf(harness, harness.operator);
    assert.equal((await harness.request(acting(key, customer.sid), "GET", trunkPath)).status, 200);
  });

  test("the event has the one that acted and the account that it was about", async () => {
    const { harness, customer } = await scene(await open());
    const acts = acting(harness.operator, customer.sid);
    await harness.request(acts, "POST", "/v1/HeaderPolicies", { FriendlyName: "p", Rules: headerRules });
    const events = await list(harness, customer, "/v1/AuditEvents", "audit_events");
    const view = events.map((event) => [
      event["operation"],
      event["account_sid"],
      event["actor_account_sid"],
      event["actor_type"],
      event["source_ip_address"],
    ]);
    assert.deepEqual(view, [
      ["CreateTrunk", customer.sid, customer.sid, "account", "127.0.0.1"],
      ["CreateHeaderPolicy", customer.sid, harness.operator.sid, "operator", null],
    ]);
  });

  test("the log of one account, also for the operator; a parent sees from where it acted", async () => {
    const { harness, customer, other } = await scene(await open());
    await harness.request(other, "POST", "/v1/Trunks", {});
    assert.equal((await list(harness, harness.operator, "/v1/AuditEvents", "audit_events")).length, 2);
    const acts = acting(harness.operator, other.sid);
    const [event, ...more] = await list(harness, acts, "/v1/AuditEvents", "audit_events");
    assert.deepEqual([event?.["account_sid"], more], [other.sid, []]);
    const first = await list(harness, customer, "/v1/AuditEvents", "audit_events");
    const path = `/v1/AuditEvents/${String(first[0]?.["sid"])}`;
    assert.equal((await harness.request(acts, "GET", path)).status, 404);
    const parent = await harness.createAccount();
    const branch = await harness.createAccount(parent);
    const actsForBranch = acting(parent, branch.sid);
    await harness.request(actsForBranch, "POST", "/v1/Trunks", {});
    const [done] = await list(harness, actsForBranch, "/v1/AuditEvents", "audit_events");
    assert.equal(done?.["source_ip_address"], "127.0.0.1");
    assert.equal((done["changes"] as unknown[]).length, 1);
  });

  test("what belongs to the whole exchange stays out of an account's lists", async () => {
    const { harness, customer } = await scene(await open());
    const acts = acting(harness.operator, customer.sid);
    const blocked = "/v1/DialingPermissions/BlockedPrefixes";
    const everybodys = await harness.request(harness.operator, "POST", blocked, {
      Prefix: "+1900",
      AllAccounts: "true",
    });
    assert.equal((await harness.request(acts, "POST", blocked, { Prefix: "+1976" })).status, 201);
    const refused = await harness.request(acts, "POST", blocked, { Prefix: "+1977", AllAccounts: "true" });
    assert.deepEqual([refused.status, refused.body["code"]], [403, 20403]);
    const own = await list(harness, acts, blocked, "blocked_prefixes");
    assert.deepEqual(
      own.map((row) => row["prefix"]),
      ["+1976"],
    );
    const path = `${blocked}/${String(everybodys.body["sid"])}`;
    assert.equal((await harness.request(acts, "DELETE", path)).status, 404);
    await insertAlerts(harness.database, "gw-1", [alert({ accountSid: null })]);
    assert.equal((await list(harness, harness.operator, "/v1/Alerts", "alerts")).length, 1);
    assert.deepEqual(await list(harness, acts, "/v1/Alerts", "alerts"), []);
  });

  test("private lines: those of the account, with the rights of the one that asks", async () => {
    const { harness, customer, other } = await scene(await open());
    const { operator } = harness;
    const line = await harness.create(customer);
    const path = `${connectionsPath}/${line.sid}`;
    const [forOwner, forOther] = [acting(operator, customer.sid), acting(operator, other.sid)];
    assert.equal((await list(harness, operator, connectionsPath, "connections")).length, 1);
    assert.equal((await list(harness, forOwner, connectionsPath, "connections")).length, 1);
    assert.deepEqual(await list(harness, forOther, connectionsPath, "connections"), []);
    assert.deepEqual(await harness.codeOf(forOther, "GET", path), [404, 62012]);
    assert.deepEqual(await harness.codeOf(forOther, "GET", `${path}/Secrets`), [404, 62012]);
    assert.equal((await harness.update(forOwner, line.sid, { Device: "eth9" })).status, 200);
    const made = await harness.create(acting(operator, other.sid), {
      Edge: "ashburn-ix",
      IpRoutes: "203.0.113.0/24",
    });
    assert.equal(made["account_sid"], other.sid);
    assert.deepEqual(
      await harness.codeOf(forOther, "GET", `${connectionsPath}?AccountSid=${customer.sid}`),
      [404, 62009],
    );
  });

  test("below 2010-04-01 the path names the account, the field is not read", async () => {
    const { harness, customer, other } = await scene(await open());
    const acts = acting(harness.operator, other.sid);
    const numbers = (sid: string) => `/2010-04-01/Accounts/${sid}/IncomingPhoneNumbers.json`;
    const made = await harness.request(acts, "POST", numbers(customer.sid), { PhoneNumber: "+15550001111" });
    assert.deepEqual([made.status, made.body["account_sid"]], [201, customer.sid]);
  });
});
