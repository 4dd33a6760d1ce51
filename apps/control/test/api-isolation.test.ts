/** Every route of the interface is walked with the credentials of an account that has nothing to do with the objects. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { type ApiHarness, apiHarness, type TestAccount } from "./api-harness.ts";

describeOnBothEngines("isolation of accounts", (open) => {
  test("another account's object is 404 on every route, and stays as it was", async () => {
    const harness = await apiHarness(await open());
    const owner = await harness.createAccount();
    const stranger = await harness.createAccount();
    const key = await harness.createKey(stranger);
    const sids = await fill(harness, owner);
    const routes = await routesWithSids(harness);
    assert.ok(routes.length >= 50, `${routes.length} routes`);
    for (const caller of [stranger, key]) {
      for (const { method, path } of routes) {
        const url = withSids(path, sids);
        const form = method === "POST" ? everyParameter(sids) : undefined;
        const reply = await harness.request(caller, method, url, form);
        // Keys may not write keys and accounts at all: that is said before anything is looked up.
        const isRefused = reply.status === 404 || (caller === key && reply.status === 403);
        assert.ok(isRefused, `${method} ${url}: ${reply.status} ${JSON.stringify(reply.body)}`);
      }
    }
    for (const { path } of routes.filter((route) => route.method === "GET")) {
      const reply = await harness.request(owner, "GET", withSids(path, sids));
      assert.equal(reply.status, 200, `the owner still reads ${path}`);
    }
  });

  test("another account's list, number or trunk cannot be referred to", async () => {
    const harness = await apiHarness(await open());
    const owner = await harness.createAccount();
    const stranger = await harness.createAccount();
    const sids = await fill(harness, owner);
    const trunk = await stranger.sdk.trunking.v1.trunks.create();
    const path = `/v1/Trunks/${trunk.sid}`;
    const table: [path: string, parameter: string, value: string][] = [
      [`${path}/IpAccessControlLists`, "IpAccessControlListSid", sids.AL],
      [`${path}/CredentialLists`, "CredentialListSid", sids.CL],
      [`${path}/PhoneNumbers`, "PhoneNumberSid", sids.PN],
    ];
    for (const [url, parameter, value] of table) {
      assert.equal((await harness.request(stranger, "POST", url, { [parameter]: value })).status, 404, url);
    }
    const number = await harness.request(
      harness.operator,
      "POST",
      `/2010-04-01/Accounts/${stranger.sid}/IncomingPhoneNumbers.json`,
      {
        PhoneNumber: "+15557654321",
      },
    );
    const mine = `/2010-04-01/Accounts/${stranger.sid}/IncomingPhoneNumbers/${String(number.body["sid"])}.json`;
    const toTrunk = await harness.request(stranger, "POST", mine, { TrunkSid: sids.TK });
    assert.deepEqual([toTrunk.status, toTrunk.body["code"]], [400, 20001]);
    assert.equal((await harness.request(stranger, "POST", mine, { AccountSid: owner.sid })).status, 404);
  });

  test("lists show the account's own objects only", async () => {
    const harness = await apiHarness(await open());
    const owner = await harness.createAccount();
    const stranger = await harness.createAccount();
    await fill(harness, owner);
    assert.deepEqual(await stranger.sdk.trunking.v1.trunks.list(), []);
    assert.deepEqual(await stranger.sdk.sip.ipAccessControlLists.list(), []);
    assert.deepEqual(await stranger.sdk.sip.credentialLists.list(), []);
    assert.deepEqual(await stranger.sdk.incomingPhoneNumbers.list(), []);
    assert.deepEqual(await stranger.sdk.outgoingCallerIds.list(), []);
    assert.deepEqual(await stranger.sdk.keys.list(), []);
    for (const list of ["BlockedPrefixes", "DoNotOriginatePrefixes"]) {
      const reply = await harness.request(stranger, "GET", `/v1/DialingPermissions/${list}`);
      assert.deepEqual(Object.values(reply.body)[0], [], list);
    }
    assert.deepEqual(
      (await stranger.sdk.api.v2010.accounts.list()).map((account) => account.sid),
      [stranger.sid],
    );
  });
});

type Sids = Record<
  "AC" | "TK" | "OU" | "AL" | "IP" | "CL" | "CR" | "PN" | "SK" | "HP" | "DB" | "DN" | "CI",
  string
>;

/** One object of each kind, all connected. */
async function fill(harness: ApiHarness, owner: TestAccount): Promise<Sids> {
  const { sdk } = owner;
  const trunk = await sdk.trunking.v1.trunks.create({ domainName: "owner.pstn.tandem.test" });
  const lists = await sdk.sip.ipAccessControlLists.create({ friendlyName: "Office" });
  const address = await sdk.sip
    .ipAccessControlLists(lists.sid)
    .ipAddresses.create({ friendlyName: "SBC", ipAddress: "192.0.2.1" });
  const users = await sdk.sip.credentialLists.create({ friendlyName: "Users" });
  const user = await sdk.sip
    .credentialLists(users.sid)
    .credentials.create({ username: "alice", password: "IWasAtSignal2018" });
  const url = await sdk.trunking.v1.trunks(trunk.sid).originationUrls.create({
    weight: 1,
    priority: 1,
    enabled: true,
    friendlyName: "u",
    sipUrl: "sip:192.0.2.1",
  });
  await sdk.trunking.v1.trunks(trunk.sid).ipAccessControlLists.create({ ipAccessControlListSid: lists.sid });
  await sdk.trunking.v1.trunks(trunk.sid).credentialsLists.create({ credentialListSid: users.sid });
  const number = createSid("PN");
  await harness.database.query(
    "insert into incoming_phone_numbers (sid, account_sid, phone_number, friendly_name, trunk_sid) values ($1, $2, '+15551234567', 'n', $3)",
    [number, owner.sid, trunk.sid],
  );
  const key = await harness.createKey(owner);
  const policy = await harness.request(owner, "POST", "/v1/HeaderPolicies", {
    Rules: JSON.stringify([
      { match: "all", conditions: [], actions: [{ target: "to", operation: "replace", value: "1" }] },
    ]),
  });
  const callerId = await harness.request(
    harness.operator,
    "POST",
    `/2010-04-01/Accounts/${owner.sid}/OutgoingCallerIds.json`,
    { PhoneNumber: "+442079460000" },
  );
  const prefix = async (list: string) => {
    const path = `/v1/DialingPermissions/${list}`;
    return String((await harness.request(owner, "POST", path, { Prefix: "+1555" })).body["sid"]);
  };
  return {
    HP: String(policy.body["sid"]),
    CI: String(callerId.body["sid"]),
    AC: owner.sid,
    TK: trunk.sid,
    OU: url.sid,
    AL: lists.sid,
    IP: address.sid,
    CL: users.sid,
    CR: user.sid,
    PN: number,
    SK: key.sid,
    DB: await prefix("BlockedPrefixes"),
    DN: await prefix("DoNotOriginatePrefixes"),
  };
}

interface SidRoute {
  readonly method: string;
  readonly path: string;
}

const folders: Readonly<Record<string, keyof Sids>> = {
  Trunks: "TK",
  OriginationUrls: "OU",
  IpAccessControlLists: "AL",
  IpAddresses: "IP",
  CredentialLists: "CL",
  Credentials: "CR",
  PhoneNumbers: "PN",
  IncomingPhoneNumbers: "PN",
  OutgoingCallerIds: "CI",
  Keys: "SK",
  HeaderPolicies: "HP",
  BlockedPrefixes: "DB",
  DoNotOriginatePrefixes: "DN",
  Accounts: "AC",
};

/** All routes of the interface's own document whose paths hold SIDs of the kinds above. */
async function routesWithSids(harness: ApiHarness): Promise<SidRoute[]> {
  const document = (await harness.request(undefined, "GET", "/openapi.json")).body;
  const routes: SidRoute[] = [];
  for (const [path, methods] of Object.entries(document["paths"] as Record<string, object>)) {
    const isCovered =
      path.includes("{") &&
      [...path.matchAll(/(\w+)\/\{/g)].every((match) => folders[match[1] ?? ""] !== undefined);
    const folder = path.split("/").at(-1)?.replace(".json", "") ?? "";
    // Lists of kinds that are tested with their own resource.
    if (!isCovered || ["Calls"].includes(folder)) continue;
    for (const method of Object.keys(methods)) routes.push({ method: method.toUpperCase(), path });
  }
  return routes;
}

function withSids(path: string, sids: Sids): string {
  return path.replace(
    /(\w+)\/\{\w+\}/g,
    (_all, folder: string) => `${folder}/${sids[folders[folder] ?? "TK"]}`,
  );
}

/** Parameters that make every write of the walk well-formed. */
function everyParameter(sids: Sids): Record<string, string> {
  return {
    FriendlyName: "taken",
    Weight: "1",
    Priority: "1",
    Enabled: "true",
    SipUrl: "sip:192.0.2.66",
    IpAccessControlListSid: sids.AL,
    CredentialListSid: sids.CL,
    PhoneNumberSid: sids.PN,
    PhoneNumber: "+15550000000",
    IpAddress: "192.0.2.66",
    Username: "mallory",
    Password: "IWasAtSignal2018",
  };
}
