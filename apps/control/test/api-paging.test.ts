import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid, type Database } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { apiHarness, type Reply, type TestAccount } from "./api-harness.ts";

const total = 120;

describeOnBothEngines("pages of lists", (open) => {
  test("the SDK walks 120 trunks by list, each and page, forth and back", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const sids = await fillTrunks(harness.database, account);
    const { trunks } = account.sdk.trunking.v1;

    assert.deepEqual(
      (await trunks.list()).map((trunk) => trunk.sid),
      sids,
    );
    assert.deepEqual(
      (await trunks.list({ limit: 70 })).map((trunk) => trunk.sid),
      sids.slice(0, 70),
    );
    assert.deepEqual(
      (await trunks.list({ pageSize: 7 })).map((trunk) => trunk.sid),
      sids,
    );
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      trunks.each({ pageSize: 50, done: (error?: Error) => (error ? reject(error) : resolve()) }, (trunk) =>
        seen.push(trunk.sid),
      );
    });
    assert.deepEqual(seen, sids);

    const first = await trunks.page({ pageSize: 50 });
    assert.equal(first.previousPageUrl, undefined);
    const second = await first.nextPage();
    const third = await second?.nextPage();
    assert.deepEqual(
      third?.instances.map((trunk) => trunk.sid),
      sids.slice(100),
    );
    assert.equal(third?.nextPageUrl, undefined);
    const back = await third?.previousPage();
    assert.deepEqual(
      back?.instances.map((trunk) => trunk.sid),
      sids.slice(50, 100),
    );
    const start = await back?.previousPage();
    assert.deepEqual(
      start?.instances.map((trunk) => trunk.sid),
      sids.slice(0, 50),
    );
    assert.equal(start?.previousPageUrl, undefined);
    assert.ok(start?.nextPageUrl);
  });

  test("the SDK walks 120 numbers of 2010-04-01; the filter stays on every page", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    await fillNumbers(harness.database, account);
    const { incomingPhoneNumbers } = account.sdk;
    assert.equal((await incomingPhoneNumbers.list()).length, total);
    assert.equal((await incomingPhoneNumbers.list({ pageSize: 11 })).length, total);
    assert.equal(
      (await incomingPhoneNumbers.list({ friendlyName: "picked", pageSize: 7 })).length,
      total / 2,
    );
    const page = await incomingPhoneNumbers.page({ friendlyName: "picked", pageSize: 50 });
    const next = await page.nextPage();
    assert.equal(next?.instances.length, 10);
    assert.ok(next?.instances.every((number) => number.friendlyName === "picked"));
    const previous = await next?.previousPage();
    assert.deepEqual(
      previous?.instances.map((number) => number.sid),
      page.instances.map((number) => number.sid),
    );
  });

  test("meta of a v1 page: exact addresses", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    await fillTrunks(harness.database, account);
    const origin = "https://control.tandem.test/v1/Trunks";
    const { body } = await harness.request(account, "GET", "/v1/Trunks?PageSize=50");
    assert.deepEqual(body["meta"], {
      page: 0,
      page_size: 50,
      first_page_url: `${origin}?PageSize=50&Page=0`,
      previous_page_url: null,
      url: `${origin}?PageSize=50&Page=0`,
      next_page_url: `${origin}?PageSize=50&Page=1&PageToken=PA50`,
      key: "trunks",
    });
    const second = await harness.request(account, "GET", "/v1/Trunks?PageSize=50&Page=1&PageToken=PA50");
    assert.deepEqual(second.body["meta"], {
      page: 1,
      page_size: 50,
      first_page_url: `${origin}?PageSize=50&Page=0`,
      previous_page_url: `${origin}?PageSize=50&Page=0&PageToken=PB51`,
      url: `${origin}?PageSize=50&Page=1&PageToken=PA50`,
      next_page_url: `${origin}?PageSize=50&Page=2&PageToken=PA100`,
      key: "trunks",
    });
  });

  test("a 2010-04-01 page: exact relative addresses, start and end", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    await fillNumbers(harness.database, account);
    const path = `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers.json`;
    const { body } = await harness.request(
      account,
      "GET",
      `${path}?FriendlyName=picked&PageSize=50&Page=1&PageToken=PA99`,
    );
    const { incoming_phone_numbers: rows, ...rest } = body;
    assert.equal((rows as unknown[]).length, 10);
    assert.deepEqual(rest, {
      first_page_uri: `${path}?FriendlyName=picked&PageSize=50&Page=0`,
      next_page_uri: null,
      previous_page_uri: `${path}?FriendlyName=picked&PageSize=50&Page=0&PageToken=PB101`,
      page: 1,
      page_size: 50,
      start: 50,
      end: 59,
      uri: `${path}?FriendlyName=picked&PageSize=50&Page=1&PageToken=PA99`,
    });
    const empty = await harness.request(account, "GET", `${path}?FriendlyName=nobody`);
    assert.deepEqual([empty.body["start"], empty.body["end"], empty.body["next_page_uri"]], [0, 0, null]);
    const asked = await harness.request(account, "GET", `${path}?FriendlyName=who?&PageSize=9`);
    assert.equal(asked.body["uri"], `${path}?FriendlyName=who%3F&PageSize=9&Page=0`);
  });

  test("rows that come and go during a walk neither repeat nor hide others", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const sids = await fillTrunks(harness.database, account);
    const first = await account.sdk.trunking.v1.trunks.page({ pageSize: 50 });
    // The whole first page goes, with the row that the token names; one comes at the end.
    await harness.database.query("delete from trunks where sid = any($1)", [sids.slice(0, 50)]);
    await harness.database.query("insert into trunks (sid, account_sid) values ($1, $2)", [
      createSid("TK"),
      account.sid,
    ]);
    const second = await first.nextPage();
    assert.deepEqual(
      second?.instances.map((trunk) => trunk.sid),
      sids.slice(50, 100),
    );
    assert.equal(second?.previousPageUrl, undefined);
    assert.equal((await second?.nextPage())?.instances.length, 21);
  });

  test("an empty page at either end still shows the way back", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    await fillTrunks(harness.database, account);
    const past = await harness.request(account, "GET", `/v1/Trunks?PageSize=2&PageToken=PA${total}`);
    assert.deepEqual(past.body["trunks"], []);
    assert.match(String(metaOf(past)["previous_page_url"]), /PageToken=PB121$/);
    assert.equal(metaOf(past)["next_page_url"], null);
    const before = await harness.request(account, "GET", "/v1/Trunks?PageSize=2&PageToken=PB1");
    assert.deepEqual(before.body["trunks"], []);
    assert.equal(metaOf(before)["previous_page_url"], null);
    assert.match(String(metaOf(before)["next_page_url"]), /PageToken=PA0$/);
    const nothing = await harness.request(await harness.createAccount(), "GET", "/v1/Trunks");
    assert.deepEqual([metaOf(nothing)["previous_page_url"], metaOf(nothing)["next_page_url"]], [null, null]);
  });

  test("the last page is asked for by a token of its own, and leads back", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const sids = await fillTrunks(harness.database, account);
    const last = await harness.request(account, "GET", "/v1/Trunks?PageSize=2&PageToken=PL");
    assert.deepEqual(
      (last.body["trunks"] as { sid: string }[]).map(({ sid }) => sid),
      sids.slice(-2),
    );
    assert.match(String(metaOf(last)["previous_page_url"]), /PageToken=PB119$/);
    assert.equal(metaOf(last)["next_page_url"], null);
    const none = await harness.request(await harness.createAccount(), "GET", "/v1/Trunks?PageToken=PL");
    assert.deepEqual([none.status, metaOf(none)["previous_page_url"]], [200, null]);
  });

  const sizes: [query: string, status: number, expected: number][] = [
    ["", 200, 50],
    ["?PageSize=1", 200, 1],
    ["?PageSize=120", 200, 120],
    ["?PageSize=1000", 200, 120],
    ["?PageSize=1001", 400, 20007],
    ["?PageSize=0", 400, 20001],
    ["?PageSize=-1", 400, 20001],
    ["?PageSize=ten", 400, 20001],
    ["?PageSize=1.5", 400, 20001],
    ["?PageSize=", 400, 20001],
    ["?Page=-1", 400, 20001],
    ["?Page=3", 200, 50],
    ["?PageToken=PA0", 200, 50],
    ["?PageToken=PL", 200, 50],
    ["?PageToken=PL1", 400, 91007],
    ["?PageToken=PC1", 400, 91007],
    ["?PageToken=PA", 400, 91007],
    ["?PageToken=17", 400, 91007],
    ["?PageToken=PA1%27", 400, 91007],
    ["?PageToken=PA999999999999999", 200, 0],
    ["?PageToken=PA9999999999999999", 400, 91007],
  ];

  test("page parameters", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    await fillTrunks(harness.database, account);
    for (const [query, status, expected] of sizes) {
      const reply = await harness.request(account, "GET", `/v1/Trunks${query}`);
      assert.equal(reply.status, status, query);
      if (status === 200) assert.equal((reply.body["trunks"] as unknown[]).length, expected, query);
      else assert.equal(reply.body["code"], expected, query);
    }
  });
});

async function fillTrunks(database: Database, account: TestAccount): Promise<string[]> {
  const sids = Array.from({ length: total }, () => createSid("TK"));
  await database.query("insert into trunks (sid, account_sid) select sid, $2 from unnest($1::text[]) sid", [
    sids,
    account.sid,
  ]);
  return sids;
}

/** Sequences from 1 on; every second number, from the first on, is called picked. */
async function fillNumbers(database: Database, account: TestAccount): Promise<void> {
  const sids = Array.from({ length: total }, () => createSid("PN"));
  await database.query(
    `insert into incoming_phone_numbers (sid, account_sid, phone_number, friendly_name)
     select sid, $2, '+1555' || (1000000 + place), case when place % 2 = 1 then 'picked' else 'other' end
     from unnest($1::text[]) with ordinality as given (sid, place)`,
    [sids, account.sid],
  );
}

function metaOf(reply: Reply): Record<string, unknown> {
  return reply.body["meta"] as Record<string, unknown>;
}
