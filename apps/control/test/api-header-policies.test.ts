import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { type ApiHarness, apiHarness, box, type Reply, type TestAccount } from "./api-harness.ts";

const rules = [
  {
    match: "all",
    conditions: [{ header: "request-uri", part: "user", operator: "starts-with", value: "00" }],
    actions: [
      { target: "to", operation: "remove-leading", count: 2 },
      { target: "to", operation: "add-prefix", value: "+" },
    ],
  },
];
const form = { FriendlyName: "Dial plan", Rules: JSON.stringify(rules) };
const path = "/v1/HeaderPolicies";

const create = (harness: ApiHarness, account: TestAccount): Promise<Reply> =>
  harness.request(account, "POST", path, form);

async function rulesInSnapshot({ database }: ApiHarness): Promise<unknown> {
  return (await compileSnapshot(database, box))?.trunks.map(({ headerRules }) => headerRules);
}

describeOnBothEngines("header policies", (open) => {
  test("made, shown, listed, changed and deleted", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const made = await create(harness, account);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const sid = String(made.body["sid"]);
    assert.match(sid, /^HP[0-9a-f]{32}$/);
    assert.deepEqual(made.body, {
      sid,
      account_sid: account.sid,
      friendly_name: "Dial plan",
      rules,
      date_created: made.body["date_created"],
      date_updated: made.body["date_updated"],
      url: `https://control.tandem.test${path}/${sid}`,
    });
    const item = `${path}/${sid}`;
    assert.deepEqual((await harness.request(account, "GET", item)).body, made.body);
    const list = await harness.request(account, "GET", path);
    assert.deepEqual(list.body["header_policies"], [made.body]);
    const renamed = await harness.request(account, "POST", item, { FriendlyName: "Other" });
    assert.deepEqual([renamed.body["friendly_name"], renamed.body["rules"]], ["Other", rules]);
    const other = [
      { match: "any", conditions: [], actions: [{ target: "from", operation: "replace", value: "1" }] },
    ];
    const changed = await harness.request(account, "POST", item, { Rules: JSON.stringify(other) });
    assert.deepEqual([changed.body["friendly_name"], changed.body["rules"]], ["Other", other]);
    assert.equal((await harness.request(account, "DELETE", item)).status, 204);
    assert.equal((await harness.request(account, "GET", item)).status, 404);
    assert.equal((await harness.request(account, "DELETE", item)).status, 404);
    assert.equal((await harness.request(account, "POST", item, { FriendlyName: "x" })).status, 404);
  });

  test("a trunk has one for each direction, and gateways get their rules; one in use stays", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const sid = String((await create(harness, account)).body["sid"]);
    const trunk = await harness.request(account, "POST", "/v1/Trunks", { TerminationHeaderPolicySid: sid });
    assert.equal(trunk.status, 201, JSON.stringify(trunk.body));
    const ours = (reply: Reply): unknown => {
      const { tandem } = reply.body as { tandem: Record<string, unknown> };
      return [tandem["termination_header_policy_sid"], tandem["origination_header_policy_sid"]];
    };
    assert.deepEqual(ours(trunk), [sid, null]);
    assert.deepEqual(await rulesInSnapshot(harness), [{ termination: rules }]);
    const item = `/v1/Trunks/${String(trunk.body["sid"])}`;
    const both = await harness.request(account, "POST", item, { OriginationHeaderPolicySid: sid });
    assert.deepEqual(ours(both), [sid, sid]);
    assert.deepEqual(await rulesInSnapshot(harness), [{ termination: rules, origination: rules }]);
    const refused = await harness.request(account, "DELETE", `${path}/${sid}`);
    assert.deepEqual([refused.status, refused.body["code"]], [409, 20409]);
    const without = { TerminationHeaderPolicySid: "", OriginationHeaderPolicySid: "" };
    assert.deepEqual(ours(await harness.request(account, "POST", item, without)), [null, null]);
    assert.deepEqual(await rulesInSnapshot(harness), [undefined]);
    assert.equal((await harness.request(account, "DELETE", `${path}/${sid}`)).status, 204);
  });

  test("a trunk can have none that its account has not", async () => {
    const harness = await apiHarness(await open());
    const [owner, other] = [await harness.createAccount(), await harness.createAccount()];
    const sid = String((await create(harness, owner)).body["sid"]);
    for (const unknown of [sid, `HP${"0".repeat(32)}`]) {
      const reply = await harness.request(other, "POST", "/v1/Trunks", {
        OriginationHeaderPolicySid: unknown,
      });
      assert.deepEqual([reply.status, reply.body["code"]], [400, 21257]);
    }
    const malformed = await harness.request(other, "POST", "/v1/Trunks", {
      OriginationHeaderPolicySid: "HP1",
    });
    assert.deepEqual([malformed.status, malformed.body["code"]], [400, 20001]);
  });

  test("what the rules may not be is said, and one policy more than there may be is refused", async () => {
    const harness = await apiHarness(await open(), { limits: { headerPoliciesPerAccount: 1 } });
    const account = await harness.createAccount();
    for (const [Rules, code] of [
      [undefined, 20001],
      ["{", 21256],
      ["[]", 21258],
    ] as const) {
      const reply = await harness.request(account, "POST", path, Rules === undefined ? {} : { Rules });
      assert.deepEqual([reply.status, reply.body["code"]], [400, code]);
    }
    assert.equal((await create(harness, account)).status, 201);
    const more = await create(harness, account);
    assert.deepEqual([more.status, more.body["code"]], [400, 21259]);
  });
});
