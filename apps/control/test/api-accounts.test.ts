import assert from "node:assert/strict";
import { test } from "node:test";
import { hashAccessToken } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { apiHarness } from "./api-harness.ts";

describeOnBothEngines("accounts", (open) => {
  const path = "/2010-04-01/Accounts";

  test("a created subaccount's token works at once, is shown once and kept as a hash", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const { status, body } = await harness.request(parent, "POST", `${path}.json`, {
      FriendlyName: "Sub",
      Compatibility: "twilio",
    });
    assert.equal(status, 201);
    const { sid, auth_token: token, date_created, date_updated, subresource_uris, ...rest } = body;
    assert.deepEqual(rest, {
      owner_account_sid: parent.sid,
      friendly_name: "Sub",
      status: "active",
      type: "Full",
      uri: `${path}/${String(sid)}.json`,
      tandem: {
        compatibility: "twilio",
        is_operator: false,
        calls_per_second: null,
        caller_id_policy: "any",
      },
    });
    assert.match(String(date_created), /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
    assert.equal(date_updated, date_created);
    assert.equal((subresource_uris as Record<string, string>)["keys"], `${path}/${String(sid)}/Keys.json`);
    const child = { ...parent, sid: String(sid), token: String(token) };
    const own = await harness.request(child, "GET", `${path}/${child.sid}.json`);
    assert.deepEqual([own.status, own.body["auth_token"]], [200, null]);
    const rows = await harness.database.query<{ auth_token_hash: string }>(
      "select auth_token_hash from accounts where sid = $1",
      [sid],
    );
    assert.equal(rows[0]?.auth_token_hash, hashAccessToken(String(token)));
    assert.equal(hashAccessToken("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("names", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const named = await harness.request(parent, "POST", `${path}.json`, {});
    assert.equal(named.body["friendly_name"], "SubAccount Created at 2026-01-01 00:00");
    assert.equal(
      (await harness.request(parent, "POST", `${path}.json`, { FriendlyName: "x".repeat(64) })).status,
      201,
    );
    assert.equal(
      (await harness.request(parent, "POST", `${path}.json`, { FriendlyName: "x".repeat(65) })).status,
      400,
    );
  });

  test("a subaccount has no subaccounts", async () => {
    const harness = await apiHarness(await open());
    const child = await harness.createAccount(await harness.createAccount());
    const reply = await harness.request(child, "POST", `${path}.json`, {});
    assert.deepEqual([reply.status, reply.body["code"]], [403, 20403]);
  });

  test("status: the parent suspends, wakes and closes; closed is for ever; nobody does it to himself", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const child = await harness.createAccount(parent);
    const set = async (caller: typeof parent, sid: string, status: string) => {
      const reply = await harness.request(caller, "POST", `${path}/${sid}.json`, { Status: status });
      return reply.body["code"] ?? reply.body["status"];
    };
    assert.equal(await set(child, child.sid, "suspended"), 20403);
    assert.equal(await set(parent, parent.sid, "closed"), 20403);
    assert.equal(await set(parent, parent.sid, "active"), "active");
    assert.equal(await set(parent, child.sid, "suspended"), "suspended");
    assert.equal(await set(parent, child.sid, "active"), "active");
    assert.equal(await set(parent, child.sid, "gone"), 20001);
    assert.equal(await set(parent, child.sid, "closed"), "closed");
    assert.equal(await set(parent, child.sid, "closed"), "closed");
    assert.equal(await set(parent, child.sid, "active"), 20409);
    assert.equal(await set(parent, child.sid, "suspended"), 20409);
  });

  test("calls per second: the parent says those of a subaccount, a first account its own; empty takes them away", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const child = await harness.createAccount(parent);
    const set = async (caller: typeof parent, sid: string, text: string) => {
      const { body } = await harness.request(caller, "POST", `${path}/${sid}.json`, { CallsPerSecond: text });
      return body["code"] ?? (body["tandem"] as Record<string, unknown>)["calls_per_second"];
    };
    assert.equal(await set(parent, parent.sid, "50"), 50);
    assert.equal(await set(parent, child.sid, "0.5"), 0.5);
    assert.equal(await set(child, child.sid, "100"), 20403);
    assert.equal(await set(child, parent.sid, "100"), 20404);
    assert.equal(await set(parent, child.sid, "0"), 20001);
    assert.equal(await set(parent, child.sid, "100000"), 100_000);
    assert.equal(await set(parent, child.sid, "100001"), 20001);
    assert.equal(await set(parent, child.sid, ""), null);
  });

  test("the list is filtered by name and status; the answer of a change shows it, and no token", async () => {
    const harness = await apiHarness(await open());
    const parent = await harness.createAccount();
    const make = async (name: string) =>
      String((await harness.request(parent, "POST", `${path}.json`, { FriendlyName: name })).body["sid"]);
    const [first, second] = [await make("First"), await make("Second")];
    const change = { FriendlyName: "Renamed", Status: "suspended", Compatibility: "twilio" };
    const { status, body } = await harness.request(parent, "POST", `${path}/${second}.json`, change);
    assert.deepEqual(
      [status, body["friendly_name"], body["status"], body["tandem"], body["auth_token"]],
      [
        200,
        "Renamed",
        "suspended",
        { compatibility: "twilio", is_operator: false, calls_per_second: null, caller_id_policy: "any" },
        null,
      ],
    );
    const cases: [query: string, expected: string[]][] = [
      ["", [parent.sid, first, second]],
      ["?FriendlyName=First", [first]],
      ["?FriendlyName=Fir", []],
      ["?Status=suspended", [second]],
      ["?Status=active", [parent.sid, first]],
      ["?Status=active&FriendlyName=First", [first]],
      ["?Status=closed", []],
    ];
    for (const [query, expected] of cases) {
      const reply = await harness.request(parent, "GET", `${path}.json${query}`);
      const accounts = reply.body["accounts"] as { sid: string; auth_token: unknown }[];
      assert.deepEqual(
        accounts.map(({ sid, auth_token }) => [sid, auth_token]),
        expected.map((sid) => [sid, null]),
        query,
      );
    }
  });
});
