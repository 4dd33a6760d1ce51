/** Who sees and changes private lines: strangers, sharers, owners, the operator. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { box, type FormFields, type TestAccount } from "./exchange-harness.ts";
import {
  type InterconnectHarness,
  interconnectHarness,
  connectionsPath as path,
} from "./interconnect-harness.ts";

interface Walk {
  readonly method: string;
  readonly url: string;
  readonly form?: FormFields;
}

/** Every route about one line. */
function routesOf(sid: string, subaccountSid: string): readonly Walk[] {
  const url = `${path}/${sid}`;
  return [
    { method: "GET", url },
    { method: "GET", url: `${url}/Transitions` },
    { method: "GET", url: `${url}/Secrets` },
    { method: "GET", url: `${url}/Shares` },
    { method: "GET", url: `${url}/Shares/${subaccountSid}` },
    { method: "POST", url, form: { FriendlyName: "taken" } },
    { method: "POST", url, form: { Status: "active" } },
    { method: "POST", url: `${url}/Shares`, form: { AccountSid: subaccountSid } },
    { method: "DELETE", url: `${url}/Shares/${subaccountSid}` },
    { method: "DELETE", url },
  ];
}

async function walk(harness: InterconnectHarness, account: TestAccount, routes: readonly Walk[]) {
  const answers = [];
  for (const { method, url, form } of routes) answers.push(await harness.codeOf(account, method, url, form));
  return answers;
}

describeOnBothEngines("access to connections", (open) => {
  test("another account's line is not there, on every route, and stays as it was", async () => {
    const harness = await interconnectHarness(await open());
    const { customer, operator } = harness;
    const subaccount = await harness.createAccount(customer);
    const { sid } = await harness.create(customer);
    const before = (await harness.request(operator, "GET", `${path}/${sid}`)).body;
    const stranger = await harness.createAccount();
    const strangersOwn = await harness.createAccount(stranger);
    for (const account of [stranger, strangersOwn]) {
      const answers = await walk(harness, account, routesOf(sid, subaccount.sid));
      for (const answer of answers) assert.deepEqual(answer, [404, 62012]);
      assert.deepEqual((await harness.request(account, "GET", path)).body["connections"], []);
    }
    assert.deepEqual((await harness.request(operator, "GET", `${path}/${sid}`)).body, before);
  });

  test("a subaccount of the owner is told that it has no share; with one it reads, and changes nothing", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const subaccount = await harness.createAccount(customer);
    const other = await harness.createAccount(customer);
    const { sid } = await harness.create(customer);
    const url = `${path}/${sid}`;
    for (const answer of await walk(harness, subaccount, routesOf(sid, other.sid)))
      assert.deepEqual(answer, [403, 62053]);
    for (const account of [subaccount, other]) {
      const share = await harness.request(customer, "POST", `${url}/Shares`, { AccountSid: account.sid });
      assert.equal(share.status, 201);
      assert.equal(share.body["account_sid"], account.sid);
    }
    const again = { AccountSid: other.sid };
    assert.deepEqual(await harness.codeOf(customer, "POST", `${url}/Shares`, again), [409, 20409]);
    const reading = [200, undefined];
    const refused = [403, 62011];
    const answers = await walk(harness, subaccount, routesOf(sid, other.sid));
    assert.deepEqual(answers, [reading, reading, ...Array.from({ length: 8 }, () => refused)]);
    const shown = (await harness.request(subaccount, "GET", url)).body;
    assert.deepEqual(shown["shared_account_sids"], [subaccount.sid], "it does not see the others");
    assert.deepEqual((await harness.request(customer, "GET", url)).body["shared_account_sids"], [
      subaccount.sid,
      other.sid,
    ]);
    const listed = (await harness.request(subaccount, "GET", path)).body["connections"] as { sid: string }[];
    assert.deepEqual(
      listed.map((line) => line.sid),
      [sid],
    );
    const snapshot = await compileSnapshot(harness.database, box);
    assert.deepEqual(snapshot?.connections[0]?.sharedAccountSids, [subaccount.sid, other.sid]);
    assert.equal((await harness.request(customer, "DELETE", `${url}/Shares/${other.sid}`)).status, 204);
    assert.deepEqual(await harness.codeOf(customer, "DELETE", `${url}/Shares/${other.sid}`), [404, 20404]);
    assert.deepEqual(await harness.codeOf(other, "GET", url), [403, 62053]);
  });

  test("a line is shared with subaccounts of its owner only", async () => {
    const harness = await interconnectHarness(await open());
    const { customer, operator } = harness;
    const { sid } = await harness.create(customer);
    const stranger = await harness.createAccount();
    const strangersOwn = await harness.createAccount(stranger);
    const url = `${path}/${sid}/Shares`;
    for (const accountSid of [
      stranger.sid,
      strangersOwn.sid,
      customer.sid,
      operator.sid,
      createSid("AC"),
      "x",
    ]) {
      assert.deepEqual(await harness.codeOf(customer, "POST", url, { AccountSid: accountSid }), [403, 62052]);
    }
    assert.deepEqual(await harness.codeOf(customer, "POST", url, {}), [400, 62022]);
    assert.deepEqual(await harness.codeOf(customer, "POST", url, { AccountSid: "" }), [400, 62022]);
  });

  test("a parent acts for its subaccount, the operator for everybody", async () => {
    const harness = await interconnectHarness(await open());
    const { customer, operator } = harness;
    const subaccount = await harness.createAccount(customer);
    for (const actor of [customer, operator]) {
      const line = await harness.create(actor, { AccountSid: subaccount.sid });
      assert.equal(line["account_sid"], subaccount.sid);
      const renamed = await harness.update(actor, line.sid, { FriendlyName: "mine" });
      assert.equal(renamed.body["friendly_name"], "mine");
      assert.equal((await harness.request(subaccount, "GET", `${path}/${line.sid}`)).status, 200);
      assert.equal((await harness.request(actor, "GET", `${path}/${line.sid}/Secrets`)).status, 200);
      assert.equal((await harness.request(actor, "DELETE", `${path}/${line.sid}`)).status, 204);
    }
    const form = { Type: "vpn", Edge: "london-ix", BandwidthMbps: "10", AccountSid: customer.sid };
    assert.deepEqual(await harness.codeOf(subaccount, "POST", path, form), [404, 62009]);
  });

  test("what is about the exchange's own network is the operator's", async () => {
    const harness = await interconnectHarness(await open());
    const { customer, operator } = harness;
    const { sid, ...shown } = await harness.create(customer);
    const parameters: FormFields = {
      Device: "eth9",
      NextHop: "192.0.2.1",
      ExchangeAsn: "64500",
      CustomerPeerAddress: "",
      ExchangePeerAddress: "",
      AllowPrivateAddresses: "true",
      DateExpires: "2027-01-01T00:00:00Z",
    };
    for (const [name, value] of Object.entries(parameters)) {
      const form = { [name]: value };
      const creation = { Type: "vpn", Edge: "london-ix", BandwidthMbps: "10", ...form };
      assert.deepEqual(await harness.codeOf(customer, "POST", path, creation), [403, 62011], name);
      assert.deepEqual(await harness.codeOf(customer, "POST", `${path}/${sid}`, form), [403, 62011], name);
      assert.equal((await harness.update(operator, sid, form)).status, 200, name);
    }
    for (const field of ["device", "next_hop", "local_address", "routing_table"]) {
      assert.equal(shown[field], null, field);
    }
    const seen = (await harness.request(operator, "GET", `${path}/${sid}`)).body;
    assert.deepEqual(
      [seen["device"], seen["next_hop"], seen["local_address"], seen["routing_table"]],
      ["eth9", "192.0.2.1", "100.127.0.1", 1001],
    );
  });

  test("secrets are read where both sides need them, leave a trace in the log, and are nowhere else", async () => {
    const harness = await interconnectHarness(await open());
    const { customer, operator } = harness;
    const line = await harness.create(customer, {
      Type: "vpn",
      BgpPassword: "a-bgp-password",
      PreSharedKey: "a-pre-shared-key",
    });
    const url = `${path}/${line.sid}`;
    assert.deepEqual(harness.logged.splice(0), [
      {
        event: "connection-secrets-changed",
        connection: line.sid,
        secrets: ["BgpPassword", "PreSharedKey"],
        account: customer.sid,
        key: null,
      },
    ]);
    const secrets = async (account: TestAccount, sid = line.sid) => {
      const { status, body } = await harness.request(account, "GET", `${path}/${sid}/Secrets`);
      assert.equal(status, 200);
      return [body["bgp_password"], body["pre_shared_key"]];
    };
    for (const account of [customer, operator]) {
      assert.deepEqual(await secrets(account), ["a-bgp-password", "a-pre-shared-key"]);
      assert.deepEqual(harness.logged.splice(0), [
        { event: "connection-secrets-read", connection: line.sid, account: account.sid, key: null },
      ]);
    }
    const answers = [
      line,
      (await harness.request(customer, "GET", url)).body,
      (await harness.request(customer, "GET", path)).body,
      (await harness.update(customer, line.sid, { FriendlyName: "x" })).body,
      await compileSnapshot(harness.database, box),
      await harness.database.query(
        "select encode(bgp_password_encrypted, 'escape') as a, encode(pre_shared_key_encrypted, 'escape') as b from connections",
      ),
    ];
    for (const answer of answers) assert.doesNotMatch(JSON.stringify(answer), /a-bgp|a-pre-shared/);
    assert.deepEqual(harness.logged, [], "a change of the name is no change of secrets");
    await harness.update(customer, line.sid, { BgpPassword: "", PreSharedKey: "another-secret-key" });
    assert.deepEqual(
      harness.logged.map((entry) => [entry["event"], entry["secrets"]]),
      [["connection-secrets-changed", ["BgpPassword", "PreSharedKey"]]],
    );
    assert.deepEqual(await secrets(customer), [null, "another-secret-key"]);
    assert.doesNotMatch(JSON.stringify(harness.logged), /another-secret|a-bgp/);
  });

  test("a VPN gets a key of its own when none is given, other lines get none", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const keyOf = async (form: FormFields) => {
      const { sid } = await harness.create(customer, form);
      return (await harness.request(customer, "GET", `${path}/${sid}/Secrets`)).body["pre_shared_key"];
    };
    const [one, two] = [await keyOf({ Type: "vpn" }), await keyOf({ Type: "vpn" })];
    assert.match(String(one), /^[\w-]{32}$/);
    assert.notEqual(one, two);
    assert.equal(await keyOf({}), null);
  });
});
