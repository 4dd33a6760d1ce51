import assert from "node:assert/strict";
import { test } from "node:test";
import { updateAccount } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { apiHarness, basic } from "./api-harness.ts";

describeOnBothEngines("authentication of the REST interface", (open) => {
  test("an account's token and a key's secret open the account; anything else is 401", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const other = await harness.createAccount();
    const key = await harness.createKey(account);
    const otherKey = await harness.createKey(other);
    const table: [what: string, authorization: string | undefined, status: number][] = [
      ["the token", basic(account.sid, account.token), 200],
      ["the key", basic(key.sid, key.token), 200],
      ["lower-case scheme", basic(account.sid, account.token).replace("Basic", "basic"), 200],
      ["nothing", undefined, 401],
      ["a wrong token", basic(account.sid, "0".repeat(32)), 401],
      ["an empty token", basic(account.sid, ""), 401],
      ["a longer token", basic(account.sid, `${account.token}0`), 401],
      ["another account's token", basic(account.sid, other.token), 401],
      ["the key's secret for the account", basic(account.sid, key.token), 401],
      ["the token for the key", basic(key.sid, account.token), 401],
      ["another key's secret", basic(key.sid, otherKey.token), 401],
      ["an unknown account", basic(`AC${"0".repeat(32)}`, account.token), 401],
      ["an upper-case SID", basic(account.sid.toUpperCase(), account.token), 401],
      ["no SID", basic("admin", account.token), 401],
      ["the hash itself", basic(account.sid, await hashOf(account.sid)), 401],
      ["bearer", `Bearer ${account.token}`, 401],
      ["no colon", `Basic ${Buffer.from(account.sid).toString("base64")}`, 401],
      ["no base64", "Basic %%%", 401],
    ];
    for (const [what, authorization, status] of table) {
      const response = await harness.application.inject({
        url: "/v1/Trunks",
        remoteAddress: `192.0.2.${table.findIndex((row) => row[0] === what)}`,
        headers: authorization === undefined ? {} : { authorization },
      });
      assert.equal(response.statusCode, status, what);
      if (status === 401) {
        assert.deepEqual(response.json(), {
          code: 20003,
          message: "The account SID or key is unknown or its token is wrong.",
          more_info: "https://control.tandem.test/errors/20003",
          status: 401,
        });
        assert.equal(response.headers["www-authenticate"], 'Basic realm="Tandem API", charset="UTF-8"');
      }
    }

    async function hashOf(sid: string): Promise<string> {
      const rows = await harness.database.query<{ auth_token_hash: string }>(
        "select auth_token_hash from accounts where sid = $1",
        [sid],
      );
      return rows[0]?.auth_token_hash ?? "";
    }
  });

  test("a parent reaches its subaccounts, nobody else's; a subaccount does not reach its parent", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const child = await harness.createAccount(parent);
    const sibling = await harness.createAccount(parent);
    const stranger = await harness.createAccount();
    const path = (sid: string) => `/2010-04-01/Accounts/${sid}/SIP/IpAccessControlLists.json`;
    const table: [caller: typeof parent, target: string, status: number][] = [
      [parent, parent.sid, 200],
      [parent, child.sid, 200],
      [await harness.createKey(parent), child.sid, 200],
      [child, child.sid, 200],
      [child, parent.sid, 404],
      [child, sibling.sid, 404],
      [stranger, child.sid, 404],
      [stranger, parent.sid, 404],
      [stranger, `AC${"0".repeat(32)}`, 404],
      [stranger, "ACxyz", 404],
      [harness.operator, child.sid, 200],
      [child, harness.operator.sid, 404],
    ];
    for (const [index, [caller, target, status]] of table.entries()) {
      assert.equal((await harness.request(caller, "GET", path(target))).status, status, `row ${index}`);
      const account = await harness.request(caller, "GET", `/2010-04-01/Accounts/${target}.json`);
      assert.equal(account.status, status, `account, row ${index}`);
    }
    // What the parent makes there belongs to the subaccount.
    const made = await harness.request(parent, "POST", path(child.sid), { FriendlyName: "Office" });
    assert.deepEqual([made.status, made.body["account_sid"]], [201, child.sid]);
  });

  test("v1 is about the caller's own account only", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const child = await harness.createAccount(parent);
    const trunk = await child.sdk.trunking.v1.trunks.create();
    await assert.rejects(parent.sdk.trunking.v1.trunks(trunk.sid).fetch(), { status: 404, code: 20404 });
    assert.deepEqual(await parent.sdk.trunking.v1.trunks.list(), []);
  });

  test("a suspended or closed account, or one whose parent is, may do nothing", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const child = await harness.createAccount(parent);
    const key = await harness.createKey(child);
    const statusOf = async (caller: typeof child) =>
      (await harness.request(caller, "GET", "/v1/Trunks")).status;
    for (const status of ["suspended", "closed"] as const) {
      await updateAccount(harness.database, child.sid, { status });
      assert.deepEqual([await statusOf(child), await statusOf(key), await statusOf(parent)], [403, 403, 200]);
      assert.equal((await harness.request(child, "GET", "/v1/Trunks")).body["code"], 20403);
    }
    await updateAccount(harness.database, child.sid, { status: "active" });
    await updateAccount(harness.database, parent.sid, { status: "suspended" });
    assert.deepEqual([await statusOf(child), await statusOf(key), await statusOf(parent)], [403, 403, 403]);
    // Whoever has no right token does not learn the account's status.
    assert.equal(await statusOf({ ...child, token: "wrong" }), 401);
  });

  test("an API key neither makes keys nor changes accounts", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const key = await harness.createKey(account);
    const keys = `/2010-04-01/Accounts/${account.sid}/Keys`;
    const table: [method: string, path: string][] = [
      ["POST", `${keys}.json`],
      ["POST", `${keys}/${key.sid}.json`],
      ["DELETE", `${keys}/${key.sid}.json`],
      ["POST", "/2010-04-01/Accounts.json"],
      ["POST", `/2010-04-01/Accounts/${account.sid}.json`],
    ];
    for (const [method, path] of table) {
      const reply = await harness.request(
        key,
        method,
        path,
        method === "POST" ? { FriendlyName: "x" } : undefined,
      );
      assert.deepEqual([reply.status, reply.body["code"]], [403, 20403], `${method} ${path}`);
    }
    assert.equal((await harness.request(key, "GET", `${keys}.json`)).status, 200);
  });

  test("after 10 failures of a user name from one address: 429 until the minute has passed", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const other = await harness.createAccount();
    const wrong = { ...account, token: "wrong" };
    for (let attempt = 1; attempt <= 10; attempt++) {
      assert.equal((await harness.request(wrong, "GET", "/v1/Trunks")).status, 401, `attempt ${attempt}`);
    }
    const blocked = await harness.request(account, "GET", "/v1/Trunks");
    assert.deepEqual(
      [blocked.status, blocked.body["code"], blocked.headers["retry-after"]],
      [429, 20429, "60"],
    );
    assert.equal((await harness.request(other, "GET", "/v1/Trunks")).status, 200);
    const elsewhere = await harness.application.inject({
      url: "/v1/Trunks",
      remoteAddress: "192.0.2.9",
      headers: { authorization: basic(account.sid, account.token) },
    });
    assert.equal(elsewhere.statusCode, 200);
    harness.clock.advance(59_999);
    assert.equal((await harness.request(account, "GET", "/v1/Trunks")).headers["retry-after"], "1");
    harness.clock.advance(1);
    assert.equal((await harness.request(account, "GET", "/v1/Trunks")).status, 200);
  });

  test("9 failures and a success begin anew; requests without credentials do not count", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    for (let round = 0; round < 2; round++) {
      for (let attempt = 0; attempt < 9; attempt++)
        await harness.request({ ...account, token: "wrong" }, "GET", "/v1/Trunks");
      assert.equal((await harness.request(account, "GET", "/v1/Trunks")).status, 200);
    }
    for (let attempt = 0; attempt < 150; attempt++) await harness.request(undefined, "GET", "/v1/Trunks");
    assert.equal((await harness.request(account, "GET", "/v1/Trunks")).status, 200);
  });

  test("after 100 failures of one address with many user names: 429 for all of them", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const sidOf = (attempt: number) => `AC${String(attempt).padStart(32, "0")}`;
    for (let attempt = 1; attempt < 100; attempt++)
      await harness.request({ ...account, sid: sidOf(attempt) }, "GET", "/v1/Trunks");
    assert.equal((await harness.request(account, "GET", "/v1/Trunks")).status, 200);
    await harness.request({ ...account, sid: sidOf(100) }, "GET", "/v1/Trunks");
    assert.equal((await harness.request(account, "GET", "/v1/Trunks")).status, 429);
  });

  test("X-Forwarded-For counts only when a proxy is trusted", async () => {
    const database = await open();
    const harness = await apiHarness(database, { trustProxy: true });
    const account = await harness.createAccount();
    const ask = (token: string, address: string) =>
      harness.application.inject({
        url: "/v1/Trunks",
        headers: { authorization: basic(account.sid, token), "x-forwarded-for": address },
      });
    for (let attempt = 0; attempt < 10; attempt++) await ask("wrong", "192.0.2.1");
    assert.equal((await ask(account.token, "192.0.2.1")).statusCode, 429);
    assert.equal((await ask(account.token, "192.0.2.2")).statusCode, 200);
  });

  test("X-Forwarded-For of a stranger does not lift the block", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    for (let attempt = 0; attempt < 10; attempt++)
      await harness.request({ ...account, token: "wrong" }, "GET", "/v1/Trunks");
    const reply = await harness.application.inject({
      url: "/v1/Trunks",
      headers: { authorization: basic(account.sid, account.token), "x-forwarded-for": "192.0.2.77" },
    });
    assert.equal(reply.statusCode, 429);
  });
});
