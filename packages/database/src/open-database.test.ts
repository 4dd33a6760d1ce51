import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { lockDirectory } from "./engine/directory-lock.ts";
import { openDatabase } from "./open-database.ts";

describe("openDatabase", () => {
  test("an embedded database keeps its data, and its directory to one user", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tandem-pglite-"));
    try {
      const location = { kind: "embedded", dataDirectory: join(directory, "new", "database") } as const;
      const first = await openDatabase(location);
      await first.query("create table kept (text text)");
      await first.query("insert into kept values ('here')");
      await assert.rejects(openDatabase(location), {
        name: "DirectoryLockedError",
        message: `the database in ${location.dataDirectory} is open in another process`,
      });
      await first.close();
      const second = await openDatabase(location);
      assert.deepEqual(await second.query("select text from kept"), [{ text: "here" }]);
      await second.close();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("directories are locked one by one, by what they are and not how they are called", async () => {
    const directory = await mkdtemp(join(tmpdir(), "tandem-pglite-"));
    try {
      const lock = await lockDirectory(directory);
      await assert.rejects(lockDirectory(`${directory}/../${directory.split("/").at(-1)}`), {
        name: "DirectoryLockedError",
      });
      const other = await lockDirectory(tmpdir());
      other?.close();
      lock?.close();
      (await lockDirectory(directory))?.close();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test("a server that is not there is an error with the code of a lost connection", async () => {
    const database = await openDatabase({ kind: "server", url: "postgres://nobody@127.0.0.1:1/none" });
    await assert.rejects(database.query("select 1"), { name: "QueryError", code: "08000" });
    await assert.rejects(
      database.transaction(async () => 1),
      { name: "QueryError", code: "08000" },
    );
    await database.close();
  });
});
