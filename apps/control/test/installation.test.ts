import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import {
  accessTokenMatches,
  createSid,
  type Database,
  findCaller,
  findInstallation,
  snapshotVersion,
} from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import {
  bootstrapInstallation,
  changeLinePool,
  changeNames,
  checkKey,
  rotateDueBackboneKeys,
  rotateDueNonceKeys,
} from "../src/installation/index.ts";
import {
  backboneKeyLifetimeMs,
  KeyRotation,
  nonceKeyLifetimeMs,
  rotationCheckMs,
} from "../src/installation/key-rotation.ts";
import { openBackboneKeys, openNonceKeys, SecretBox } from "../src/secrets/index.ts";
import { until } from "./stream-gateway.ts";

const box = new SecretBox(Buffer.alloc(32, 1));

function bootstrap(database: Database, keep: () => Promise<void> = async () => undefined) {
  return bootstrapInstallation({
    database,
    box,
    baseDomain: "tandem.test",
    realm: "realm.test",
    nowMs: 1000,
    keep,
  });
}

describeOnBothEngines("installation", (open) => {
  test("the first start makes the operator's account; the second makes nothing", async () => {
    const database = await open();
    const credentials = await bootstrap(database);
    assert.ok(credentials);
    const caller = await findCaller(database, credentials.accountSid);
    assert.equal(caller?.is_operator, true);
    assert.equal(accessTokenMatches(credentials.authToken, caller?.hash), true);
    assert.equal(await bootstrap(database), undefined);
    assert.equal((await database.query("select 1 from accounts")).length, 1);
    const installation = await findInstallation(database);
    assert.equal(installation?.base_domain, "tandem.test");
    assert.equal(installation?.realm, "realm.test");
    assert.equal(installation?.snapshot_version, 1);
  });

  test("credentials that cannot be kept leave nothing behind", async () => {
    const database = await open();
    await assert.rejects(
      bootstrap(database, async () => {
        throw new Error("disk full");
      }),
      /disk full/,
    );
    assert.equal(await findInstallation(database), undefined);
    assert.ok(await bootstrap(database));
  });

  test("another key is recognised", async () => {
    const database = await open();
    await bootstrap(database);
    const installation = await findInstallation(database);
    assert.ok(installation);
    checkKey(installation, box);
    assert.throws(() => checkKey(installation, new SecretBox(Buffer.alloc(32, 2))), { code: "wrong-key" });
  });

  test("names change, and the snapshot with them; nothing to change bumps nothing", async () => {
    const database = await open();
    await bootstrap(database);
    assert.deepEqual(await changeNames(database, { baseDomain: undefined, realm: undefined }), {
      baseDomain: "tandem.test",
      realm: "realm.test",
    });
    assert.equal(await snapshotVersion(database), 1);
    await changeNames(database, { baseDomain: "example.test", realm: "other.test" });
    assert.equal(await snapshotVersion(database), 2);
    assert.equal((await findInstallation(database))?.realm, "other.test");
  });

  test("the realm is fixed while there are credentials, the base domain is not", async () => {
    const database = await open();
    const operator = await bootstrap(database);
    const list = createSid("CL");
    await database.query(
      "insert into credential_lists (sid, account_sid, friendly_name) values ($1, $2, 'l')",
      [list, operator?.accountSid],
    );
    await database.query(
      "insert into credentials (sid, credential_list_sid, username, ha1_encrypted) values ($1, $2, 'u', 'x')",
      [createSid("CR"), list],
    );
    await assert.rejects(changeNames(database, { baseDomain: undefined, realm: "other.test" }), {
      code: "realm-is-fixed",
    });
    await changeNames(database, { baseDomain: "example.test", realm: "realm.test" });
    assert.equal((await findInstallation(database))?.base_domain, "example.test");
    await database.query("delete from credentials");
    await changeNames(database, { baseDomain: undefined, realm: "other.test" });
    assert.equal((await findInstallation(database))?.realm, "other.test");
  });

  test("nonce keys rotate when due, once however many programs try", async () => {
    const database = await open();
    await bootstrap(database);
    const lifetimeMs = 60_000;
    assert.equal(await rotateDueNonceKeys(database, box, 60_999, lifetimeMs), false);
    assert.equal(await snapshotVersion(database), 1);
    // Sessions that are open already begin at the same time.
    await Promise.all([1, 2, 3, 4].map(() => database.query("select 1")));
    const both = await Promise.all(
      [1, 2, 3, 4].map(() => rotateDueNonceKeys(database, box, 61_000, lifetimeMs)),
    );
    assert.equal(both.filter((isRotated) => isRotated).length, 1);
    assert.equal(await snapshotVersion(database), 2);
    const installation = await findInstallation(database);
    assert.ok(installation);
    assert.deepEqual(
      openNonceKeys(box, installation.nonce_keys_encrypted).map((key) => key.id),
      [2, 1],
    );
  });

  test("the rotation looks at the start and every ten minutes, and says when it has rotated", async () => {
    const database = await open();
    const clock = new HandClock();
    const nowMs = clock.wallMs();
    await bootstrapInstallation({
      database,
      box,
      baseDomain: "tandem.test",
      realm: "realm.test",
      // Due five minutes from now.
      nowMs: nowMs - nonceKeyLifetimeMs + 300_000,
      keep: async () => undefined,
    });
    let rotations = 0;
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const onRotated = () => {
      rotations += 1;
    };
    const rotation = new KeyRotation({ database, box, clock, logger: silent, onRotated });
    await rotation.start();
    assert.equal(rotations, 0);
    clock.advance(rotationCheckMs - 1);
    assert.equal(clock.pendingTimers, 1);
    clock.advance(1);
    await until(() => rotations === 2 && clock.pendingTimers === 1, "the rotation");
    assert.equal(await snapshotVersion(database), 3);
    rotation.close();
    assert.equal(clock.pendingTimers, 0);
  });

  test("backbone keys rotate when due, and an installation without any gets them", async () => {
    const database = await open();
    await bootstrap(database);
    const ids = async () => {
      const sealed = (await findInstallation(database))?.backbone_keys_encrypted;
      assert.ok(sealed);
      return openBackboneKeys(box, sealed).map((key) => key.id);
    };
    assert.deepEqual(await ids(), [1, 2]);
    assert.equal(await rotateDueBackboneKeys(database, box, 60_999, 60_000), false);
    const turns = await Promise.all(
      [1, 2, 3].map(() => rotateDueBackboneKeys(database, box, 61_000, 60_000)),
    );
    assert.equal(turns.filter((isRotated) => isRotated).length, 1);
    assert.deepEqual(await ids(), [2, 3, 1]);
    assert.equal(await snapshotVersion(database), 2);
    await database.query("update installation set backbone_keys_encrypted = null");
    const clock = new HandClock();
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const rotation = new KeyRotation({ database, box, clock, logger: silent, onRotated: () => undefined });
    await rotation.start();
    rotation.close();
    assert.deepEqual(await ids(), [1, 2]);
    assert.equal(backboneKeyLifetimeMs, 86_400_000);
  });

  test("the line pool changes while its lines and routes allow it", async () => {
    const database = await open();
    const operator = await bootstrap(database);
    const pool = async () => (await findInstallation(database))?.line_pool;
    assert.equal(await pool(), "100.127.0.0/16");
    await changeLinePool(database, undefined);
    await changeLinePool(database, "100.127.0.0/16");
    assert.equal(await snapshotVersion(database), 1);
    await changeLinePool(database, "10.64.0.0/28");
    assert.equal(await pool(), "10.64.0.0/28");
    assert.equal(await snapshotVersion(database), 2);
    await database.query(
      "insert into edges (name, legacy_id, region, kind) values ('e-ix', 'l-ix', 'r', 'private')",
    );
    const sid = createSid("TX");
    await database.query(
      `insert into connections (sid, account_sid, type, edge, bandwidth_mbps, status, device, line_number)
       values ($1, $2, 'vpn', 'e-ix', 10, 'active', 'tx-1', 14)`,
      [sid, operator?.accountSid],
    );
    await database.query(
      "insert into connection_routes (connection_sid, network) values ($1, '10.80.0.0/24')",
      [sid],
    );
    await changeLinePool(database, "10.65.0.0/28");
    const unusable = { code: "line-pool-unusable" };
    await database.query("update connections set line_number = 15");
    await assert.rejects(changeLinePool(database, "10.66.0.0/28"), unusable);
    await assert.rejects(changeLinePool(database, "10.80.0.0/16"), unusable);
    assert.equal(await pool(), "10.65.0.0/28");
  });

  test("a rotation that is closed while it looks plans no other look", async () => {
    const database = await open();
    await bootstrap(database);
    const clock = new HandClock();
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const rotation = new KeyRotation({
      database,
      box,
      clock,
      logger: silent,
      onRotated: () => undefined,
    });
    const started = rotation.start();
    rotation.close();
    await started;
    assert.equal(clock.pendingTimers, 0);
  });
});
