import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { apiHarness } from "./api-harness.ts";
import { OpenApiChecker } from "./openapi-checker.ts";

describeOnBothEngines("the unmodified SDK", (open) => {
  test("drives all 24 operations of Trunking v1, and each answer fits its public schema", async () => {
    const harness = await apiHarness(await open());
    const { sdk } = await harness.createAccount();
    const { trunks } = sdk.trunking.v1;

    const created = await trunks.create({
      friendlyName: "Head office",
      domainName: "Head-Office.pstn.tandem.test",
      disasterRecoveryUrl: "https://example.test/disaster",
      disasterRecoveryMethod: "GET",
      transferMode: "sip-only",
      transferCallerId: "from-transferor",
      secure: true,
      cnamLookupEnabled: true,
    });
    assert.match(created.sid, /^TK[0-9a-f]{32}$/);
    assert.equal(created.domainName, "head-office.pstn.tandem.test");
    assert.equal(created.friendlyName, "Head office");
    assert.equal(created.disasterRecoveryUrl, "https://example.test/disaster");
    assert.equal(created.disasterRecoveryMethod, "GET");
    assert.equal(created.transferMode, "sip-only");
    assert.equal(created.transferCallerId, "from-transferor");
    assert.equal(created.secure, true);
    assert.equal(created.cnamLookupEnabled, true);
    assert.equal(created.symmetricRtpEnabled, false);
    assert.equal(created.authType, "");
    assert.deepEqual(created.authTypeSet, []);
    assert.ok(Math.abs(created.dateCreated.getTime() - Date.now()) < 600_000);
    const trunk = trunks(created.sid);
    assert.equal((await trunk.fetch()).url, `https://control.tandem.test/v1/Trunks/${created.sid}`);
    const updated = await trunk.update({ secure: false, friendlyName: "Branch" });
    assert.equal(updated.secure, false);
    assert.equal(updated.friendlyName, "Branch");
    assert.equal(updated.transferMode, "sip-only");
    assert.deepEqual(
      (await trunks.list()).map((one) => one.sid),
      [created.sid],
    );

    const url = await trunk.originationUrls.create({
      weight: 10,
      priority: 20,
      enabled: true,
      friendlyName: "SBC",
      sipUrl: "sip:192.0.2.1:5060",
    });
    assert.deepEqual(
      [url.weight, url.priority, url.enabled, url.friendlyName, url.sipUrl, url.trunkSid],
      [10, 20, true, "SBC", "sip:192.0.2.1:5060", created.sid],
    );
    const changed = await trunk
      .originationUrls(url.sid)
      .update({ enabled: false, weight: 11, priority: 0, sipUrl: "sip:192.0.2.2", friendlyName: "B" });
    assert.deepEqual(
      [changed.weight, changed.priority, changed.enabled, changed.friendlyName, changed.sipUrl],
      [11, 0, false, "B", "sip:192.0.2.2"],
    );
    assert.equal((await trunk.originationUrls(url.sid).fetch()).enabled, false);
    assert.equal((await trunk.originationUrls.list()).length, 1);

    const acl = await sdk.sip.ipAccessControlLists.create({ friendlyName: "Office" });
    const credentialList = await sdk.sip.credentialLists.create({ friendlyName: "Users" });
    const attachedAcl = await trunk.ipAccessControlLists.create({ ipAccessControlListSid: acl.sid });
    assert.deepEqual(
      [attachedAcl.sid, attachedAcl.friendlyName, attachedAcl.trunkSid],
      [acl.sid, "Office", created.sid],
    );
    assert.equal((await trunk.fetch()).authType, "IP_ACL");
    const attachedList = await trunk.credentialsLists.create({ credentialListSid: credentialList.sid });
    assert.deepEqual([attachedList.sid, attachedList.friendlyName], [credentialList.sid, "Users"]);
    const both = await trunk.fetch();
    assert.equal(both.authType, "IP_ACL,CREDENTIAL_LIST");
    assert.deepEqual(both.authTypeSet, ["IP_ACL", "CREDENTIAL_LIST"]);
    assert.equal((await trunk.ipAccessControlLists(acl.sid).fetch()).friendlyName, "Office");
    assert.equal((await trunk.credentialsLists(credentialList.sid).fetch()).friendlyName, "Users");
    assert.equal((await trunk.ipAccessControlLists.list()).length, 1);
    assert.equal((await trunk.credentialsLists.list()).length, 1);

    const number = createSid("PN");
    await harness.database.query(
      "insert into incoming_phone_numbers (sid, account_sid, phone_number, friendly_name) values ($1, $2, '+15551234567', 'Desk')",
      [number, created.accountSid],
    );
    const assigned = await trunk.phoneNumbers.create({ phoneNumberSid: number });
    assert.deepEqual(
      [assigned.sid, assigned.phoneNumber, assigned.trunkSid],
      [number, "+15551234567", created.sid],
    );
    assert.equal((await trunk.phoneNumbers(number).fetch()).friendlyName, "Desk");
    assert.equal((await trunk.phoneNumbers.list()).length, 1);

    assert.equal((await trunk.recordings().fetch()).mode, "do-not-record");
    const recording = await trunk
      .recordings()
      .update({ mode: "record-from-ringing-dual", trim: "trim-silence" });
    assert.deepEqual([recording.mode, recording.trim], ["record-from-ringing-dual", "trim-silence"]);
    assert.deepEqual((await trunk.fetch()).recording, {
      mode: "record-from-ringing-dual",
      trim: "trim-silence",
    });

    assert.equal(await trunk.phoneNumbers(number).remove(), true);
    assert.equal(await trunk.credentialsLists(credentialList.sid).remove(), true);
    assert.equal(await trunk.ipAccessControlLists(acl.sid).remove(), true);
    assert.equal(await trunk.originationUrls(url.sid).remove(), true);
    assert.equal((await trunk.phoneNumbers.list()).length, 0);
    assert.equal((await trunk.credentialsLists.list()).length, 0);
    assert.equal((await trunk.ipAccessControlLists.list()).length, 0);
    assert.equal((await trunk.originationUrls.list()).length, 0);
    assert.equal(await trunk.remove(), true);
    await assert.rejects(trunk.fetch(), { status: 404, code: 20404 });

    const v1 = new OpenApiChecker("trunking_v1.json");
    const answers = harness.answers.filter((answer) => answer.path.startsWith("/v1/") && answer.status < 400);
    const driven = new Set(answers.map((answer) => v1.check(answer)));
    assert.equal(v1.operationIds.length, 24);
    assert.deepEqual([...driven].toSorted(), v1.operationIds);
  });
});
