import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { type ApiHarness, apiHarness, type FormFields, type TestAccount } from "./api-harness.ts";

interface LimitRow {
  readonly what: string;
  readonly limit: number;
  readonly code: number;
  readonly status: number;
  /** Path and form of the create; `{P}` is the parent that `prepare` made. */
  readonly path: string;
  readonly form: FormFields;
  readonly prepare?: (harness: ApiHarness, account: TestAccount) => Promise<string>;
  /** Fills with rows: $1 SIDs, $2 account, $3 parent. */
  readonly prefix: string;
  readonly fill: string;
}

const accountPath = "/2010-04-01/Accounts/{A}";
const password = "IWasAtSignal2018";

const makeTrunk = async (_harness: ApiHarness, account: TestAccount) =>
  (await account.sdk.trunking.v1.trunks.create()).sid;
const makeAcl = async (_harness: ApiHarness, account: TestAccount) =>
  (await account.sdk.sip.ipAccessControlLists.create({ friendlyName: "full" })).sid;
const makeCredentialList = async (_harness: ApiHarness, account: TestAccount) =>
  (await account.sdk.sip.credentialLists.create({ friendlyName: "full" })).sid;

const limits: readonly LimitRow[] = [
  {
    what: "trunks per account",
    limit: 100,
    code: 21244,
    status: 400,
    path: "/v1/Trunks",
    form: {},
    prefix: "TK",
    fill: "insert into trunks (sid, account_sid) select sid, $2 from unnest($1::text[]) sid where $3 = ''",
  },
  {
    what: "origination URLs per trunk",
    limit: 10,
    code: 21249,
    status: 400,
    path: "/v1/Trunks/{P}/OriginationUrls",
    form: { Weight: "1", Priority: "1", Enabled: "true", FriendlyName: "one more", SipUrl: "sip:192.0.2.1" },
    prepare: makeTrunk,
    prefix: "OU",
    fill: `insert into origination_urls (sid, trunk_sid, friendly_name, sip_url, priority, weight, enabled)
      select sid, $3, 'u', 'sip:192.0.2.1', 1, 1, true from unnest($1::text[]) sid where $2 <> ''`,
  },
  {
    what: "access control lists per account",
    limit: 1000,
    code: 21255,
    status: 400,
    path: `${accountPath}/SIP/IpAccessControlLists.json`,
    form: { FriendlyName: "one more" },
    prefix: "AL",
    fill: `insert into ip_access_control_lists (sid, account_sid, friendly_name)
      select sid, $2, sid from unnest($1::text[]) sid where $3 = ''`,
  },
  {
    what: "addresses per access control list",
    limit: 25,
    code: 21237,
    status: 400,
    path: `${accountPath}/SIP/IpAccessControlLists/{P}/IpAddresses.json`,
    form: { FriendlyName: "one more", IpAddress: "198.51.100.1" },
    prepare: makeAcl,
    prefix: "IP",
    fill: `insert into ip_addresses (sid, ip_access_control_list_sid, friendly_name, ip_address, cidr_prefix_length)
      select sid, $3, sid, ('192.0.2.' || place)::inet, 32
      from unnest($1::text[]) with ordinality as given (sid, place) where $2 <> ''`,
  },
  {
    what: "credential lists per account",
    limit: 100,
    code: 21239,
    status: 400,
    path: `${accountPath}/SIP/CredentialLists.json`,
    form: { FriendlyName: "one more" },
    prefix: "CL",
    fill: `insert into credential_lists (sid, account_sid, friendly_name)
      select sid, $2, sid from unnest($1::text[]) sid where $3 = ''`,
  },
  {
    what: "credentials per list",
    limit: 1000,
    code: 21242,
    status: 400,
    path: `${accountPath}/SIP/CredentialLists/{P}/Credentials.json`,
    form: { Username: "onemore", Password: password },
    prepare: makeCredentialList,
    prefix: "CR",
    fill: `insert into credentials (sid, credential_list_sid, username, ha1_encrypted)
      select sid, $3, sid, 'x' from unnest($1::text[]) sid where $2 <> ''`,
  },
  {
    what: "subaccounts per account",
    limit: 1000,
    code: 20403,
    status: 403,
    path: "/2010-04-01/Accounts.json",
    form: {},
    prefix: "AC",
    fill: `insert into accounts (sid, parent_account_sid, friendly_name, auth_token_hash)
      select sid, $2, 's', sid from unnest($1::text[]) sid where $3 = ''`,
  },
  {
    what: "keys per account",
    limit: 100,
    code: 20403,
    status: 403,
    path: `${accountPath}/Keys.json`,
    form: {},
    prefix: "SK",
    fill: "insert into api_keys (sid, account_sid, secret_hash) select sid, $2, sid from unnest($1::text[]) sid where $3 = ''",
  },
];

describeOnBothEngines("limits of the resources", (open) => {
  for (const row of limits) {
    test(`${row.what}: the last of ${row.limit} is taken, the next refused with ${row.code}`, async () => {
      const harness = await apiHarness(await open());
      const account = await harness.createAccount();
      const parent = (await row.prepare?.(harness, account)) ?? "";
      const sids = Array.from({ length: row.limit - 1 }, () => createSid(row.prefix));
      await harness.database.query(row.fill, [sids, account.sid, parent]);
      // Another account's objects do not count.
      if (parent === "") {
        const other = await harness.createAccount();
        await harness.database.query(row.fill, [[createSid(row.prefix)], other.sid, parent]);
      }
      const path = row.path.replace("{A}", account.sid).replace("{P}", parent);
      const last = await harness.request(account, "POST", path, row.form);
      assert.equal(last.status, 201, JSON.stringify(last.body));
      const version = await harness.snapshotVersion();
      const next = await harness.request(account, "POST", path, {
        ...row.form,
        FriendlyName: "and one",
        IpAddress: "198.51.100.2",
        Username: "two",
      });
      assert.deepEqual([next.status, next.body["code"]], [row.status, row.code]);
      assert.equal(await harness.snapshotVersion(), version);
      const deleted = await harness.database.query(
        `delete from ${tableOf(row.fill)} where sid = $1 returning sid`,
        [sids[0]],
      );
      assert.equal(deleted.length, 1);
      const again = { ...row.form, FriendlyName: "again", IpAddress: "198.51.100.3", Username: "three" };
      assert.equal((await harness.request(account, "POST", path, again)).status, 201);
    });
  }

  test("a list's last place is taken once, too, and so is that of keys and subaccounts", async () => {
    const harness = await apiHarness(await open(), {
      limits: {
        accessControlListsPerAccount: 1,
        addressesPerAccessControlList: 1,
        credentialListsPerAccount: 1,
        credentialsPerList: 1,
        keysPerAccount: 1,
        subaccountsPerAccount: 1,
      },
    });
    const account = await harness.createAccount();
    // The lists come first: they are the parents of addresses and credentials.
    const ordered = limits.toSorted(
      (a, b) => Number(a.path.includes("{P}")) - Number(b.path.includes("{P}")),
    );
    const parents: Record<string, string> = {};
    for (const row of ordered.filter(({ path }) => !path.startsWith("/v1/"))) {
      const parent = row.path.includes("Addresses") ? parents["AL"] : parents["CL"];
      const path = row.path.replace("{A}", account.sid).replace("{P}", parent ?? "");
      const replies = await Promise.all(
        Array.from({ length: 4 }, (_, place) =>
          harness.request(account, "POST", path, {
            ...row.form,
            FriendlyName: `n${place}`,
            IpAddress: `192.0.2.${place}`,
            Username: `u${place}`,
          }),
        ),
      );
      const made = replies.filter((reply) => reply.status === 201);
      assert.equal(made.length, 1, row.what);
      assert.equal(replies.filter((reply) => reply.body["code"] === row.code).length, 3, row.what);
      parents[row.prefix] = String(made[0]?.body["sid"]);
    }
  });

  test("of requests at the same time only one takes the last place", async () => {
    const harness = await apiHarness(await open(), {
      limits: { trunksPerAccount: 3, originationUrlsPerTrunk: 1 },
    });
    const account = await harness.createAccount();
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => harness.request(account, "POST", "/v1/Trunks", {})),
    );
    assert.deepEqual(
      replies.map((reply) => reply.status).toSorted((a, b) => a - b),
      [201, 201, 201, 400, 400],
    );
    const trunks = await account.sdk.trunking.v1.trunks.list();
    const path = `/v1/Trunks/${trunks[0]?.sid}/OriginationUrls`;
    const form = { Weight: "1", Priority: "1", Enabled: "true", FriendlyName: "u", SipUrl: "sip:192.0.2.1" };
    const urls = await Promise.all(
      Array.from({ length: 3 }, () => harness.request(account, "POST", path, form)),
    );
    assert.deepEqual(
      urls.map((reply) => reply.status).toSorted((a, b) => a - b),
      [201, 400, 400],
    );
  });
});

function tableOf(fill: string): string {
  return /insert into (\w+)/.exec(fill)?.[1] ?? "";
}
