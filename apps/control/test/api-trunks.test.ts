import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { type ApiHarness, apiHarness, type FormFields, type TestAccount } from "./api-harness.ts";

const base = "pstn.tandem.test";

describeOnBothEngines("trunks", (open) => {
  async function withAccount(): Promise<{ harness: ApiHarness; account: TestAccount }> {
    const harness = await apiHarness(await open());
    return { harness, account: await harness.createAccount() };
  }

  test("a trunk without parameters has the reference's and Tandem's defaults", async () => {
    const { harness, account } = await withAccount();
    const { body } = await harness.request(account, "POST", "/v1/Trunks", {});
    const { sid, date_created, date_updated, url, links, ...rest } = body;
    assert.deepEqual(rest, {
      account_sid: account.sid,
      friendly_name: "",
      domain_name: null,
      disaster_recovery_url: null,
      disaster_recovery_method: "POST",
      secure: false,
      cnam_lookup_enabled: false,
      symmetric_rtp_enabled: false,
      recording: { mode: "do-not-record", trim: "do-not-trim" },
      transfer_mode: "disable-all",
      transfer_caller_id: "from-transferee",
      auth_type: "",
      auth_type_set: [],
      tandem: {
        source_policy: "address",
        calls_per_second: null,
        concurrent_calls: null,
        first_response_seconds: 4,
        progress_seconds: 20,
        ring_seconds: 180,
        failover_overrides: {},
        maximum_duration_seconds: 14400,
        media_dscp: 46,
        tls_peer_authorities: null,
        tls_peer_names: [],
        codecs: [],
        termination_header_policy_sid: null,
        origination_header_policy_sid: null,
        caller_id_policy: "any",
      },
    });
    assert.equal(date_created, date_updated);
    assert.equal(url, `https://control.tandem.test/v1/Trunks/${String(sid)}`);
    assert.deepEqual(links, {
      origination_urls: `${String(url)}/OriginationUrls`,
      credential_lists: `${String(url)}/CredentialLists`,
      ip_access_control_lists: `${String(url)}/IpAccessControlLists`,
      phone_numbers: `${String(url)}/PhoneNumbers`,
      recordings: `${String(url)}/Recording`,
    });
  });

  test("Tandem's own parameters are written on create and update, and the empty text removes", async () => {
    const { harness, account } = await withAccount();
    const form = {
      SymmetricRtpEnabled: "true",
      CallsPerSecond: "2.5",
      ConcurrentCalls: "30",
      FirstResponseSeconds: "1",
      ProgressSeconds: "1.5",
      RingSeconds: "600",
      FailoverOverrides: '{"503":"stop","404":"next"}',
      MaximumDurationSeconds: "86400",
      MediaDscp: "0",
      Codecs: "opus,pcma",
      CallerIdPolicy: "account",
    };
    const expected = {
      source_policy: "symmetric",
      calls_per_second: 2.5,
      concurrent_calls: 30,
      first_response_seconds: 1,
      progress_seconds: 1.5,
      ring_seconds: 600,
      failover_overrides: { "404": "next", "503": "stop" },
      maximum_duration_seconds: 86400,
      media_dscp: 0,
      tls_peer_authorities: null,
      tls_peer_names: [],
      codecs: ["opus", "PCMA"],
      termination_header_policy_sid: null,
      origination_header_policy_sid: null,
      caller_id_policy: "account",
    };
    const created = await harness.request(account, "POST", "/v1/Trunks", form);
    assert.deepEqual(created.body["tandem"], expected);
    assert.equal(created.body["symmetric_rtp_enabled"], true);
    const plain = await harness.request(account, "POST", "/v1/Trunks", {});
    const path = `/v1/Trunks/${String(plain.body["sid"])}`;
    assert.deepEqual((await harness.request(account, "POST", path, form)).body["tandem"], expected);
    const cleared = await harness.request(account, "POST", path, {
      CallsPerSecond: "",
      ConcurrentCalls: "",
      FailoverOverrides: "",
      DomainName: "",
      DisasterRecoveryUrl: "",
    });
    assert.deepEqual(cleared.body["tandem"], {
      ...expected,
      calls_per_second: null,
      concurrent_calls: null,
      failover_overrides: {},
    });
  });

  test("SymmetricRtpEnabled and SourcePolicy", async () => {
    const { harness, account } = await withAccount();
    const { body } = await harness.request(account, "POST", "/v1/Trunks", {});
    const path = `/v1/Trunks/${String(body["sid"])}`;
    const steps: [form: FormFields, status: number, policy: string][] = [
      [{ SourcePolicy: "strict" }, 200, "strict"],
      [{ SymmetricRtpEnabled: "false" }, 200, "strict"],
      [{ SymmetricRtpEnabled: "true" }, 200, "symmetric"],
      [{ SymmetricRtpEnabled: "false" }, 200, "address"],
      [{ SymmetricRtpEnabled: "true", SourcePolicy: "symmetric" }, 200, "symmetric"],
      [{ SymmetricRtpEnabled: "true", SourcePolicy: "strict" }, 422, "symmetric"],
      [{ SymmetricRtpEnabled: "false", SourcePolicy: "symmetric" }, 422, "symmetric"],
      [{ SymmetricRtpEnabled: "false", SourcePolicy: "strict" }, 200, "strict"],
      [{ FriendlyName: "other" }, 200, "strict"],
    ];
    for (const [form, status, policy] of steps) {
      assert.equal((await harness.request(account, "POST", path, form)).status, status, JSON.stringify(form));
      const trunk = (await harness.request(account, "GET", path)).body;
      assert.equal(
        (trunk["tandem"] as { source_policy: string }).source_policy,
        policy,
        JSON.stringify(form),
      );
      assert.equal(trunk["symmetric_rtp_enabled"], policy === "symmetric");
    }
  });

  const values: [form: FormFields, status: number][] = [
    [{ FriendlyName: "x".repeat(64) }, 201],
    [{ FriendlyName: "x".repeat(65) }, 400],
    [{ FriendlyName: "" }, 201],
    [{ Secure: "TRUE" }, 201],
    [{ Secure: "yes" }, 400],
    [{ Secure: "" }, 400],
    [{ CnamLookupEnabled: "1" }, 400],
    [{ TransferMode: "enable-all" }, 201],
    [{ TransferMode: "enable" }, 400],
    [{ TransferCallerId: "from-nobody" }, 400],
    [{ DisasterRecoveryMethod: "PUT" }, 400],
    [{ DisasterRecoveryUrl: "https://example.test/x?y=z" }, 201],
    [{ DisasterRecoveryUrl: "ftp://example.test" }, 400],
    [{ DisasterRecoveryUrl: "https://" }, 400],
    [{ DisasterRecoveryUrl: "https://example.test/a b" }, 400],
    [{ DisasterRecoveryUrl: `https://e/${"x".repeat(2038)}` }, 201],
    [{ DisasterRecoveryUrl: `https://e/${"x".repeat(2039)}` }, 400],
    [{ CallsPerSecond: "0" }, 400],
    [{ CallsPerSecond: "0.1" }, 201],
    [{ CallsPerSecond: "100000" }, 201],
    [{ CallsPerSecond: "100001" }, 400],
    [{ CallsPerSecond: "NaN" }, 400],
    [{ ConcurrentCalls: "0" }, 400],
    [{ ConcurrentCalls: "1" }, 201],
    [{ ConcurrentCalls: "1.5" }, 400],
    [{ ConcurrentCalls: "1000000" }, 201],
    [{ ConcurrentCalls: "1000001" }, 400],
    [{ FirstResponseSeconds: "0.9" }, 400],
    [{ FirstResponseSeconds: "60" }, 201],
    [{ FirstResponseSeconds: "60.1" }, 400],
    [{ ProgressSeconds: "0.9" }, 400],
    [{ ProgressSeconds: "300" }, 201],
    [{ ProgressSeconds: "300.1" }, 400],
    [{ RingSeconds: "0.9" }, 400],
    [{ RingSeconds: "1" }, 201],
    [{ RingSeconds: "600.1" }, 400],
    [{ MaximumDurationSeconds: "0" }, 400],
    [{ MaximumDurationSeconds: "1" }, 201],
    [{ MaximumDurationSeconds: "86401" }, 400],
    [{ FailoverOverrides: "nonsense" }, 400],
    [{ FailoverOverrides: '{"299":"next"}' }, 400],
  ];

  test("values of parameters, both sides of each limit", async () => {
    const harness = await apiHarness(await open(), { limits: { trunksPerAccount: 1000 } });
    const account = await harness.createAccount();
    for (const [form, status] of values) {
      const reply = await harness.request(account, "POST", "/v1/Trunks", form);
      assert.equal(reply.status, status, JSON.stringify(form));
      if (status === 400) assert.equal(reply.body["code"], 20001, JSON.stringify(form));
    }
  });

  const domainNames: [name: string, expected: string | number][] = [
    [`office.${base}`, `office.${base}`],
    [`My-Office-2.PSTN.Tandem.TEST`, `my-office-2.${base}`],
    [`${"x".repeat(63)}.${base}`, `${"x".repeat(63)}.${base}`],
    [`${"x".repeat(64)}.${base}`, 91101],
    [base, 91101],
    [`.${base}`, 91101],
    [`office.pstn.ashburn-ix.tandem.test`, 91101],
    [`office.pstn.twilio.com`, 91101],
    [`office.xpstn.tandem.test`, 91101],
    [`officepstn.tandem.test`, 91101],
    [`office.${base}.`, 91101],
    [`of_fice.${base}`, 91101],
    [`-office.${base}`, 91101],
    [`office-.${base}`, 91101],
    [`of..fice.${base}`, 91101],
    [`büro.${base}`, 91101],
    [`of fice.${base}`, 91101],
    ["office", 91101],
    // A parent of that name is missing; not a word about the form.
    [`east.nowhere.${base}`, 91102],
    [`east.office.${base}`, `east.office.${base}`],
    [`-.office.${base}`, 91101],
  ];

  test("domain names", async () => {
    const { harness, account } = await withAccount();
    for (const [name, expected] of domainNames) {
      const reply = await harness.request(account, "POST", "/v1/Trunks", { DomainName: name });
      if (typeof expected === "string") assert.equal(reply.body["domain_name"], expected, name);
      else assert.deepEqual([reply.status, reply.body["code"]], [400, expected], name);
    }
  });

  test("a domain name is unique in the installation, whatever the case", async () => {
    const { harness, account } = await withAccount();
    const other = await harness.createAccount();
    await harness.request(account, "POST", "/v1/Trunks", { DomainName: `office.${base}` });
    for (const caller of [account, other]) {
      const reply = await harness.request(caller, "POST", "/v1/Trunks", { DomainName: `OFFICE.${base}` });
      assert.deepEqual([reply.status, reply.body["code"]], [400, 21248]);
    }
    const trunk = await harness.request(other, "POST", "/v1/Trunks", { DomainName: `home.${base}` });
    const path = `/v1/Trunks/${String(trunk.body["sid"])}`;
    assert.equal(
      (await harness.request(other, "POST", path, { DomainName: `office.${base}` })).body["code"],
      21248,
    );
    // Its own name again is no conflict.
    assert.equal((await harness.request(other, "POST", path, { DomainName: `home.${base}` })).status, 200);
  });

  test("sub-domains: parent of the same or the parent account only", async () => {
    const { harness, account } = await withAccount();
    const child = await harness.createAccount(account);
    const sibling = await harness.createAccount(account);
    const stranger = await harness.createAccount();
    await harness.request(account, "POST", "/v1/Trunks", { DomainName: `b.${base}` });
    const create = async (caller: TestAccount, label: string) => {
      const reply = await harness.request(caller, "POST", "/v1/Trunks", { DomainName: `${label}.${base}` });
      return reply.body["code"] ?? reply.status;
    };
    assert.equal(await create(account, "own.b"), 201);
    assert.equal(await create(child, "child.b"), 201);
    assert.equal(await create(stranger, "stranger.b"), 21245);
    assert.equal(await create(child, "x.child.b"), 201);
    assert.equal(await create(sibling, "y.child.b"), 21245);
    // The parent account does not build under its subaccount's name.
    assert.equal(await create(account, "z.child.b"), 21245);
    const moved = await stranger.sdk.trunking.v1.trunks.create();
    const reply = await harness.request(stranger, "POST", `/v1/Trunks/${moved.sid}`, {
      DomainName: `s.b.${base}`,
    });
    assert.equal(reply.body["code"], 21245);
  });

  test("a domain name with sub-domains is neither renamed, removed nor deleted", async () => {
    const { harness, account } = await withAccount();
    const parent = await account.sdk.trunking.v1.trunks.create({ domainName: `b.${base}` });
    const child = await account.sdk.trunking.v1.trunks.create({ domainName: `a.b.${base}` });
    const path = `/v1/Trunks/${parent.sid}`;
    for (const form of [{ DomainName: `c.${base}` }, { DomainName: "" }]) {
      const reply = await harness.request(account, "POST", path, form);
      assert.deepEqual([reply.status, reply.body["code"]], [400, 21247]);
    }
    assert.equal((await harness.request(account, "DELETE", path)).body["code"], 21247);
    assert.equal(
      (await harness.request(account, "POST", path, { DomainName: `B.${base}`, FriendlyName: "same" }))
        .status,
      200,
    );
    await account.sdk.trunking.v1.trunks(child.sid).remove();
    assert.equal((await harness.request(account, "POST", path, { DomainName: `c.${base}` })).status, 200);
    assert.equal((await harness.request(account, "DELETE", path)).status, 204);
  });

  test("deleting a trunk takes its URLs and attachments along and frees numbers and lists", async () => {
    const { harness, account } = await withAccount();
    const trunk = await account.sdk.trunking.v1.trunks.create();
    const list = await account.sdk.sip.ipAccessControlLists.create({ friendlyName: "Office" });
    await account.sdk.trunking.v1
      .trunks(trunk.sid)
      .ipAccessControlLists.create({ ipAccessControlListSid: list.sid });
    const numbers = `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers`;
    const number = await harness.request(harness.operator, "POST", `${numbers}.json`, {
      PhoneNumber: "+15551234567",
      TrunkSid: trunk.sid,
    });
    assert.equal(await account.sdk.trunking.v1.trunks(trunk.sid).remove(), true);
    const after = await harness.request(account, "GET", `${numbers}/${String(number.body["sid"])}.json`);
    assert.deepEqual([after.status, after.body["trunk_sid"]], [200, null]);
    assert.equal(await account.sdk.sip.ipAccessControlLists(list.sid).remove(), true);
  });

  test("an update changes what it names, and date_updated", async () => {
    const { harness, account } = await withAccount();
    const trunk = await account.sdk.trunking.v1.trunks.create({
      friendlyName: "a",
      domainName: `a.${base}`,
      secure: true,
    });
    await harness.database.query(
      "update trunks set date_created = '2020-01-02T03:04:05.678Z', date_updated = '2020-01-02T03:04:05Z'",
    );
    const before = (await harness.request(account, "GET", `/v1/Trunks/${trunk.sid}`)).body;
    assert.equal(before["date_created"], "2020-01-02T03:04:05Z");
    const after = (await harness.request(account, "POST", `/v1/Trunks/${trunk.sid}`, { FriendlyName: "b" }))
      .body;
    assert.notEqual(after["date_updated"], before["date_updated"]);
    assert.deepEqual({ ...after, date_updated: "" }, { ...before, friendly_name: "b", date_updated: "" });
  });
});
