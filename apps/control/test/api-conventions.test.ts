import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { type ApiHarness, apiHarness, basic, type TestAccount } from "./api-harness.ts";

const form = "application/x-www-form-urlencoded";

describeOnBothEngines("conventions of the REST interface", (open) => {
  async function withAccount(): Promise<{ harness: ApiHarness; account: TestAccount }> {
    const harness = await apiHarness(await open());
    return { harness, account: await harness.createAccount() };
  }

  /** A POST of raw bytes. */
  async function post(
    harness: ApiHarness,
    account: TestAccount,
    payload: string,
    contentType: string | undefined,
  ) {
    const response = await harness.application.inject({
      method: "POST",
      url: "/v1/Trunks",
      payload,
      headers: {
        authorization: basic(account.sid, account.token),
        ...(contentType === undefined ? {} : { "content-type": contentType }),
      },
    });
    return { status: response.statusCode, body: response.json() as Record<string, unknown> };
  }

  const bodies: [what: string, payload: string, contentType: string | undefined, expected: number][] = [
    ["nothing at all", "", undefined, 201],
    ["an empty form", "", form, 201],
    ["a form", "FriendlyName=a", form, 201],
    ["a form with a charset", "FriendlyName=a", `${form}; charset=UTF-8`, 201],
    ["an unknown parameter", "Nonsense=1&friendlyname=2&__proto__=3", form, 201],
    ["escapes", "FriendlyName=%C3%A9%20+%26", form, 201],
    ["a repeated parameter", "FriendlyName=a&FriendlyName=b", form, 20001],
    ["a NUL", "FriendlyName=a%00b", form, 20001],
    ["a NUL in an unknown parameter", "Nonsense=%00", form, 201],
    ["a number too long for a number", `ConcurrentCalls=${"9".repeat(400)}`, form, 20001],
    ["plain text", "FriendlyName=a", "text/plain", 91003],
    ["XML", "<x/>", "application/xml", 91003],
    ["broken JSON", "{", "application/json", 91004],
    ["JSON with the parameters", '{"FriendlyName":"a","DomainName":null}', "application/json", 201],
    ["JSON that is a list", "[1]", "application/json", 91004],
    ["JSON that is a text", '"FriendlyName"', "application/json", 91004],
    ["JSON of the wrong kind", '{"FriendlyName":1}', "application/json", 20001],
    ["JSON that poisons prototypes", '{"__proto__":{"FriendlyName":"x"}}', "application/json", 91004],
    ["the largest body", `Nonsense=${"x".repeat(65_536 - 9)}`, form, 201],
    ["one byte more", `Nonsense=${"x".repeat(65_536 - 8)}`, form, 91002],
  ];

  test("bodies", async () => {
    const { harness, account } = await withAccount();
    for (const [what, payload, contentType, expected] of bodies) {
      const { status, body } = await post(harness, account, payload, contentType);
      assert.equal(body["code"] ?? status, expected, `${what}: ${JSON.stringify(body)}`);
      if (what === "a repeated parameter")
        assert.match(String(body["message"]), / FriendlyName was given 2 times\.$/);
      if (what === "escapes") assert.equal(body["friendly_name"], "é  &");
      if (what === "an unknown parameter") assert.equal(body["friendly_name"], "");
    }
  });

  test("the error envelope: four members, exact", async () => {
    const { harness, account } = await withAccount();
    const sid = `TK${"0".repeat(32)}`;
    const missing = await harness.request(account, "GET", `/v1/Trunks/${sid}`);
    assert.equal(missing.headers["content-type"], "application/json; charset=utf-8");
    assert.deepEqual(missing.body, {
      code: 20404,
      message: "The resource was not found.",
      more_info: "https://control.tandem.test/errors/20404",
      status: 404,
    });
    const wrong = await harness.request(account, "POST", "/v1/Trunks", { FriendlyName: "x".repeat(65) });
    assert.deepEqual(wrong.body, {
      code: 20001,
      message:
        "A parameter is missing, unknown or has a value that is not allowed. FriendlyName must not have more than 64 characters.",
      more_info: "https://control.tandem.test/errors/20001",
      status: 400,
    });
    await assert.rejects(account.sdk.trunking.v1.trunks(sid).fetch(), {
      name: "Error",
      status: 404,
      code: 20404,
      moreInfo: "https://control.tandem.test/errors/20404",
      message: "The resource was not found.",
    });
  });

  const requests: [method: string, path: string, status: number, code: number][] = [
    ["GET", "/", 404, 20404],
    ["GET", "/v1", 404, 20404],
    ["GET", "/v1/Nothing", 404, 20404],
    ["GET", "/v1/trunks", 404, 20404],
    ["GET", "/2010-04-01/Accounts", 404, 20404],
    ["GET", "/v1/Trunks/TK1", 404, 20404],
    ["GET", `/v1/Trunks/TK${"0".repeat(32)}%00`, 404, 20404],
    ["GET", `/v1/Trunks/${"x".repeat(300)}`, 404, 20404],
    ["GET", `/v1/Trunks/OU${"0".repeat(32)}`, 404, 20404],
    ["GET", "/v1/%zz", 404, 20404],
    ["PUT", "/v1/Trunks", 405, 20004],
    ["PATCH", "/v1/Trunks", 405, 20004],
    ["DELETE", "/v1/Trunks", 405, 20004],
    ["PUT", `/v1/Trunks/TK${"0".repeat(32)}`, 405, 20004],
    ["POST", "/openapi.json", 405, 20004],
  ];

  test("paths and methods that are not served", async () => {
    const { harness, account } = await withAccount();
    for (const [method, path, status, code] of requests) {
      const reply = await harness.request(account, method, path);
      assert.deepEqual(
        [reply.status, reply.body["code"], reply.body["status"]],
        [status, code, status],
        `${method} ${path}`,
      );
    }
    const refused = await harness.request(account, "PUT", "/v1/Trunks", { FriendlyName: "x" });
    assert.deepEqual(String(refused.headers["allow"]).split(", ").toSorted(), ["GET", "HEAD", "POST"]);
    const update = await harness.request(
      account,
      "PUT",
      `/v1/Trunks/${(await account.sdk.trunking.v1.trunks.create()).sid}`,
    );
    assert.deepEqual(String(update.headers["allow"]).split(", ").toSorted(), [
      "DELETE",
      "GET",
      "HEAD",
      "POST",
    ]);
  });

  test("a fault is logged and not told; a lost database is 503", async () => {
    const database = await open();
    const harness = await apiHarness(database);
    const account = await harness.createAccount();
    await database.query("alter table trunks rename column friendly_name to hidden_name");
    const reply = await harness.request(account, "POST", "/v1/Trunks", { FriendlyName: "x" });
    assert.deepEqual(
      [reply.status, reply.body["code"], reply.body["message"]],
      [500, 20500, "A fault in control. Its log of that time has the details."],
    );
    assert.equal(harness.logged.length, 1);
    assert.equal(harness.logged[0]?.["event"], "api-request-failed");
    assert.match(String(harness.logged[0]?.["error"]), /friendly_name/);
    await database.query("alter table trunks rename column hidden_name to friendly_name");
    await database.close();
    const lost = await harness.request(account, "GET", "/v1/Trunks");
    assert.deepEqual([lost.status, lost.body["code"], lost.headers["retry-after"]], [503, 20503, "5"]);
    const [, logged] = harness.logged;
    assert.deepEqual(
      [harness.logged.length, logged?.["event"], logged?.["route"], logged?.["error"]],
      [2, "database-unavailable", "/v1/Trunks", "the database is closed"],
    );
  });

  test("every write makes one new snapshot version and announces it; refused ones and reads make none", async () => {
    const { harness, account } = await withAccount();
    const accounts = `/2010-04-01/Accounts/${account.sid}`;
    const child = await harness.createAccount(account);
    let sids: Record<string, string> = {};
    const at = (path: string) => path.replace(/\{(\w+)\}/g, (_all, name: string) => sids[name] ?? "");
    const steps: [method: string, path: string, form: Record<string, string> | undefined, name?: string][] = [
      ["POST", "/v1/Trunks", {}, "TK"],
      ["POST", "/v1/Trunks/{TK}", { FriendlyName: "x" }],
      [
        "POST",
        "/v1/Trunks/{TK}/OriginationUrls",
        { Weight: "1", Priority: "1", Enabled: "true", FriendlyName: "u", SipUrl: "sip:192.0.2.1" },
        "OU",
      ],
      ["POST", "/v1/Trunks/{TK}/OriginationUrls/{OU}", { Weight: "2" }],
      ["POST", `${accounts}/SIP/IpAccessControlLists.json`, { FriendlyName: "a" }, "AL"],
      ["POST", `${accounts}/SIP/IpAccessControlLists/{AL}.json`, { FriendlyName: "b" }],
      [
        "POST",
        `${accounts}/SIP/IpAccessControlLists/{AL}/IpAddresses.json`,
        { FriendlyName: "a", IpAddress: "192.0.2.1" },
        "IP",
      ],
      ["POST", `${accounts}/SIP/IpAccessControlLists/{AL}/IpAddresses/{IP}.json`, { FriendlyName: "b" }],
      ["POST", `${accounts}/SIP/CredentialLists.json`, { FriendlyName: "a" }, "CL"],
      ["POST", `${accounts}/SIP/CredentialLists/{CL}.json`, { FriendlyName: "b" }],
      [
        "POST",
        `${accounts}/SIP/CredentialLists/{CL}/Credentials.json`,
        { Username: "a", Password: "IWasAtSignal2018" },
        "CR",
      ],
      [
        "POST",
        `${accounts}/SIP/CredentialLists/{CL}/Credentials/{CR}.json`,
        { Password: "IWasAtSignal2019" },
      ],
      ["POST", "/v1/Trunks/{TK}/IpAccessControlLists", { IpAccessControlListSid: "{AL}" }],
      ["POST", "/v1/Trunks/{TK}/CredentialLists", { CredentialListSid: "{CL}" }],
      ["POST", "/v1/Trunks/{TK}/Recording", { Mode: "record-from-answer" }],
      ["POST", `${accounts}/IncomingPhoneNumbers.json`, { PhoneNumber: "+15551234567" }, "PN"],
      ["POST", `${accounts}/IncomingPhoneNumbers/{PN}.json`, { FriendlyName: "x" }],
      ["POST", "/v1/Trunks/{TK}/PhoneNumbers", { PhoneNumberSid: "{PN}" }],
      ["DELETE", "/v1/Trunks/{TK}/PhoneNumbers/{PN}", undefined],
      ["DELETE", `${accounts}/IncomingPhoneNumbers/{PN}.json`, undefined],
      ["DELETE", "/v1/Trunks/{TK}/IpAccessControlLists/{AL}", undefined],
      ["DELETE", "/v1/Trunks/{TK}/CredentialLists/{CL}", undefined],
      ["DELETE", `${accounts}/SIP/CredentialLists/{CL}/Credentials/{CR}.json`, undefined],
      ["DELETE", `${accounts}/SIP/CredentialLists/{CL}.json`, undefined],
      ["DELETE", `${accounts}/SIP/IpAccessControlLists/{AL}/IpAddresses/{IP}.json`, undefined],
      ["DELETE", `${accounts}/SIP/IpAccessControlLists/{AL}.json`, undefined],
      ["DELETE", "/v1/Trunks/{TK}/OriginationUrls/{OU}", undefined],
      ["DELETE", "/v1/Trunks/{TK}", undefined],
      ["POST", "/2010-04-01/Accounts.json", { FriendlyName: "sub" }],
      ["POST", `/2010-04-01/Accounts/${child.sid}.json`, { Status: "suspended" }],
    ];
    for (const [method, path, parameters, name] of steps) {
      const before = await harness.snapshotVersion();
      const given =
        parameters && Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, at(value)]));
      const caller = path.endsWith("IncomingPhoneNumbers.json") ? harness.operator : account;
      const reply = await harness.request(caller, method, at(path), given);
      assert.ok(reply.status < 300, `${method} ${path}: ${JSON.stringify(reply.body)}`);
      assert.equal(await harness.snapshotVersion(), before + 1, `${method} ${path}`);
      assert.equal(harness.announced.at(-1), before + 1, `${method} ${path}`);
      if (name !== undefined) sids = { ...sids, [name]: String(reply.body["sid"]) };
      // The same once more finds nothing or is refused: a DELETE of what is gone.
      if (method !== "DELETE") continue;
      assert.equal((await harness.request(caller, method, at(path))).status, 404);
      assert.equal(await harness.snapshotVersion(), before + 1);
    }
    const before = await harness.snapshotVersion();
    await harness.request(account, "GET", "/v1/Trunks");
    await harness.request(account, "POST", "/v1/Trunks", { DomainName: "wrong" });
    await harness.request(account, "POST", `${accounts}/Keys.json`, {});
    assert.equal(await harness.snapshotVersion(), before);
    assert.equal(harness.announced.length, steps.length);
  });

  test("the pages that more_info points to need no credentials", async () => {
    const { harness } = await withAccount();
    assert.deepEqual((await harness.request(undefined, "GET", "/errors/21244")).body, {
      code: 21244,
      name: "too-many-trunks",
      text: "The account has as many trunks as it may have (100).",
      blame: null,
      level: null,
      retryable: null,
      sip_status: null,
      reason_phrase: null,
      q850_cause: null,
    });
    const { text, ...reason } = (await harness.request(undefined, "GET", "/errors/32202")).body;
    assert.match(String(text), /password is wrong/);
    assert.deepEqual(reason, {
      code: 32202,
      name: "wrong-credentials",
      blame: "customer",
      level: "error",
      retryable: false,
      sip_status: 403,
      reason_phrase: "Invalid credentials",
      q850_cause: 21,
    });
    for (const code of ["1", "0", "-1", "abc", "21244.json"]) {
      assert.equal((await harness.request(undefined, "GET", `/errors/${code}`)).status, 404, code);
    }
  });

  test("/openapi.json names the 24 operations with their paths and at least their parameters", async () => {
    const { harness } = await withAccount();
    const ours = (await harness.request(undefined, "GET", "/openapi.json")).body as unknown as Document;
    const theirs = JSON.parse(
      readFileSync(new URL("openapi/trunking_v1.json", import.meta.url), "utf8"),
    ) as Document;
    assert.equal((ours as unknown as { openapi: string }).openapi, "3.1.0");
    let operations = 0;
    for (const [path, methods] of Object.entries(theirs.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.operationId === undefined) continue;
        operations += 1;
        const own = ours.paths[path]?.[method];
        assert.equal(own?.operationId, operation.operationId, `${method} ${path}`);
        for (const name of parametersOf(operation))
          assert.ok(parametersOf(own).includes(name), `${method} ${path} ${name}`);
      }
    }
    assert.equal(operations, 24);
  });

  test("over a real socket: a form in, JSON out, HEAD and keep-alive", async () => {
    const { harness, account } = await withAccount();
    const origin = await harness.application.listen({ host: "127.0.0.1", port: 0 });
    try {
      const headers = { authorization: basic(account.sid, account.token) };
      const created = await fetch(`${origin}/v1/Trunks`, {
        method: "POST",
        headers,
        body: new URLSearchParams({ FriendlyName: "wire" }),
      });
      assert.equal(created.status, 201);
      assert.match(created.headers.get("content-type") ?? "", /^application\/json/);
      const { sid } = (await created.json()) as { sid: string };
      const head = await fetch(`${origin}/v1/Trunks/${sid}`, { method: "HEAD", headers });
      assert.deepEqual([head.status, await head.text()], [200, ""]);
      const deleted = await fetch(`${origin}/v1/Trunks/${sid}`, { method: "DELETE", headers });
      assert.deepEqual([deleted.status, await deleted.text()], [204, ""]);
    } finally {
      await harness.application.close();
    }
  });
});

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties?: object } }>>;
  };
}

function parametersOf(operation: Operation | undefined): string[] {
  const properties =
    operation?.requestBody?.content["application/x-www-form-urlencoded"]?.schema.properties ?? {};
  return [...(operation?.parameters ?? []).map((parameter) => parameter.name), ...Object.keys(properties)];
}
