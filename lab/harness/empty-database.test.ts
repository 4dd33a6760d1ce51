import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { openDatabase } from "@tandem/database";
import { placeEmptyDatabase } from "./empty-database.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tandem-empty-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("each has an empty database of its own, also when they ask at a time", async () => {
  const places = ["one", "other"].map((name) => join(folder, name, "database"));
  await Promise.all(places.map((place) => placeEmptyDatabase(place)));
  for (const dataDirectory of places) {
    const database = await openDatabase({ kind: "embedded", dataDirectory });
    const [row] = await database.query<{ count: number }>(
      "select count(*)::integer as count from pg_tables where schemaname = 'public'",
      [],
    );
    assert.equal(row?.count, 0);
    await database.query("create table filled (x integer)", []);
    await database.close();
  }
});

test("what is there already stays as it is", async () => {
  const place = join(folder, "database");
  mkdirSync(place);
  await placeEmptyDatabase(place);
  assert.equal(existsSync(place), true);
  assert.deepEqual(readdirSync(place), []);
});
