import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { apiHarness } from "./api-harness.ts";

const requestRates = { perSecond: 2, burst: 3, maximumTrackedCallers: 100 };

describeOnBothEngines("rates of the REST interface", (open) => {
  test("the last request of a key's burst is answered, the next is 429 with 20429 and Retry-After", async () => {
    const harness = await apiHarness(await open(), { requestRates });
    const account = await harness.createAccount();
    const key = await harness.createKey(account);
    const ask = (caller: typeof account) => harness.request(caller, "GET", "/v1/Trunks");
    for (let count = 1; count <= 3; count++) assert.equal((await ask(key)).status, 200, `request ${count}`);
    const refused = await ask(key);
    assert.deepEqual(
      [refused.status, refused.body["code"], refused.headers["retry-after"]],
      [429, 20429, "1"],
    );
    assert.equal((await ask(account)).status, 200, "the account's own token has a bucket of its own");
    assert.equal((await ask(await harness.createKey(account))).status, 200, "so has another key");
    harness.clock.advance(499);
    assert.equal((await ask(key)).status, 429);
    harness.clock.advance(1);
    assert.equal((await ask(key)).status, 200);
    assert.equal((await ask(key)).status, 429);
  });

  test("a refused write has changed nothing", async () => {
    const harness = await apiHarness(await open(), { requestRates });
    const account = await harness.createAccount();
    for (let count = 1; count <= 4; count++) await harness.request(account, "POST", "/v1/Trunks", {});
    const trunks = await harness.database.query("select from trunks");
    const events = await harness.database.query("select from audit_events");
    assert.deepEqual([trunks.length, events.length], [3, 3]);
  });

  test("guesses at the same time learn no more than guesses one by one", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const guesses = Array.from({ length: 30 }, (_, place) =>
      place === 29 ? account.token : `wrong-${place}`,
    );
    const replies = await Promise.all(
      guesses.map((token) => harness.request({ ...account, token }, "GET", "/v1/Trunks")),
    );
    const statuses = replies.map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 401).length, 10);
    assert.equal(statuses.filter((status) => status === 429).length, 20, "the right one among them");
  });
});
