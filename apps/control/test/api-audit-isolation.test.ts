import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccessToken, createSid, hashAccessToken, insertApiKey } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { type ExchangeHarness, exchangeHarness, type TestAccount } from "./exchange-harness.ts";

type Event = Readonly<Record<string, unknown>>;

async function eventsOf(harness: ExchangeHarness, account: TestAccount): Promise<readonly Event[]> {
  return (await harness.request(account, "GET", "/v1/AuditEvents")).body["audit_events"] as Event[];
}

describeOnBothEngines("who sees the audit log", (open) => {
  test("an account sees its own events, the operator everybody's", async () => {
    const harness = await exchangeHarness(await open());
    const one = await harness.createAccount();
    const other = await harness.createAccount();
    await harness.request(one, "POST", "/v1/Trunks", {});
    await harness.request(other, "POST", "/v1/Trunks", {});
    const [own, ...more] = await eventsOf(harness, one);
    assert.deepEqual(more, []);
    assert.equal(own?.["account_sid"], one.sid);
    assert.equal((await eventsOf(harness, harness.operator)).length, 2);
    const path = `/v1/AuditEvents/${String(own?.["sid"])}`;
    assert.equal((await harness.request(one, "GET", path)).status, 200);
    assert.equal((await harness.request(harness.operator, "GET", path)).status, 200);
    assert.equal((await harness.request(other, "GET", path)).status, 404);
    const filtered = await harness.request(
      other,
      "GET",
      `/v1/AuditEvents?ResourceSid=${String(own?.["resource_sid"])}`,
    );
    assert.deepEqual(filtered.body["audit_events"], []);
  });

  test("there is no way to write or delete an event", async () => {
    const harness = await exchangeHarness(await open());
    await harness.request(harness.operator, "POST", "/v1/Trunks", {});
    const [event] = await eventsOf(harness, harness.operator);
    for (const path of ["/v1/AuditEvents", `/v1/AuditEvents/${String(event?.["sid"])}`]) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"])
        assert.equal(
          (await harness.request(harness.operator, method, path)).status,
          405,
          `${method} ${path}`,
        );
    }
  });

  test("a key is named; what the operator did to an account shows there, but not from where", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const key = { sid: createSid("SK"), token: createAccessToken() };
    const row = { account_sid: customer.sid, friendly_name: "", secret_hash: hashAccessToken(key.token) };
    await insertApiKey(harness.database, { sid: key.sid, ...row });
    await harness.request(key, "POST", "/v1/Trunks", {});
    const numbers = `/2010-04-01/Accounts/${customer.sid}/IncomingPhoneNumbers.json`;
    await harness.request(harness.operator, "POST", numbers, { PhoneNumber: "+15550001111" });
    const view = (event: Event) => [event["actor_type"], event["actor_sid"], event["source_ip_address"]];
    assert.deepEqual((await eventsOf(harness, customer)).map(view), [
      ["key", key.sid, "127.0.0.1"],
      ["operator", harness.operator.sid, null],
    ]);
    assert.deepEqual((await eventsOf(harness, harness.operator)).map(view), [
      ["key", key.sid, "127.0.0.1"],
      ["operator", harness.operator.sid, "127.0.0.1"],
    ]);
  });

  test("a number that moves away: the old owner sees the event, and nothing of the new owner", async () => {
    const harness = await exchangeHarness(await open());
    const [from, to] = [await harness.createAccount(), await harness.createAccount()];
    const numbers = `/2010-04-01/Accounts/${from.sid}/IncomingPhoneNumbers`;
    const made = await harness.request(harness.operator, "POST", `${numbers}.json`, {
      PhoneNumber: "+15550001111",
    });
    const moved = await harness.request(
      harness.operator,
      "POST",
      `${numbers}/${String(made.body["sid"])}.json`,
      {
        AccountSid: to.sid,
        FriendlyName: "new owner's",
      },
    );
    assert.equal(moved.status, 200, JSON.stringify(moved.body));
    const old = (await eventsOf(harness, from)).at(-1);
    assert.deepEqual([old?.["operation"], old?.["changes"]], ["UpdateIncomingPhoneNumber", []]);
    assert.deepEqual(
      (await eventsOf(harness, to)).map((event) => [event["operation"], event["changes"]]),
      [["UpdateIncomingPhoneNumber", []]],
    );
    const full = (await eventsOf(harness, harness.operator)).at(-1)?.["changes"] as unknown[];
    assert.equal(full.length, 1);
  });
});
