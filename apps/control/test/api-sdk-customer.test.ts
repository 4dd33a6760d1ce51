/** What a customer's program does with the unmodified SDK beside the plain way: pages, clearing values, what is missing or wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { storeEntries } from "../src/records/store-entries.ts";
import { apiHarness } from "./api-harness.ts";
import { callRecord } from "./call-record-samples.ts";
import { exchangeHarness } from "./exchange-harness.ts";
import { sdkClient } from "./sdk-client.ts";

const missing = { status: 404, code: 20404 };
const wrong = { status: 400, code: 20001 };

describeOnBothEngines("the unmodified SDK in a customer's program", (open) => {
  test("list, each and page: limits and page sizes are independent, pages lead on and back", async () => {
    const { sdk } = await (await apiHarness(await open())).createAccount();
    const { trunks } = sdk.trunking.v1;
    for (let index = 0; index < 7; index += 1) await trunks.create({ friendlyName: `t${index}` });
    const namesOf = (rows: readonly { friendlyName: string }[]): string =>
      rows.map((row) => row.friendlyName).join(" ");

    assert.equal(namesOf(await trunks.list({ limit: 3 })), "t0 t1 t2");
    assert.equal(namesOf(await trunks.list({ limit: 5, pageSize: 2 })), "t0 t1 t2 t3 t4");
    assert.equal(namesOf(await trunks.list({ pageSize: 2 })), "t0 t1 t2 t3 t4 t5 t6");
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      trunks.each({
        pageSize: 3,
        callback: (trunk, done) => {
          seen.push(trunk.friendlyName);
          if (seen.length === 5) done();
        },
        done: (error?: Error) => (error === undefined || error === null ? resolve() : reject(error)),
      });
    });
    assert.equal(seen.join(" "), "t0 t1 t2 t3 t4");

    const first = await trunks.page({ pageSize: 3 });
    const second = await first.nextPage();
    const third = await second?.nextPage();
    assert.equal(namesOf(second?.instances ?? []), "t3 t4 t5");
    assert.equal(namesOf(third?.instances ?? []), "t6");
    assert.equal(await third?.nextPage(), undefined);
    assert.equal(await first.previousPage(), undefined);
    assert.equal(namesOf((await second?.previousPage())?.instances ?? []), "t0 t1 t2");
    assert.equal(namesOf((await trunks.getPage(first.nextPageUrl ?? "")).instances), "t3 t4 t5");
    await assert.rejects(trunks.page({ pageSize: 1001 }), { status: 400, code: 20007 });
  });

  test("null and the empty text clear what a trunk may be without, false switches off", async () => {
    const { sdk } = await (await apiHarness(await open())).createAccount();
    const domainName = "office.pstn.tandem.test";
    for (const empty of ["", null as unknown as string]) {
      const { sid } = await sdk.trunking.v1.trunks.create({
        friendlyName: "Office",
        domainName,
        disasterRecoveryUrl: "https://example.test/disaster",
        cnamLookupEnabled: true,
        secure: true,
      });
      const trunk = sdk.trunking.v1.trunks(sid);
      const cleared = await trunk.update({
        friendlyName: empty,
        domainName: empty,
        disasterRecoveryUrl: empty,
        cnamLookupEnabled: false,
        secure: false,
      });
      assert.deepEqual(
        [cleared.friendlyName, cleared.domainName, cleared.disasterRecoveryUrl],
        ["", null, null],
        String(empty),
      );
      assert.deepEqual([cleared.cnamLookupEnabled, cleared.secure], [false, false]);
      const untouched = await trunk.update({});
      assert.deepEqual(untouched.toJSON(), { ...cleared.toJSON(), dateUpdated: untouched.dateUpdated });
    }
  });

  test("what is not there: 404 and 20404, whatever is done with it", async () => {
    const { sdk } = await (await apiHarness(await open())).createAccount();
    const gone = await sdk.trunking.v1.trunks.create();
    const trunk = sdk.trunking.v1.trunks(gone.sid);
    assert.equal(await trunk.remove(), true);
    const here = sdk.trunking.v1.trunks((await sdk.trunking.v1.trunks.create()).sid);
    const attempts: readonly (() => Promise<unknown>)[] = [
      () => trunk.remove(),
      () => trunk.fetch(),
      () => trunk.update({ friendlyName: "x" }),
      () => trunk.originationUrls.list(),
      () => trunk.recordings().fetch(),
      () => here.originationUrls(createSid("OU")).remove(),
      () => here.phoneNumbers.create({ phoneNumberSid: createSid("PN") }),
      () => here.ipAccessControlLists.create({ ipAccessControlListSid: createSid("AL") }),
      () => here.credentialsLists.create({ credentialListSid: createSid("CL") }),
      () => here.ipAccessControlLists(createSid("AL")).remove(),
      () => sdk.sip.ipAccessControlLists(createSid("AL")).remove(),
      () => sdk.sip.credentialLists(createSid("CL")).credentials.list(),
      () => sdk.incomingPhoneNumbers(createSid("PN")).remove(),
      () => sdk.trunking.v1.trunks("TKxyz").fetch(),
    ];
    for (const attempt of attempts) await assert.rejects(attempt(), missing, attempt.toString());
  });

  test("who is not known, and who may not: 401 and 20003", async () => {
    const harness = await apiHarness(await open());
    const { sid } = await harness.createAccount();
    const stranger = sdkClient(
      harness.application,
      { username: sid, password: "0".repeat(32), accountSid: sid },
      [],
    );
    await assert.rejects(stranger.trunking.v1.trunks.list(), { status: 401, code: 20003 });
    await assert.rejects(stranger.sip.credentialLists.list(), { status: 401, code: 20003 });
  });

  test("values that are wrong, taken or still in use: each with its code", async () => {
    const { sdk } = await (await apiHarness(await open())).createAccount();
    const { trunks } = sdk.trunking.v1;
    const one = await trunks.create({ domainName: "one.pstn.tandem.test" });
    const other = await trunks.create({ domainName: "other.pstn.tandem.test" });
    const taken = { status: 400, code: 21248 };
    await assert.rejects(trunks.create({ domainName: "ONE.pstn.tandem.test" }), taken);
    await assert.rejects(trunks(other.sid).update({ domainName: "one.pstn.tandem.test" }), taken);
    assert.equal(
      (await trunks(one.sid).update({ domainName: "one.pstn.tandem.test" })).sid,
      one.sid,
      "its own",
    );
    const url = { weight: 1, priority: 1, enabled: true, friendlyName: "SBC", sipUrl: "sip:192.0.2.1" };
    const refused: readonly (() => Promise<unknown>)[] = [
      () => trunks(one.sid).update({ disasterRecoveryUrl: "ftp://example.test" }),
      () => trunks(one.sid).update({ disasterRecoveryMethod: "PUT" as never }),
      () => trunks(one.sid).update({ transferMode: "x" as never }),
      () => trunks(one.sid).update({ secure: "maybe" as never }),
      () => trunks(one.sid).update({ friendlyName: "x".repeat(65) }),
      () =>
        trunks(one.sid)
          .recordings()
          .update({ mode: "x" as never }),
      () => trunks(one.sid).originationUrls.create({ ...url, weight: 0 }),
      () => trunks(one.sid).originationUrls.create({ ...url, weight: 65_536 }),
      () => trunks(one.sid).originationUrls.create({ ...url, priority: -1 }),
    ];
    for (const attempt of refused) await assert.rejects(attempt(), wrong, attempt.toString());

    const acl = await sdk.sip.ipAccessControlLists.create({ friendlyName: "Office" });
    const lists = trunks(one.sid).ipAccessControlLists;
    await lists.create({ ipAccessControlListSid: acl.sid });
    await assert.rejects(lists.create({ ipAccessControlListSid: acl.sid }), { status: 400, code: 21245 });
    await assert.rejects(sdk.sip.ipAccessControlLists(acl.sid).remove(), { status: 400, code: 21236 });
    await assert.rejects(sdk.sip.ipAccessControlLists.create({ friendlyName: "Office" }), {
      status: 400,
      code: 21235,
    });
    const users = await sdk.sip.credentialLists.create({ friendlyName: "Users" });
    const { credentials } = sdk.sip.credentialLists(users.sid);
    await credentials.create({ username: "alice", password: "IWasAtSignal2018" });
    await assert.rejects(credentials.create({ username: "alice", password: "IWasAtSignal2019" }), {
      status: 400,
      code: 21240,
    });
  });

  test("calls and numbers are found by the SDK's filters", async () => {
    const harness = await exchangeHarness(await open());
    const customer = await harness.createAccount();
    const day = (date: number): number => Date.UTC(2026, 0, date, 12);
    const records = [1, 2, 3].map((date) =>
      callRecord({
        accountSid: customer.sid,
        setupAtMs: day(date),
        answeredAtMs: date === 2 ? null : day(date) + 1000,
        releasedAtMs: day(date) + 5000,
        status: date === 2 ? "busy" : "completed",
        calledNumber: `+1555000000${date}`,
      }),
    );
    const entries = records.map((record, sequence) => ({ sequence, kind: "call-record" as const, record }));
    await storeEntries(harness.database, "gw-1", entries);
    const { calls } = sdkClient(
      harness.application,
      { username: customer.sid, password: customer.token, accountSid: customer.sid },
      [],
    );
    const days = async (filters: Parameters<typeof calls.list>[0]): Promise<string> =>
      (await calls.list(filters as never)).map(({ startTime }) => startTime.getUTCDate()).join(" ");
    const [second, third] = [new Date("2026-01-02T00:00:00Z"), new Date("2026-01-03T00:00:00Z")];
    assert.equal(await days({}), "1 2 3");
    assert.equal(await days({ startTimeAfter: second }), "2 3");
    assert.equal(await days({ startTimeBefore: second }), "1");
    assert.equal(await days({ startTimeAfter: second, startTimeBefore: third }), "2");
    assert.equal(await days({ endTimeAfter: third, pageSize: 1 }), "3");
    assert.equal(await days({ status: "busy" }), "2");
    assert.equal(await days({ status: "completed", limit: 1 }), "1");
    assert.equal(await days({ to: "+15550000003" }), "3");
    assert.equal(await days({ limit: 10_000 }), "1 2 3", "the SDK asks for a page of 10,000");
    await assert.rejects(calls.list({ status: "x" as never }), wrong);
    await assert.rejects(calls(createSid("CA")).fetch(), missing);
    const found = await calls(records[0]?.sid ?? "").fetch();
    assert.deepEqual(
      [found.status, found.duration, found.direction],
      ["completed", "4", "trunking-terminating"],
    );
  });
});
