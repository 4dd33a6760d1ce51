import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { purposes } from "../src/secrets/index.ts";
import { type ApiHarness, apiHarness, box, type TestAccount } from "./api-harness.ts";

const password = "IWasAtSignal2018";

const addresses: [form: Record<string, string>, expected: number | [address: string, prefix: number]][] = [
  [{ IpAddress: "192.0.2.1" }, ["192.0.2.1", 32]],
  [{ IpAddress: "192.0.2.0", CidrPrefixLength: "25" }, ["192.0.2.0", 25]],
  [{ IpAddress: "10.1.2.3", CidrPrefixLength: "8" }, ["10.1.2.3", 8]],
  [{ IpAddress: "64.0.0.0", CidrPrefixLength: "1" }, ["64.0.0.0", 1]],
  [{ IpAddress: "0.0.0.0", CidrPrefixLength: "0" }, 91105],
  [{ IpAddress: "192.0.2.3", CidrPrefixLength: "33" }, 91105],
  [{ IpAddress: "192.0.2.3", CidrPrefixLength: "-1" }, 91105],
  [{ IpAddress: "192.0.2.3", CidrPrefixLength: "x" }, 20001],
  [{ IpAddress: "2001:db8::1" }, ["2001:db8::1", 128]],
  [{ IpAddress: "2001:db8:1::", CidrPrefixLength: "48" }, ["2001:db8:1::", 48]],
  [{ IpAddress: "2001:db8:2::", CidrPrefixLength: "129" }, 91105],
  [{ IpAddress: "::ffff:0.0.0.0", CidrPrefixLength: "96" }, 91104],
  [{ IpAddress: "fe80::1%eth0" }, 91104],
  [{ IpAddress: "192.0.2.256" }, 91104],
  [{ IpAddress: "192.0.02.1" }, 91104],
  [{ IpAddress: "192.0.2" }, 91104],
  [{ IpAddress: "192.0.2.1/32" }, 91104],
  [{ IpAddress: "sbc.example.com" }, 91104],
  [{ IpAddress: "" }, 91104],
  [{ FriendlyName: "x".repeat(255), IpAddress: "203.0.113.1" }, ["203.0.113.1", 32]],
  [{ FriendlyName: "x".repeat(256), IpAddress: "203.0.113.2" }, 20001],
  [{ FriendlyName: "", IpAddress: "203.0.113.2" }, 20001],
];

const users: [username: string, password: string, expected: number][] = [
  ["alice", password, 201],
  ["x".repeat(32), password, 201],
  ["x".repeat(33), password, 91106],
  ["", password, 91106],
  ["a:b", password, 91106],
  ['a"b', password, 91106],
  ["a\\b", password, 91106],
  ["a\nb", password, 91106],
  ["+15551234567", password, 201],
  ["bob@example.com", password, 201],
  ["c1", "Abcdefghij1x", 201],
  ["c2", "Abcdefghi1x", 91107],
  ["c3", "Abcdefghijkl", 91107],
  ["c4", "abcdefghij1x", 91107],
  ["c5", "ABCDEFGHIJ1X", 91107],
  ["c6", "", 91107],
  ["c7", `Aa1${"x".repeat(125)}`, 201],
  ["c8", `Aa1${"x".repeat(126)}`, 20001],
];

describeOnBothEngines("access control lists and credential lists", (open) => {
  test("addresses of an access control list", async () => {
    const { harness, account, create } = await withAccount();
    const list = await create("IpAccessControlLists", { FriendlyName: "Office" });
    const path = `/2010-04-01/Accounts/${account.sid}/SIP/IpAccessControlLists/${list}/IpAddresses.json`;
    for (const [index, [form, expected]] of addresses.entries()) {
      const reply = await harness.request(account, "POST", path, {
        FriendlyName: `address ${index}`,
        ...form,
      });
      if (typeof expected === "number") assert.equal(reply.body["code"], expected, JSON.stringify(form));
      else
        assert.deepEqual(
          [reply.body["ip_address"], reply.body["cidr_prefix_length"]],
          expected,
          JSON.stringify(form),
        );
    }
  });

  test("a name or a network stands once in a list, however it is written; another list may have it too", async () => {
    const { harness, account, create } = await withAccount();
    const lists = [
      await create("IpAccessControlLists", { FriendlyName: "a" }),
      await create("IpAccessControlLists", { FriendlyName: "b" }),
    ];
    const add = async (list: string | undefined, form: Record<string, string>) => {
      const path = `/2010-04-01/Accounts/${account.sid}/SIP/IpAccessControlLists/${list}/IpAddresses.json`;
      const reply = await harness.request(account, "POST", path, form);
      return {
        code: reply.body["code"] ?? reply.status,
        path: path.replace(".json", `/${String(reply.body["sid"])}.json`),
      };
    };
    assert.equal(
      (await add(lists[0], { FriendlyName: "net", IpAddress: "192.0.2.0", CidrPrefixLength: "24" })).code,
      201,
    );
    assert.equal((await add(lists[0], { FriendlyName: "net", IpAddress: "198.51.100.1" })).code, 21235);
    assert.equal(
      (await add(lists[0], { FriendlyName: "same", IpAddress: "192.0.2.77", CidrPrefixLength: "24" })).code,
      21235,
    );
    assert.equal(
      (await add(lists[1], { FriendlyName: "net", IpAddress: "192.0.2.0", CidrPrefixLength: "24" })).code,
      201,
    );
    const host = await add(lists[0], { FriendlyName: "host", IpAddress: "192.0.2.77" });
    assert.equal(host.code, 201);
    for (const form of [{ FriendlyName: "net" }, { CidrPrefixLength: "24" }]) {
      assert.equal((await harness.request(account, "POST", host.path, form)).body["code"], 21235);
    }
    const moved = await harness.request(account, "POST", host.path, { IpAddress: "2001:db8::1" });
    assert.deepEqual([moved.body["ip_address"], moved.body["cidr_prefix_length"]], ["2001:db8::1", 128]);
    const narrowed = await harness.request(account, "POST", host.path, { CidrPrefixLength: "64" });
    assert.deepEqual([narrowed.body["ip_address"], narrowed.body["cidr_prefix_length"]], ["2001:db8::1", 64]);
    const kept = await harness.request(account, "POST", host.path, { IpAddress: "2001:db8:9::1" });
    assert.equal(kept.body["cidr_prefix_length"], 64);
    // The entry of one list is not found under the other.
    const elsewhere = host.path.replace(String(lists[0]), String(lists[1]));
    for (const method of ["GET", "POST", "DELETE"]) {
      assert.equal(
        (await harness.request(account, method, elsewhere, method === "POST" ? {} : undefined)).status,
        404,
        method,
      );
    }
  });

  test("user names and passwords", async () => {
    const { harness, account, create } = await withAccount();
    const list = await create("CredentialLists", { FriendlyName: "Users" });
    const path = `/2010-04-01/Accounts/${account.sid}/SIP/CredentialLists/${list}/Credentials`;
    const kept = await harness.request(account, "POST", `${path}.json`, {
      Username: "kept",
      Password: password,
    });
    for (const [username, word, expected] of users) {
      const reply = await harness.request(account, "POST", `${path}.json`, {
        Username: username,
        Password: word,
      });
      assert.equal(reply.body["code"] ?? reply.status, expected, `${username} ${word}`);
      assert.ok(!JSON.stringify(reply.body).includes(word) || word === "");
      if (!username.startsWith("c")) continue;
      const changed = await harness.request(account, "POST", `${path}/${String(kept.body["sid"])}.json`, {
        Password: word,
      });
      assert.equal(changed.body["code"] ?? changed.status, expected === 201 ? 200 : expected, word);
    }
    const twice = await harness.request(account, "POST", `${path}.json`, {
      Username: "alice",
      Password: password,
    });
    assert.deepEqual([twice.status, twice.body["code"]], [400, 21240]);
    // Digest compares user names by case.
    assert.equal(
      (await harness.request(account, "POST", `${path}.json`, { Username: "Alice", Password: password }))
        .status,
      201,
    );
    for (const form of [{ Username: "x" }, { Password: password }]) {
      assert.equal((await harness.request(account, "POST", `${path}.json`, form)).body["code"], 20001);
    }
  });

  test("HA1 is made with the list's algorithm, which is fixed while there are credentials", async () => {
    const { harness, account, create } = await withAccount();
    const list = await create("CredentialLists", { FriendlyName: "Users", DigestAlgorithm: "SHA-256" });
    const path = `/2010-04-01/Accounts/${account.sid}/SIP/CredentialLists/${list}`;
    assert.deepEqual((await harness.request(account, "GET", `${path}.json`)).body["tandem"], {
      digest_algorithm: "SHA-256",
    });
    const change = async (algorithm: string) => {
      const reply = await harness.request(account, "POST", `${path}.json`, { DigestAlgorithm: algorithm });
      return reply.body["code"] ?? reply.status;
    };
    assert.equal(await change("MD5"), 200);
    assert.equal(await change("SHA-256"), 200);
    assert.equal(await change("SHA-512"), 20001);
    const credential = await harness.request(account, "POST", `${path}/Credentials.json`, {
      Username: "alice",
      Password: password,
    });
    assert.equal(credential.status, 201);
    const rows = await harness.database.query<{ ha1_encrypted: Uint8Array }>(
      "select ha1_encrypted from credentials",
    );
    const sealed = rows[0]?.ha1_encrypted ?? new Uint8Array();
    assert.equal(
      box.open(sealed, purposes.ha1),
      "ade9a1121fd7a727f868156c46b04cf31d18782d8284eb7e2cbd907367efbe7b",
    );
    assert.equal(await change("MD5"), 20409);
    assert.equal(await change("SHA-256"), 200);
    assert.equal(
      (await harness.request(account, "POST", `${path}.json`, { FriendlyName: "other" })).status,
      200,
    );
    await harness.request(account, "DELETE", `${path}/Credentials/${String(credential.body["sid"])}.json`);
    assert.equal(await change("MD5"), 200);
  });

  const kinds = [
    {
      folder: "IpAccessControlLists",
      attached: "IpAccessControlLists",
      parameter: "IpAccessControlListSid",
      duplicate: 21235,
      inUse: 21236,
      longest: 255,
    },
    {
      folder: "CredentialLists",
      attached: "CredentialLists",
      parameter: "CredentialListSid",
      duplicate: 21240,
      inUse: 21241,
      longest: 64,
    },
  ] as const;

  for (const kind of kinds) {
    test(`${kind.folder}: names, attaching once, not deleted while attached`, async () => {
      const { harness, account, create } = await withAccount();
      const other = await harness.createAccount();
      const collection = `/2010-04-01/Accounts/${account.sid}/SIP/${kind.folder}`;
      const list = await create(kind.folder, { FriendlyName: "Office" });
      const again = await harness.request(account, "POST", `${collection}.json`, { FriendlyName: "Office" });
      assert.deepEqual([again.status, again.body["code"]], [400, kind.duplicate]);
      const second = await create(kind.folder, { FriendlyName: "x".repeat(kind.longest) });
      assert.equal(
        (await harness.request(account, "POST", `${collection}/${second}.json`, { FriendlyName: "Office" }))
          .body["code"],
        kind.duplicate,
      );
      for (const form of [{ FriendlyName: "x".repeat(kind.longest + 1) }, { FriendlyName: "" }, {}]) {
        assert.equal(
          (await harness.request(account, "POST", `${collection}.json`, form)).body["code"],
          20001,
        );
      }
      const theirs = await harness.request(
        other,
        "POST",
        `/2010-04-01/Accounts/${other.sid}/SIP/${kind.folder}.json`,
        { FriendlyName: "Office" },
      );
      assert.equal(theirs.status, 201);

      const trunk = await account.sdk.trunking.v1.trunks.create();
      const attachments = `/v1/Trunks/${trunk.sid}/${kind.attached}`;
      assert.equal(
        (await harness.request(account, "POST", attachments, { [kind.parameter]: list })).status,
        201,
      );
      const twice = await harness.request(account, "POST", attachments, { [kind.parameter]: list });
      assert.deepEqual([twice.status, twice.body["code"]], [400, 21245]);
      assert.equal(
        (await harness.request(account, "POST", attachments, { [kind.parameter]: "XX1" })).body["code"],
        20001,
      );
      assert.equal((await harness.request(account, "POST", attachments, {})).body["code"], 20001);
      assert.equal(
        (await harness.request(account, "POST", attachments, { [kind.parameter]: second })).status,
        201,
      );
      const refused = await harness.request(account, "DELETE", `${collection}/${list}.json`);
      assert.deepEqual([refused.status, refused.body["code"]], [400, kind.inUse]);
      assert.equal((await harness.request(account, "DELETE", `${attachments}/${list}`)).status, 204);
      assert.equal((await harness.request(account, "DELETE", `${attachments}/${list}`)).status, 404);
      assert.equal((await harness.request(account, "GET", `${attachments}/${list}`)).status, 404);
      assert.equal((await harness.request(account, "DELETE", `${collection}/${list}.json`)).status, 204);
      assert.equal((await harness.request(account, "GET", `${collection}/${list}.json`)).status, 404);
    });
  }

  interface Made {
    readonly harness: ApiHarness;
    readonly account: TestAccount;
    readonly create: (folder: string, form: Record<string, string>) => Promise<string>;
  }

  async function withAccount(): Promise<Made> {
    const harness = await apiHarness(await open());
    const account = await harness.createAccount();
    const create = async (folder: string, form: Record<string, string>) => {
      const path = `/2010-04-01/Accounts/${account.sid}/SIP/${folder}.json`;
      const reply = await harness.request(account, "POST", path, form);
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
      return String(reply.body["sid"]);
    };
    return { harness, account, create };
  }
});
