import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CliError } from "../cli-error.ts";
import { type Answer, type ControlDouble, startControlDouble } from "../testing/control-double.ts";
import { RestClient, RestFailure } from "./rest-client.ts";

async function withControl(
  answers: readonly Answer[],
  use: (client: RestClient, control: ControlDouble) => Promise<void>,
): Promise<void> {
  const control = await startControlDouble(answers);
  try {
    await use(new RestClient({ url: control.url, accountSid: "AC1", authToken: "secret:x" }), control);
  } finally {
    await control.close();
  }
}

describe("RestClient", () => {
  it("sends Basic authentication, forms in the body of a POST and in the query of a GET", async () => {
    await withControl([{ body: { sid: "TK1" } }], async (client, control) => {
      assert.deepEqual(await client.request("POST", "/v1/Trunks", [["FriendlyName", "a & b"]]), {
        sid: "TK1",
      });
      await client.request("GET", "/v1/Trunks", [["PageSize", "2"]]);
      await client.request("GET", "/v1/Trunks?Page=1", [["PageSize", "2"]]);
      await client.request("DELETE", "/v1/Trunks/TK1");
      assert.deepEqual(control.requests, [
        "POST /v1/Trunks FriendlyName=a+%26+b",
        "GET /v1/Trunks?PageSize=2",
        "GET /v1/Trunks?Page=1&PageSize=2",
        "DELETE /v1/Trunks/TK1",
      ]);
      assert.equal(control.authorizations[0], `Basic ${Buffer.from("AC1:secret:x").toString("base64")}`);
    });
  });

  it("names the account that it acts for, with its own credentials", async () => {
    const control = await startControlDouble([{}]);
    const client = new RestClient({ url: control.url, accountSid: "AC1", authToken: "t" }, "AC2");
    await client.request("GET", "/v1/Trunks");
    await control.close();
    assert.equal(client.accountSid, "AC2");
    assert.deepEqual(control.accounts, ["AC2"]);
    assert.deepEqual(control.authorizations, [`Basic ${Buffer.from("AC1:t").toString("base64")}`]);
  });

  it("an empty answer is an empty object", async () => {
    await withControl([{ status: 204, body: "" }], async (client) => {
      assert.deepEqual(await client.request("DELETE", "/v1/Trunks/TK1"), {});
    });
  });

  it("an error of the API keeps its code, message and status", async () => {
    await withControl([{ status: 404, body: { code: 20404, message: "not found" } }], async (client) => {
      await assert.rejects(client.request("GET", "/v1/Trunks/TK1"), (error) => {
        assert.ok(error instanceof RestFailure);
        assert.equal(error.code, 20404);
        assert.equal(error.httpStatus, 404);
        assert.equal(error.message, "error 20404 (HTTP 404): not found");
        return true;
      });
    });
  });

  it("an error that is none of control's still says the status", async () => {
    await withControl([{ status: 502, body: "<html>" }], async (client) => {
      await assert.rejects(client.request("GET", "/"), /HTTP 502: no error message of control/);
    });
  });

  it("refuses an answer that is no JSON object", async () => {
    await withControl([{ body: "<html>" }, { body: [] }], async (client) => {
      await assert.rejects(client.request("GET", "/"), /is this control/);
      await assert.rejects(client.request("GET", "/"), /is this control/);
    });
  });

  it("follows no redirect: the token goes nowhere else", async () => {
    await withControl([{ status: 302 }], async (client, control) => {
      await assert.rejects(client.request("GET", "/"), CliError);
      assert.equal(control.requests.length, 1);
    });
  });

  it("says why control cannot be reached", async () => {
    const control = await startControlDouble([]);
    await control.close();
    const client = new RestClient({ url: control.url, accountSid: "AC1", authToken: "x" });
    await assert.rejects(
      client.request("GET", "/"),
      /cannot reach control at http:\/\/127.0.0.1:\d+: .*ECONNREFUSED/,
    );
  });

  it("follows the pages of a v1 list by their path", async () => {
    const pages = [
      {
        body: { trunks: [{ sid: "1" }], meta: { next_page_url: "https://elsewhere.test/v1/Trunks?Page=1" } },
      },
      { body: { trunks: [{ sid: "2" }], meta: { next_page_url: null } } },
    ];
    await withControl(pages, async (client, control) => {
      assert.deepEqual(await client.listAll("/v1/Trunks", "trunks", [], 10), [{ sid: "1" }, { sid: "2" }]);
      assert.deepEqual(control.requests, ["GET /v1/Trunks?PageSize=10", "GET /v1/Trunks?Page=1"]);
    });
  });

  it("follows the pages of a 2010-04-01 list and keeps the filters", async () => {
    const pages = [
      { body: { calls: [{ sid: "1" }], next_page_uri: "/2010-04-01/Accounts/AC1/Calls.json?To=x&Page=1" } },
      { body: { calls: [], next_page_uri: null } },
    ];
    await withControl(pages, async (client, control) => {
      const path = "/2010-04-01/Accounts/AC1/Calls.json";
      assert.deepEqual(await client.listAll(path, "calls", [["To", "x"]], 5000), [{ sid: "1" }]);
      assert.deepEqual(control.requests, [`GET ${path}?To=x&PageSize=1000`, `GET ${path}?To=x&Page=1`]);
    });
  });

  it("stops at the limit", async () => {
    const page = {
      body: { trunks: [{ sid: "1" }, { sid: "2" }], meta: { next_page_url: "http://x.test/next" } },
    };
    await withControl([page], async (client, control) => {
      assert.equal((await client.listAll("/v1/Trunks", "trunks", [], 3)).length, 3);
      assert.equal(control.requests.length, 2);
    });
  });

  it("gives up on a list that never ends", async () => {
    const page = { body: { trunks: [], meta: { next_page_url: "http://x.test/next" } } };
    await withControl([page], async (client, control) => {
      await assert.rejects(client.listAll("/v1/Trunks", "trunks", [], 3), /does not end after 1000 pages/);
      assert.equal(control.requests.length, 1000);
    });
  });

  it("an answer without the list is an error", async () => {
    await withControl([{ body: {} }], async (client) => {
      await assert.rejects(client.listAll("/v1/Trunks", "trunks", [], 3), /no list trunks/);
    });
  });
});
