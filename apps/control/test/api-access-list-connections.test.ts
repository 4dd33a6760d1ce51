/** IP access control lists that count over one private line only. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { box, type FormFields, type TestAccount } from "./exchange-harness.ts";
import { interconnectHarness, connectionsPath as path } from "./interconnect-harness.ts";

describeOnBothEngines("connections and access control lists", (open) => {
  const listsOf = (account: TestAccount) => `/2010-04-01/Accounts/${account.sid}/SIP/IpAccessControlLists`;

  test("a list may name an own or a shared line, and nothing else", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const subaccount = await harness.createAccount(customer);
    const stranger = await harness.createAccount();
    const { sid } = await harness.create(customer);
    const create = (account: TestAccount, connectionSid: string) =>
      harness.request(account, "POST", `${listsOf(account)}.json`, {
        FriendlyName: "Line",
        ConnectionSid: connectionSid,
      });
    const refusals: [account: TestAccount, sid: string, status: number, code: number][] = [
      [stranger, sid, 404, 62012],
      [subaccount, sid, 403, 62053],
      [customer, createSid("TX"), 404, 62012],
      [customer, "TX1", 400, 62001],
    ];
    for (const [account, connectionSid, status, code] of refusals) {
      const reply = await create(account, connectionSid);
      assert.deepEqual([reply.status, reply.body["code"]], [status, code]);
    }
    // The operator acts for the stranger, whose list it is: the line is still none of its own.
    const forStranger = await harness.request(harness.operator, "POST", `${listsOf(stranger)}.json`, {
      FriendlyName: "Line",
      ConnectionSid: sid,
    });
    assert.deepEqual([forStranger.status, forStranger.body["code"]], [404, 62012]);
    await harness.request(customer, "POST", `${path}/${sid}/Shares`, { AccountSid: subaccount.sid });
    for (const account of [customer, subaccount]) {
      const reply = await create(account, sid);
      assert.deepEqual([reply.status, reply.body["connection_sid"]], [201, sid]);
    }
    const snapshot = await compileSnapshot(harness.database, box);
    assert.deepEqual(
      snapshot?.ipAccessControlLists.map((list) => list.connectionSid),
      [sid, sid],
    );
  });

  test("the line of a list changes by itself, and goes with an empty text", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const [one, two] = [await harness.create(customer), await harness.create(customer)];
    const created = await harness.request(customer, "POST", `${listsOf(customer)}.json`, {
      FriendlyName: "Line",
    });
    assert.equal(created.body["connection_sid"], null);
    const url = `${listsOf(customer)}/${String(created.body["sid"])}.json`;
    const change = async (form: FormFields) => {
      const { body } = await harness.request(customer, "POST", url, form);
      return [body["friendly_name"], body["connection_sid"]];
    };
    assert.deepEqual(await change({ ConnectionSid: one.sid }), ["Line", one.sid]);
    assert.deepEqual(await change({ FriendlyName: "Other" }), ["Other", one.sid]);
    assert.deepEqual(await change({ ConnectionSid: two.sid }), ["Other", two.sid]);
    assert.deepEqual(await change({ ConnectionSid: "" }), ["Other", null]);
    assert.deepEqual(await harness.codeOf(customer, "POST", url, {}), [400, 20001]);
  });

  test("a line that a list names is neither deleted nor taken from the list's account", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const subaccount = await harness.createAccount(customer);
    const { sid } = await harness.create(customer);
    const share = `${path}/${sid}/Shares`;
    await harness.request(customer, "POST", share, { AccountSid: subaccount.sid });
    const list = await harness.request(subaccount, "POST", `${listsOf(subaccount)}.json`, {
      FriendlyName: "Line",
      ConnectionSid: sid,
    });
    assert.deepEqual(await harness.codeOf(customer, "DELETE", `${path}/${sid}`), [409, 91134]);
    assert.deepEqual(await harness.codeOf(customer, "DELETE", `${share}/${subaccount.sid}`), [409, 91134]);
    assert.equal(await harness.statusOf(sid), "inactive");
    const url = `${listsOf(subaccount)}/${String(list.body["sid"])}.json`;
    assert.equal((await harness.request(subaccount, "DELETE", url)).status, 204);
    assert.equal((await harness.request(customer, "DELETE", `${share}/${subaccount.sid}`)).status, 204);
    assert.equal((await harness.request(customer, "DELETE", `${path}/${sid}`)).status, 204);
    const late = { FriendlyName: "Late", ConnectionSid: sid };
    assert.deepEqual(await harness.codeOf(customer, "POST", `${listsOf(customer)}.json`, late), [409, 62020]);
  });

  test("an expired line is not named any more", async () => {
    const harness = await interconnectHarness(await open());
    const { operator } = harness;
    const { sid } = await harness.create(operator, { DateExpires: "2026-01-01T00:00:01Z" });
    harness.clock.advance(1000);
    await harness.watch();
    const form = { FriendlyName: "Late", ConnectionSid: sid };
    assert.deepEqual(await harness.codeOf(operator, "POST", `${listsOf(operator)}.json`, form), [409, 62028]);
  });
});
