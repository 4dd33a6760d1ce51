import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { purposes } from "../src/secrets/index.ts";
import { apiHarness, box } from "./api-harness.ts";
import { OpenApiChecker } from "./openapi-checker.ts";

describeOnBothEngines("the unmodified SDK on 2010-04-01", (open) => {
  test("drives accounts, lists, credentials and numbers, and each answer fits its public schema", async () => {
    const harness = await apiHarness(await open());
    const { sdk, sid } = harness.operator;

    const account = await sdk.api.v2010.accounts.create({ friendlyName: "Customer" });
    assert.match(account.authToken, /^[0-9a-f]{32}$/);
    assert.deepEqual(
      [account.friendlyName, account.status, account.type, account.ownerAccountSid],
      ["Customer", "active", "Full", sid],
    );
    assert.equal((await sdk.api.v2010.accounts(account.sid).fetch()).authToken, null);
    const renamed = await sdk.api.v2010
      .accounts(account.sid)
      .update({ friendlyName: "Renamed", status: "suspended" });
    assert.deepEqual([renamed.friendlyName, renamed.status], ["Renamed", "suspended"]);
    assert.deepEqual(
      (await sdk.api.v2010.accounts.list()).map((one) => one.sid),
      [sid, account.sid],
    );
    assert.deepEqual(
      (await sdk.api.v2010.accounts.list({ status: "suspended" })).map((one) => one.sid),
      [account.sid],
    );
    assert.deepEqual(
      (await sdk.api.v2010.accounts.list({ friendlyName: "Operator" })).map((one) => one.sid),
      [sid],
    );

    const acl = await sdk.sip.ipAccessControlLists.create({ friendlyName: "Office" });
    assert.equal(acl.friendlyName, "Office");
    assert.equal(
      acl.subresourceUris["ip_addresses"],
      `/2010-04-01/Accounts/${sid}/SIP/IpAccessControlLists/${acl.sid}/IpAddresses.json`,
    );
    assert.equal(
      (await sdk.sip.ipAccessControlLists(acl.sid).update({ friendlyName: "Home" })).friendlyName,
      "Home",
    );
    assert.equal((await sdk.sip.ipAccessControlLists(acl.sid).fetch()).friendlyName, "Home");
    assert.equal((await sdk.sip.ipAccessControlLists.list()).length, 1);
    const addresses = sdk.sip.ipAccessControlLists(acl.sid).ipAddresses;
    const address = await addresses.create({ friendlyName: "SBC", ipAddress: "192.0.2.1" });
    assert.deepEqual(
      [address.friendlyName, address.ipAddress, address.cidrPrefixLength, address.ipAccessControlListSid],
      ["SBC", "192.0.2.1", 32, acl.sid],
    );
    const network = await addresses(address.sid).update({
      ipAddress: "192.0.2.7",
      cidrPrefixLength: 24,
      friendlyName: "Net",
    });
    assert.deepEqual(
      [network.friendlyName, network.ipAddress, network.cidrPrefixLength],
      ["Net", "192.0.2.7", 24],
    );
    assert.equal((await addresses(address.sid).fetch()).cidrPrefixLength, 24);
    assert.equal((await addresses.list()).length, 1);
    assert.equal(await addresses(address.sid).remove(), true);
    assert.equal(await sdk.sip.ipAccessControlLists(acl.sid).remove(), true);

    const list = await sdk.sip.credentialLists.create({ friendlyName: "Users" });
    assert.equal(
      (await sdk.sip.credentialLists(list.sid).update({ friendlyName: "People" })).friendlyName,
      "People",
    );
    assert.equal((await sdk.sip.credentialLists(list.sid).fetch()).friendlyName, "People");
    assert.equal((await sdk.sip.credentialLists.list()).length, 1);
    const credentials = sdk.sip.credentialLists(list.sid).credentials;
    const credential = await credentials.create({ username: "alice", password: "IWasAtSignal2018" });
    assert.equal(credential.username, "alice");
    assert.equal(await storedHa1(credential.sid), "c7f8c214bb885b8fa6d7b53a07af198e");
    await credentials(credential.sid).update({ password: "IWasAtSignal2019" });
    assert.equal(await storedHa1(credential.sid), "cdbbdd48c149556941dffc777928de0e");
    assert.equal((await credentials(credential.sid).fetch()).username, "alice");
    assert.equal((await credentials.list()).length, 1);
    assert.equal(await credentials(credential.sid).remove(), true);
    assert.equal(await sdk.sip.credentialLists(list.sid).remove(), true);

    const trunk = await sdk.trunking.v1.trunks.create();
    const number = await sdk.incomingPhoneNumbers.create({
      phoneNumber: "+15551234567",
      trunkSid: trunk.sid,
    });
    assert.deepEqual(
      [number.phoneNumber, number.friendlyName, number.trunkSid, number.voiceReceiveMode],
      ["+15551234567", "+15551234567", trunk.sid, "voice"],
    );
    const changed = await sdk
      .incomingPhoneNumbers(number.sid)
      .update({ friendlyName: "Desk", voiceUrl: "https://example.test/voice", voiceReceiveMode: "fax" });
    assert.deepEqual(
      [changed.friendlyName, changed.voiceUrl, changed.voiceReceiveMode, changed.trunkSid],
      ["Desk", "https://example.test/voice", "fax", trunk.sid],
    );
    assert.equal((await sdk.incomingPhoneNumbers(number.sid).fetch()).capabilities.voice, true);
    assert.equal((await sdk.incomingPhoneNumbers.list({ phoneNumber: "+1555" })).length, 1);
    assert.equal(await sdk.incomingPhoneNumbers(number.sid).remove(), true);

    // An SDK knows no way to write one down: there they come of validation calls.
    const callerIds = `/2010-04-01/Accounts/${sid}/OutgoingCallerIds.json`;
    const made = await harness.request(harness.operator, "POST", callerIds, { PhoneNumber: "+442079460000" });
    const verified = sdk.outgoingCallerIds(String(made.body["sid"]));
    assert.deepEqual(
      [(await verified.fetch()).phoneNumber, (await verified.update({ friendlyName: "Desk" })).friendlyName],
      ["+442079460000", "Desk"],
    );
    assert.equal((await sdk.outgoingCallerIds.list({ phoneNumber: "+442079460000" })).length, 1);
    assert.equal((await sdk.outgoingCallerIds.list({ friendlyName: "other" })).length, 0);
    assert.equal(await verified.remove(), true);

    const v2010 = new OpenApiChecker("api_v2010.subset.json");
    const answers = harness.answers.filter((answer) => answer.path.startsWith("/2010-04-01/"));
    const driven = new Set(answers.map((answer) => v2010.check(answer)));
    assert.deepEqual([...driven].toSorted(), v2010.operationIds);

    async function storedHa1(credentialSid: string): Promise<string> {
      const rows = await harness.database.query<{ ha1_encrypted: Uint8Array }>(
        "select ha1_encrypted from credentials where sid = $1",
        [credentialSid],
      );
      return box.open(rows[0]?.ha1_encrypted ?? new Uint8Array(), purposes.ha1);
    }
  });

  test("keys: the secret is shown once and works until the key is deleted", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const created = await account.sdk.newKeys.create({ friendlyName: "CI" });
    assert.match(created.sid, /^SK[0-9a-f]{32}$/);
    assert.match(created.secret, /^[0-9a-f]{32}$/);
    assert.equal(created.friendlyName, "CI");
    const listed = await account.sdk.keys.list();
    assert.deepEqual(
      listed.map((key) => [key.sid, key.friendlyName]),
      [[created.sid, "CI"]],
    );
    assert.equal((await account.sdk.keys(created.sid).update({ friendlyName: "CD" })).friendlyName, "CD");
    const fetched = await harness.request(
      account,
      "GET",
      `/2010-04-01/Accounts/${account.sid}/Keys/${created.sid}.json`,
    );
    assert.deepEqual(Object.keys(fetched.body), ["sid", "friendly_name", "date_created", "date_updated"]);
    const key = { ...account, sid: created.sid, token: created.secret };
    assert.equal((await harness.request(key, "GET", "/v1/Trunks")).status, 200);
    assert.equal(await account.sdk.keys(created.sid).remove(), true);
    assert.equal((await harness.request(key, "GET", "/v1/Trunks")).status, 401);
    await assert.rejects(account.sdk.keys(created.sid).remove(), { status: 404 });
  });
});
