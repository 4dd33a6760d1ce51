import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiFault } from "./api-fault.ts";
import { Client } from "./client.ts";
import type { NamedAccount } from "./console-login.ts";

const consoleLogin = {
  username: "AC1",
  password: "t",
  accountSid: "AC1",
  accountName: "Main",
  isOperator: false,
  isSubaccount: false,
};

function clientOf(answer: () => Response | Promise<Response>, actingFor?: NamedAccount) {
  const asked: { address: string; request: RequestInit }[] = [];
  let refusals = 0;
  const client = new Client(
    { ...consoleLogin, actingFor },
    async (address, request) => {
      asked.push({ address, request });
      return answer();
    },
    {
      refused: () => {
        refusals += 1;
      },
      actFor: () => assert.fail(),
    },
  );
  return { client, asked, refusals: () => refusals };
}

test("asks with the credentials of the login and none of the browser's", async () => {
  const { client, asked } = clientOf(() => Response.json({ sid: "TK1" }));
  assert.deepEqual(await client.get("/v1/Trunks/TK1"), { sid: "TK1" });
  const { address, request } = asked[0] ?? assert.fail();
  assert.equal(address, "/v1/Trunks/TK1");
  assert.deepEqual(request.headers, { authorization: `Basic ${btoa("AC1:t")}` });
  assert.equal(request.credentials, "omit");
  assert.equal(request.cache, "no-store");
});

test("the account stands in the path, parameters in the query or the form", async () => {
  const { client, asked } = clientOf(() => Response.json({ calls: [{ sid: "CA1" }] }));
  const page = await client.list("{account}/Calls.json", "calls", [
    ["StartTime>", "2026-01-01"],
    ["To", "+1"],
  ]);
  assert.deepEqual(page.rows, [{ sid: "CA1" }]);
  assert.equal(asked[0]?.address, "/2010-04-01/Accounts/AC1/Calls.json?StartTime%3E=2026-01-01&To=%2B1");
  await client.get("/v1/Trunks?Page=1", [["PageSize", "2"]]);
  assert.equal(asked[1]?.address, "/v1/Trunks?Page=1&PageSize=2");
  await client.post("/v1/x", [
    ["IpRoutes", "a"],
    ["IpRoutes", "b"],
  ]);
  assert.deepEqual(asked[2]?.request.body, new URLSearchParams("IpRoutes=a&IpRoutes=b"));
});

test("acting for another account: its SID in the path, or in a header field of v1", async () => {
  const { client, asked } = clientOf(() => Response.json({}), { sid: "AC2", name: "Customer" });
  await client.get("{account}/Calls.json");
  await client.get("/2010-04-01/Accounts.json");
  await client.post("/v1/Trunks", []);
  const own = { authorization: `Basic ${btoa("AC1:t")}` };
  assert.deepEqual(
    asked.map(({ address, request }) => [address, request.headers]),
    [
      ["/2010-04-01/Accounts/AC2/Calls.json", own],
      ["/2010-04-01/Accounts.json", own],
      ["/v1/Trunks", { ...own, "x-tandem-account": "AC2" }],
    ],
  );
});

test("nothing is an answer too", async () => {
  const { client } = clientOf(() => new Response(null, { status: 204 }));
  assert.deepEqual(await client.delete("/v1/Trunks/TK1"), {});
});

test("refused credentials are told, other refusals are not", async () => {
  const refused = clientOf(() => Response.json({ code: 20003, message: "No." }, { status: 401 }));
  await assert.rejects(refused.client.get("/v1/Trunks"), { status: 401, code: 20003, message: "No." });
  assert.equal(refused.refusals(), 1);
  const missing = clientOf(() => Response.json({ code: 20404, message: "Gone." }, { status: 404 }));
  await assert.rejects(missing.client.get("/v1/Trunks"), ApiFault);
  assert.equal(missing.refusals(), 0);
});

test("no answer is a fault", async () => {
  const { client } = clientOf(() => Promise.reject(new TypeError("Failed to fetch")));
  await assert.rejects(client.get("/v1/Trunks"), { status: 0, message: "Control does not answer." });
});
