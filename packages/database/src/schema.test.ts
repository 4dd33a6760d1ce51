/** Rules that the schema itself keeps, whoever writes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "./database.ts";
import { createSid } from "./sid.ts";
import { describeOnBothEngines } from "./testing/index.ts";

async function account(database: Database): Promise<string> {
  const sid = createSid("AC");
  await database.query("insert into accounts (sid, friendly_name, auth_token_hash) values ($1, 'a', 'h')", [
    sid,
  ]);
  return sid;
}

async function trunk(database: Database, accountSid: string, label: string | null = null): Promise<string> {
  const sid = createSid("TK");
  await database.query("insert into trunks (sid, account_sid, domain_label) values ($1, $2, $3)", [
    sid,
    accountSid,
    label,
  ]);
  return sid;
}

async function list(database: Database, accountSid: string, name = "l"): Promise<string> {
  const sid = createSid("CL");
  await database.query("insert into credential_lists (sid, account_sid, friendly_name) values ($1, $2, $3)", [
    sid,
    accountSid,
    name,
  ]);
  return sid;
}

async function accessList(database: Database, accountSid: string, name = "l"): Promise<string> {
  const sid = createSid("AL");
  await database.query(
    "insert into ip_access_control_lists (sid, account_sid, friendly_name) values ($1, $2, $3)",
    [sid, accountSid, name],
  );
  return sid;
}

function attach(database: Database, accountSid: string, trunkSid: string, listSid: string) {
  return database.query(
    "insert into trunk_credential_lists (account_sid, trunk_sid, credential_list_sid) values ($1, $2, $3)",
    [accountSid, trunkSid, listSid],
  );
}

function attachAccess(database: Database, accountSid: string, trunkSid: string, listSid: string) {
  return database.query(
    "insert into trunk_ip_access_control_lists (account_sid, trunk_sid, ip_access_control_list_sid) values ($1, $2, $3)",
    [accountSid, trunkSid, listSid],
  );
}

function address(database: Database, listSid: string, text: string, length: number, name = text) {
  return database.query(
    `insert into ip_addresses (sid, ip_access_control_list_sid, friendly_name, ip_address, cidr_prefix_length)
     values ($1, $2, $3, $4, $5) returning network`,
    [createSid("IP"), listSid, name, text, length],
  );
}

/** PostgreSQL 18 calls a restricted delete 23001, earlier ones 23503. */
const stillReferred = /^(23001|23503)$/;

describeOnBothEngines("schema", (open) => {
  test("a domain belongs to one trunk; trunks without one are many", async () => {
    const database = await open();
    const owner = await account(database);
    await trunk(database, owner, "a");
    await trunk(database, owner);
    await trunk(database, owner);
    await assert.rejects(trunk(database, await account(database), "a"), {
      code: "23505",
      constraint: "trunks_domain_label_key",
    });
  });

  test("a domain label is one or more DNS labels in lower case", async () => {
    const database = await open();
    const owner = await account(database);
    await trunk(database, owner, "a");
    await trunk(database, owner, "0-9".padEnd(63, "a"));
    await trunk(database, owner, "b-c.a");
    for (const label of ["A", "", "a b", "-a", "a-", ".a", "a.", "a..b", "a_b", "a".repeat(64), "é"]) {
      await assert.rejects(trunk(database, owner, label), { code: "23514" }, JSON.stringify(label));
    }
  });

  test("a sub-domain needs its parent, which can be neither renamed nor deleted meanwhile", async () => {
    const database = await open();
    const owner = await account(database);
    const constraint = "trunks_parent_domain_label_fkey";
    await assert.rejects(trunk(database, owner, "a.b.c"), { code: "23503", constraint });
    const c = await trunk(database, owner, "c");
    await assert.rejects(trunk(database, owner, "a.b.c"), { constraint });
    const b = await trunk(database, owner, "b.c");
    const a = await trunk(database, owner, "a.b.c");
    await assert.rejects(database.query("delete from trunks where sid = $1", [b]), {
      code: stillReferred,
      constraint,
    });
    await assert.rejects(database.query("update trunks set domain_label = 'x' where sid = $1", [c]), {
      code: stillReferred,
      constraint,
    });
    await database.query("update trunks set friendly_name = 'x' where sid = $1", [c]);
    for (const sid of [a, b, c]) await database.query("delete from trunks where sid = $1", [sid]);
  });

  test("a list is attached to a trunk once, and to many trunks", async () => {
    const database = await open();
    const owner = await account(database);
    const [first, second] = [await trunk(database, owner), await trunk(database, owner)];
    const [credentials, addresses] = [await list(database, owner), await accessList(database, owner)];
    await attach(database, owner, first, credentials);
    await attach(database, owner, second, credentials);
    await attachAccess(database, owner, first, addresses);
    await attachAccess(database, owner, second, addresses);
    await assert.rejects(attach(database, owner, first, credentials), {
      constraint: "trunk_credential_lists_once",
    });
    await assert.rejects(attachAccess(database, owner, first, addresses), {
      constraint: "trunk_ip_access_control_lists_once",
    });
  });

  test("another account's list cannot be attached", async () => {
    const database = await open();
    const [owner, stranger] = [await account(database), await account(database)];
    const own = await trunk(database, owner);
    for (const claimed of [owner, stranger]) {
      await assert.rejects(attach(database, claimed, own, await list(database, stranger, claimed)), {
        code: "23503",
      });
      await assert.rejects(
        attachAccess(database, claimed, own, await accessList(database, stranger, claimed)),
        { code: "23503" },
      );
    }
  });

  test("an attached list cannot be deleted; a deleted trunk lets it go", async () => {
    const database = await open();
    const owner = await account(database);
    const own = await trunk(database, owner);
    const [credentials, addresses] = [await list(database, owner), await accessList(database, owner)];
    await attach(database, owner, own, credentials);
    await attachAccess(database, owner, own, addresses);
    await assert.rejects(database.query("delete from credential_lists"), {
      code: stillReferred,
      constraint: "trunk_credential_lists_mapped",
    });
    await assert.rejects(database.query("delete from ip_access_control_lists"), {
      code: stillReferred,
      constraint: "trunk_ip_access_control_lists_mapped",
    });
    await database.query("delete from trunks where sid = $1", [own]);
    await database.query("delete from credential_lists");
    await database.query("delete from ip_access_control_lists");
  });

  test("a number belongs to one account and to a trunk of that account; a deleted trunk frees it", async () => {
    const database = await open();
    const [owner, stranger] = [await account(database), await account(database)];
    const own = await trunk(database, owner);
    const insert = (accountSid: string, number: string, trunkSid: string | null) =>
      database.query(
        "insert into incoming_phone_numbers (sid, account_sid, phone_number, friendly_name, trunk_sid) values ($1, $2, $3, '', $4)",
        [createSid("PN"), accountSid, number, trunkSid],
      );
    await insert(owner, "+14155550100", own);
    await assert.rejects(insert(stranger, "+14155550100", null), {
      constraint: "incoming_phone_numbers_once",
    });
    await assert.rejects(insert(stranger, "+14155550101", own), {
      constraint: "incoming_phone_numbers_trunk",
    });
    for (const number of ["14155550100", "+0155550100", "+123456", "+1234567890123456", "+1415555010a"]) {
      await assert.rejects(insert(owner, number, null), { code: "23514" }, number);
    }
    await insert(owner, "+1234567", null);
    await insert(owner, "+123456789012345", null);
    await database.query("delete from trunks where sid = $1", [own]);
    const rows = await database.query(
      "select account_sid, trunk_sid from incoming_phone_numbers order by sequence limit 1",
    );
    assert.deepEqual(rows, [{ account_sid: owner, trunk_sid: null }]);
  });

  test("names of lists are unique in an account, entries in a list", async () => {
    const database = await open();
    const [owner, stranger] = [await account(database), await account(database)];
    const [credentials, addresses] = [await list(database, owner), await accessList(database, owner)];
    await list(database, stranger);
    await accessList(database, stranger);
    await assert.rejects(list(database, owner), { constraint: "credential_lists_name" });
    await assert.rejects(accessList(database, owner), { constraint: "ip_access_control_lists_name" });
    const credential = () =>
      database.query(
        "insert into credentials (sid, credential_list_sid, username, ha1_encrypted) values ($1, $2, 'u', '')",
        [createSid("CR"), credentials],
      );
    await credential();
    await assert.rejects(credential(), { constraint: "credentials_username" });
    await address(database, addresses, "192.0.2.1", 24, "a");
    await assert.rejects(address(database, addresses, "192.0.2.1", 32, "a"), {
      constraint: "ip_addresses_name",
    });
    await assert.rejects(address(database, addresses, "192.0.2.9", 24, "b"), {
      constraint: "ip_addresses_network",
    });
    await address(database, addresses, "192.0.2.9", 25, "b");
  });

  test("the network of an address is the address under its prefix", async () => {
    const database = await open();
    const addresses = await accessList(database, await account(database));
    const cases: [string, number, string | undefined][] = [
      ["192.0.2.77", 32, "192.0.2.77/32"],
      ["192.0.2.77", 24, "192.0.2.0/24"],
      ["192.0.2.77", 0, "0.0.0.0/0"],
      ["2001:db8::7", 128, "2001:db8::7/128"],
      ["2001:db8::7", 32, "2001:db8::/32"],
      ["192.0.2.78", 33, undefined],
      ["2001:db8::8", 129, undefined],
      ["192.0.2.79/24", 24, undefined],
      ["192.0.2.80", -1, undefined],
    ];
    for (const [text, length, network] of cases) {
      if (network === undefined)
        await assert.rejects(address(database, addresses, text, length), { code: /^(22|23)/ }, text);
      else
        assert.deepEqual(await address(database, addresses, text, length, `${text}/${length}`), [
          { network },
        ]);
    }
  });

  test("there is one installation", async () => {
    const database = await open();
    const insert = (isOnly: boolean) =>
      database.query(
        "insert into installation (is_only, base_domain, realm, key_check, nonce_keys_encrypted) values ($1, 'b', 'r', '', '')",
        [isOnly],
      );
    await insert(true);
    await assert.rejects(insert(true), { code: "23505" });
    await assert.rejects(insert(false), { code: "23514" });
  });

  test("a carrier has user and password or neither, and the parts of a registration together", async () => {
    const database = await open();
    const insert = (columns: string, values: string) =>
      database.query(`insert into carriers (sid, friendly_name, ${columns}) values ($1, 'c', ${values})`, [
        createSid("KR"),
      ]);
    await insert("username, password_encrypted", "'u', 'p'");
    await insert("registrar_url, address_of_record, registration_expires_seconds", "'r', 'a', 60");
    await assert.rejects(insert("username", "'u'"), { constraint: "carriers_credentials" });
    await assert.rejects(insert("password_encrypted", "'p'"), { constraint: "carriers_credentials" });
    await assert.rejects(insert("registrar_url", "'r'"), { constraint: "carriers_registration" });
    await assert.rejects(insert("registrar_url, address_of_record", "'r', 'a'"), {
      constraint: "carriers_registration",
    });
    await assert.rejects(insert("registration_expires_seconds", "60"), {
      constraint: "carriers_registration",
    });
  });
});
