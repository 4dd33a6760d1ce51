import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { apiHarness } from "./api-harness.ts";

const good = { Weight: "1", Priority: "0", Enabled: "true", FriendlyName: "u", SipUrl: "sip:192.0.2.1" };
const tnx = `TX${"0".repeat(32)}`;

const values: [form: Record<string, string>, expected: number][] = [
  [{}, 201],
  [{ Weight: "0" }, 20001],
  [{ Weight: "65535" }, 201],
  [{ Weight: "65536" }, 20001],
  [{ Weight: "1.5" }, 20001],
  [{ Weight: "" }, 20001],
  [{ Priority: "-1" }, 20001],
  [{ Priority: "65535" }, 201],
  [{ Priority: "65536" }, 20001],
  [{ Enabled: "false" }, 201],
  [{ Enabled: "maybe" }, 20001],
  [{ FriendlyName: "x".repeat(64) }, 201],
  [{ FriendlyName: "x".repeat(65) }, 20001],
  [{ SipUrl: "SIP:mysbc.example.com" }, 201],
  [{ SipUrl: "sip://192.0.2.1:5080" }, 201],
  [{ SipUrl: "sip:user@192.0.2.1;transport=tls?X-Line=1" }, 201],
  [{ SipUrl: `sip:172.56.42.132;tnx=${tnx}` }, 201],
  [{ SipUrl: "sip:172.56.42.132;edge=ashburn-ix" }, 201],
  [{ SipUrl: "sip:172.56.42.132;edge=us1-ix" }, 201],
  [{ SipUrl: "sip:172.56.42.132;edge=ASHBURN-ix" }, 201],
  [{ SipUrl: "sip:172.56.42.132;edge=atlantis-ix" }, 91115],
  [{ SipUrl: "sip:172.56.42.132;tnx=TX1" }, 91103],
  [{ SipUrl: "sips:192.0.2.1" }, 91103],
  [{ SipUrl: "tel:+15551234567" }, 91103],
  [{ SipUrl: "https://192.0.2.1" }, 91103],
  [{ SipUrl: "192.0.2.1" }, 91103],
  [{ SipUrl: "" }, 91103],
  [{ SipUrl: "sip:" }, 91103],
  [{ SipUrl: "sip:192.0.2.1:99999" }, 91103],
  [{ SipUrl: "sip:192.0.2.1;transport=sctp" }, 91103],
  [{ SipUrl: "sip:192.0.2.1\r\nX: y" }, 91103],
  [{ SipUrl: "sip:192.0.2.1?Subject=hello" }, 91103],
  [{ SipUrl: `sip:192.0.2.1;x=${"y".repeat(2048 - 16)}` }, 201],
  [{ SipUrl: `sip:192.0.2.1;x=${"y".repeat(2048 - 15)}` }, 91103],
];

describeOnBothEngines("origination URLs", (open) => {
  test("values, on create and on update", async () => {
    const harness = await apiHarness(await open(), { limits: { originationUrlsPerTrunk: 1000 } });
    await harness.database.query(
      "insert into edges (name, legacy_id, region, kind) values ('ashburn-ix', 'us1-ix', 'us1', 'private')",
    );
    const account = await harness.createAccount();
    const trunk = await account.sdk.trunking.v1.trunks.create();
    const path = `/v1/Trunks/${trunk.sid}/OriginationUrls`;
    const old = await harness.request(account, "POST", path, good);
    const oldPath = `${path}/${String(old.body["sid"])}`;
    for (const [change, expected] of values) {
      const created = await harness.request(account, "POST", path, { ...good, ...change });
      assert.equal(created.body["code"] ?? created.status, expected, JSON.stringify(change));
      const updated = await harness.request(account, "POST", oldPath, change);
      assert.equal(
        updated.body["code"] ?? updated.status,
        expected === 201 ? 200 : expected,
        JSON.stringify(change),
      );
      if (expected === 201 && change["SipUrl"] !== undefined)
        assert.equal(updated.body["sip_url"], change["SipUrl"]);
      else if (expected !== 201) assert.equal(created.status, 400);
    }
  });

  test("all five parameters are required", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const trunk = await account.sdk.trunking.v1.trunks.create();
    for (const name of Object.keys(good)) {
      const form = Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
      const reply = await harness.request(account, "POST", `/v1/Trunks/${trunk.sid}/OriginationUrls`, form);
      assert.deepEqual([reply.status, reply.body["code"]], [400, 20001], name);
      assert.ok(String(reply.body["message"]).includes(name), String(reply.body["message"]));
    }
  });

  test("a URL is found under its own trunk only", async () => {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const [first, second] = [
      await account.sdk.trunking.v1.trunks.create(),
      await account.sdk.trunking.v1.trunks.create(),
    ];
    const url = await harness.request(account, "POST", `/v1/Trunks/${first.sid}/OriginationUrls`, good);
    const elsewhere = `/v1/Trunks/${second.sid}/OriginationUrls/${String(url.body["sid"])}`;
    for (const method of ["GET", "POST", "DELETE"]) {
      assert.equal(
        (await harness.request(account, method, elsewhere, method === "POST" ? { Weight: "2" } : undefined))
          .status,
        404,
        method,
      );
    }
  });
});
