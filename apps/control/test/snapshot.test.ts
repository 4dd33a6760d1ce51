import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { Snapshot, validator } from "@tandem/contracts";
import { bumpSnapshot, createSid, type Database } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import { shippedPrefixes } from "@tandem/numbering";
import { bootstrapInstallation } from "../src/installation/index.ts";
import { computeHa1, purposes, SecretBox } from "../src/secrets/index.ts";
import { compileSnapshot, type PublishedSnapshot, SnapshotPublisher } from "../src/snapshot/index.ts";
import { until } from "./stream-gateway.ts";
import { sampleTopology } from "./topology-samples.ts";

const box = new SecretBox(Buffer.alloc(32, 7));
const validate = validator(Snapshot);

async function install(database: Database): Promise<string> {
  const first = await bootstrapInstallation({
    database,
    box,
    baseDomain: "tandem.test",
    realm: "realm.test",
    nowMs: 0,
    topology: { file: undefined, topology: sampleTopology() },
    keep: async () => undefined,
  });
  return first?.accountSid ?? "";
}

describeOnBothEngines("snapshot", (open) => {
  test("without an installation there is none", async () => {
    assert.equal(await compileSnapshot(await open(), box), undefined);
  });

  test("a new installation: names, edges in their order, one account, a nonce key", async () => {
    const database = await open();
    const accountSid = await install(database);
    assert.deepEqual(
      await database.query("select name, place, signaling_addresses, source from edges order by sequence"),
      [
        {
          name: "b",
          place: "Bee Street",
          signaling_addresses: ["192.0.2.1", "192.0.2.8/30"],
          source: "operator",
        },
        { name: "a", place: "A", signaling_addresses: ["2001:db8::1"], source: "reference" },
      ],
    );
    const snapshot = await compileSnapshot(database, box);
    assert.deepEqual(
      { ...snapshot, nonceKeys: [], backboneKeys: [] },
      {
        formatVersion: 2,
        version: 1,
        baseDomain: "tandem.test",
        realm: "realm.test",
        edges: [
          { name: "b", legacyId: "b1", region: "us1", kind: "private" },
          { name: "a", legacyId: "a1", region: "ie1", kind: "public" },
        ],
        accounts: [
          {
            sid: accountSid,
            status: "active",
            compatibility: "tandem",
            dialingPermissions: { default: "protected", countries: {} },
          },
        ],
        trunks: [],
        ipAccessControlLists: [],
        credentialLists: [],
        numbers: [],
        carriers: [],
        nonceKeys: [],
        regions: [
          { name: "us1", fallback: ["ie1"] },
          { name: "ie1", fallback: [] },
        ],
        gateways: [],
        connections: [],
        backboneKeys: [],
        destinations: {
          lowRiskPrefixes: [],
          highRiskSpecialPrefixes: shippedPrefixes.highRiskSpecial,
          highRiskTollFraudPrefixes: shippedPrefixes.highRiskTollFraud,
          blockedPrefixes: [],
          doNotOriginatePrefixes: [],
        },
      },
    );
    assert.deepEqual(
      snapshot?.nonceKeys.map((key) => [Object.keys(key), key.id]),
      [[["id", "secret"], 1]],
    );
    assert.deepEqual(
      snapshot?.backboneKeys.map((key) => [Object.keys(key), key.id]),
      [
        [["id", "secret"], 1],
        [["id", "secret"], 2],
      ],
    );
    assert.deepEqual(validate(snapshot).ok, true);
  });

  test("accounts: whose subaccount one is, and the calls per second that it shares", async () => {
    const database = await open();
    const parent = await install(database);
    const child = createSid("AC");
    await database.query("update accounts set calls_per_second = 50 where sid = $1", [parent]);
    await database.query(
      "insert into accounts (sid, parent_account_sid, friendly_name, auth_token_hash, calls_per_second) values ($1, $2, 'c', 'h', 2.5)",
      [child, parent],
    );
    const snapshot = await compileSnapshot(database, box);
    const common = { status: "active", compatibility: "tandem" };
    assert.deepEqual(snapshot?.accounts, [
      { sid: parent, ...common, callsPerSecond: 50 },
      { sid: child, ...common, parentSid: parent, callsPerSecond: 2.5 },
    ]);
    assert.equal(validate(snapshot).ok, true);
  });

  test("a trunk with all it has", async () => {
    const database = await open();
    const account = await install(database);
    const [trunk, bare, url, second, list, empty, credentials, number, free] = [
      "TK",
      "TK",
      "OU",
      "OU",
      "AL",
      "AL",
      "CL",
      "PN",
      "PN",
    ].map((prefix) => createSid(prefix)) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    await database.query(
      `insert into trunks (sid, account_sid, friendly_name, domain_label, secure, source_policy, first_response_seconds, progress_seconds,
         ring_seconds, failover_overrides, maximum_duration_seconds, calls_per_second, concurrent_calls, transfer_mode, transfer_caller_id, media_dscp, codecs)
       values ($1, $2, 'Office', 'office', true, 'symmetric', 3, 15.5, 90, '{"404":"next"}', 3600, 2.5, 7, 'sip-only', 'from-transferor', 34, '{G722,opus}')`,
      [trunk, account],
    );
    await database.query("insert into trunks (sid, account_sid) values ($1, $2)", [bare, account]);
    const addUrl = (sid: string, sipUrl: string, priority: number, weight: number, enabled: boolean) =>
      database.query(
        `insert into origination_urls (sid, trunk_sid, friendly_name, sip_url, priority, weight, enabled) values ($1, $2, 'u', $3, $4, $5, $6)`,
        [sid, trunk, sipUrl, priority, weight, enabled],
      );
    await addUrl(url, "sip:pbx.test;edge=b", 20, 5, true);
    await addUrl(second, "sip:backup.test", 10, 1, false);
    for (const [sid, name] of [
      [list, "l"],
      [empty, "e"],
    ]) {
      await database.query(
        "insert into ip_access_control_lists (sid, account_sid, friendly_name) values ($1, $2, $3)",
        [sid, account, name],
      );
    }
    for (const [address, length] of [
      ["192.0.2.77", 24],
      ["2001:db8::1", 128],
    ] as const) {
      await database.query(
        `insert into ip_addresses (sid, ip_access_control_list_sid, friendly_name, ip_address, cidr_prefix_length) values ($1, $2, $3::text, $3::text::inet, $4)`,
        [createSid("IP"), list, address, length],
      );
    }
    await database.query(
      "insert into credential_lists (sid, account_sid, friendly_name, algorithm) values ($1, $2, 'c', 'SHA-256')",
      [credentials, account],
    );
    const ha1 = computeHa1("alice", "realm.test", "Password1234", "SHA-256");
    await database.query(
      "insert into credentials (sid, credential_list_sid, username, ha1_encrypted) values ($1, $2, 'alice', $3)",
      [createSid("CR"), credentials, box.seal(ha1, purposes.ha1)],
    );
    for (const listSid of [list, empty]) {
      await database.query(
        "insert into trunk_ip_access_control_lists (account_sid, trunk_sid, ip_access_control_list_sid) values ($1, $2, $3)",
        [account, trunk, listSid],
      );
    }
    await database.query(
      "insert into trunk_credential_lists (account_sid, trunk_sid, credential_list_sid) values ($1, $2, $3)",
      [account, trunk, credentials],
    );
    for (const [sid, phoneNumber, trunkSid] of [
      [number, "+14155550100", trunk],
      [free, "+14155550101", null],
    ]) {
      await database.query(
        "insert into incoming_phone_numbers (sid, account_sid, phone_number, friendly_name, trunk_sid) values ($1, $2, $3, '', $4)",
        [sid, account, phoneNumber, trunkSid],
      );
    }
    const snapshot = await compileSnapshot(database, box);
    assert.deepEqual(validate(snapshot), { ok: true, value: snapshot });
    assert.deepEqual(snapshot?.trunks, [
      {
        sid: trunk,
        accountSid: account,
        friendlyName: "Office",
        domainLabel: "office",
        secure: true,
        sourcePolicy: "symmetric",
        ipAccessControlListSids: [list, empty],
        credentialListSids: [credentials],
        originationUrls: [
          { sid: url, sipUrl: "sip:pbx.test;edge=b", priority: 20, weight: 5, enabled: true },
          { sid: second, sipUrl: "sip:backup.test", priority: 10, weight: 1, enabled: false },
        ],
        timers: { firstResponseSeconds: 3, progressSeconds: 15.5, ringSeconds: 90 },
        failoverOverrides: { 404: "next" },
        maximumDurationSeconds: 3600,
        mediaDscp: 34,
        codecs: ["G722", "opus"],
        callsPerSecond: 2.5,
        concurrentCalls: 7,
        transferMode: "sip-only",
        transferCallerId: "from-transferor",
      },
      {
        sid: bare,
        accountSid: account,
        friendlyName: "",
        domainLabel: null,
        secure: false,
        sourcePolicy: "address",
        ipAccessControlListSids: [],
        credentialListSids: [],
        originationUrls: [],
        timers: { firstResponseSeconds: 4, progressSeconds: 20, ringSeconds: 180 },
        failoverOverrides: {},
        maximumDurationSeconds: 14_400,
        mediaDscp: 46,
        callsPerSecond: null,
        concurrentCalls: null,
        transferMode: "disable-all",
        transferCallerId: "from-transferee",
      },
    ]);
    assert.deepEqual(snapshot.ipAccessControlLists, [
      { sid: list, connectionSid: null, networks: ["192.0.2.0/24", "2001:db8::1/128"] },
      { sid: empty, connectionSid: null, networks: [] },
    ]);
    assert.deepEqual(snapshot.credentialLists, [
      { sid: credentials, algorithm: "SHA-256", credentials: [{ username: "alice", ha1 }] },
    ]);
    assert.deepEqual(snapshot.numbers, [
      { sid: number, accountSid: account, trunkSid: trunk, phoneNumber: "+14155550100" },
      { sid: free, accountSid: account, trunkSid: null, phoneNumber: "+14155550101" },
    ]);
  });

  test("it is one state of the database: all is read in one repeatable-read transaction", async () => {
    const database = await open();
    await install(database);
    const asked: unknown[] = [];
    const watched: Database = {
      counts: () => database.counts(),
      engine: database.engine,
      query: () => assert.fail("outside of the transaction"),
      runScript: () => assert.fail("no script"),
      close: () => database.close(),
      transaction: (work, options) => {
        asked.push(options);
        return database.transaction(work, options);
      },
    };
    assert.equal((await compileSnapshot(watched, box))?.version, 1);
    assert.deepEqual(asked, [{ isolation: "repeatable read" }]);
  });

  test("with another key nothing is compiled", async () => {
    const database = await open();
    await install(database);
    await assert.rejects(compileSnapshot(database, new SecretBox(Buffer.alloc(32, 8))), {
      name: "SealError",
    });
  });

  test("concurrent changes each get a version of their own", async () => {
    const database = await open();
    await install(database);
    const versions = await Promise.all(Array.from({ length: 5 }, () => database.transaction(bumpSnapshot)));
    assert.deepEqual(
      versions.toSorted((a, b) => a - b),
      [2, 3, 4, 5, 6],
    );
  });
});

describeOnBothEngines("snapshot publisher", (open) => {
  async function start(database: Database) {
    const clock = new HandClock();
    const published: PublishedSnapshot[] = [];
    const failures: string[] = [];
    const logger = {
      info: () => undefined,
      warn: () => undefined,
      error: (event: string) => void failures.push(event),
    };
    const publisher = new SnapshotPublisher({
      database,
      box,
      clock,
      logger,
      publish: (snapshot) => published.push(snapshot),
      pollIntervalMs: 1000,
    });
    await publisher.start();
    return { clock, publisher, published, failures, versions: () => published.map(({ version }) => version) };
  }

  test("publishes at the start, after a notice, and on its own by looking now and then", async () => {
    const database = await open();
    await install(database);
    const { clock, publisher, published, versions } = await start(database);
    assert.deepEqual(versions(), [1]);
    assert.equal(JSON.parse(published[0]?.frame ?? "").kind, "snapshot");
    assert.equal(JSON.parse(published[0]?.frame ?? "").snapshot.version, 1);
    await database.query("update installation set realm = 'other.test'");
    await database.transaction(bumpSnapshot);
    publisher.notify();
    await until(() => versions().length === 2, "the notice's effect");
    assert.equal(published[0]?.changesSince(1), undefined);
    const changes = published[1]?.changesSince(1)?.map((text) => JSON.parse(text).change);
    assert.deepEqual(
      changes?.map(({ fromVersion, toVersion, settings }) => [fromVersion, toVersion, settings]),
      [[1, 2, { realm: "other.test" }]],
    );
    await database.transaction(bumpSnapshot);
    clock.advance(999);
    await publisher.close();
    assert.deepEqual(versions(), [1, 2], "not yet");
    const second = await start(database);
    assert.deepEqual(second.versions(), [3]);
    for (let version = 4; version <= 5; version += 1) {
      await database.transaction(bumpSnapshot);
      await until(() => second.clock.pendingTimers === 1, "the timer");
      second.clock.advance(1000);
      await until(() => second.versions().at(-1) === version, "the poll's effect");
    }
    await second.publisher.close();
    assert.equal(second.publisher.version, 5);
  });

  test("an unchanged version is not published again; many notices are few looks", async () => {
    const database = await open();
    await install(database);
    const { publisher, versions } = await start(database);
    for (let notice = 0; notice < 20; notice += 1) publisher.notify();
    await database.transaction(bumpSnapshot);
    for (let notice = 0; notice < 20; notice += 1) publisher.notify();
    await until(() => versions().length === 2, "the second version");
    await publisher.close();
    assert.deepEqual(versions(), [1, 2]);
  });

  test("a failure is logged and the next look makes good", async () => {
    const database = await open();
    await install(database);
    const { clock, publisher, versions, failures } = await start(database);
    await database.query("update installation set nonce_keys_encrypted = '', snapshot_version = 2");
    publisher.notify();
    await until(() => failures.length === 1, "the failure");
    assert.deepEqual(failures, ["snapshot-failed"]);
    await database.query("update installation set snapshot_version = 3, nonce_keys_encrypted = $1", [
      box.seal(JSON.stringify([{ id: 1, secret: "s", createdAtMs: 0 }]), purposes.nonceKeys),
    ]);
    clock.advance(1000);
    await until(() => versions().length === 2, "the next look");
    assert.deepEqual(versions(), [1, 3]);
    await publisher.close();
  });

  test("closed while it looks, it publishes no more", async () => {
    const database = await open();
    await install(database);
    const { clock, publisher, versions } = await start(database);
    await database.transaction(bumpSnapshot);
    publisher.notify();
    await publisher.close();
    assert.deepEqual(versions(), [1]);
    assert.equal(clock.pendingTimers, 0);
  });

  test("closed, it looks no more", async () => {
    const database = await open();
    await install(database);
    const { clock, publisher, versions } = await start(database);
    await publisher.close();
    assert.equal(clock.pendingTimers, 0);
    await database.transaction(bumpSnapshot);
    publisher.notify();
    clock.advance(10_000);
    await publisher.close();
    assert.deepEqual(versions(), [1]);
  });
});
