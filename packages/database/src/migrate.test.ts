import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { type MigrationFile, migrate, readMigrations } from "./migrate.ts";
import { describeOnBothEngines } from "./testing/index.ts";

function file(name: string, sql: string): MigrationFile {
  return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

const own = await readMigrations();
const added = (number: number) =>
  file(`${number}-thing`, `create table thing_${number} (id integer); select 1;`);

test("migrations are read in order of their numbers, with SHA-256 of their text", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tandem-migrations-"));
  try {
    await writeFile(join(directory, "0002-b.sql"), "two");
    await writeFile(join(directory, "0001-a.sql"), "one");
    await writeFile(join(directory, "README.md"), "no");
    assert.deepEqual(await readMigrations(pathToFileURL(`${directory}/`)), [
      file("0001-a", "one"),
      file("0002-b", "two"),
    ]);
    await writeFile(join(directory, "3-c.sql"), "three");
    await assert.rejects(readMigrations(pathToFileURL(`${directory}/`)), { code: "migration-name" });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("the package's own migrations have numbers without gaps", () => {
  assert.deepEqual(
    own.map((migration) => migration.name.slice(0, 4)),
    own.map((_, place) => String(place + 1).padStart(4, "0")),
  );
});

// What these tests add to a schema would stay in PGlite's shared ones: every one of them rolls back.
class Undo extends Error {}

describeOnBothEngines("migrate", (open) => {
  async function inVain(work: (database: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
    const database = await open();
    const undone = database.transaction(async () => {
      await work(database);
      throw new Undo();
    });
    await assert.rejects(undone, Undo);
  }

  test("runs what is new, once, and says what", () =>
    inVain(async (database) => {
      assert.deepEqual(await migrate(database), [], "the test database is migrated");
      assert.deepEqual(await migrate(database, [...own, added(9001), added(9002)]), [
        "9001-thing",
        "9002-thing",
      ]);
      assert.deepEqual(await migrate(database, [...own, added(9001), added(9002)]), []);
      await database.query("select id from thing_9002");
    }));

  test("an old migration that was changed is refused", () =>
    inVain(async (database) => {
      const changed = own.map((migration, place) =>
        place === 0 ? file(migration.name, `${migration.sql} `) : migration,
      );
      await assert.rejects(migrate(database, changed), {
        name: "MigrationError",
        code: "migration-changed",
        message: `migration ${own[0]?.name} has run already and was changed afterwards: restore it and write a new one`,
      });
    }));

  test("a database of a newer program is refused", () =>
    inVain(async (database) => {
      await assert.rejects(migrate(database, own.slice(0, -1)), { code: "database-is-newer" });
    }));

  test("a new migration before one that has run is refused", () =>
    inVain(async (database) => {
      await migrate(database, [...own, added(9002)]);
      await assert.rejects(migrate(database, [...own, added(9001), added(9002)]), {
        code: "migration-out-of-order",
      });
    }));

  test("a migration that fails leaves nothing of those before it", () =>
    inVain(async (database) => {
      const broken = file("9002-broken", "create table nonsense (");
      await assert.rejects(migrate(database, [...own, added(9001), broken]), { code: "42601" });
      await assert.rejects(
        database.transaction((transaction) => transaction.query("select * from thing_9001")),
        { code: "42P01" },
      );
      assert.deepEqual(await migrate(database, own), []);
    }));

  test("programs that start at the same time migrate one after the other", async () => {
    const database = await open();
    // PGlite has one session: there are no two at a time.
    if (database.engine === "pglite") return;
    const files = [...own, added(9001), added(9002)];
    const runs = await Promise.all([1, 2, 3].map(() => migrate(database, files)));
    assert.deepEqual(
      runs.toSorted((a, b) => b.length - a.length),
      [["9001-thing", "9002-thing"], [], []],
    );
  });
});
