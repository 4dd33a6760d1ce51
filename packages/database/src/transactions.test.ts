import assert from "node:assert/strict";
import { test } from "node:test";
import type { Database } from "./database.ts";
import { isUniqueViolation, QueryError } from "./query-error.ts";
import { describeOnBothEngines } from "./testing/index.ts";

async function edge(database: Pick<Database, "query">, name: string): Promise<void> {
  await database.query(
    "insert into edges (name, legacy_id, region, kind) values ($1, $1 || '-legacy', 'us1', 'public')",
    [name],
  );
}

async function edges(database: Pick<Database, "query">): Promise<string> {
  const rows = await database.query<{ name: string }>("select name from edges order by name");
  return rows.map((row) => row.name).join(" ");
}

describeOnBothEngines("transactions", (open) => {
  test("a transaction commits when its function returns, and gives its result", async () => {
    const database = await open();
    const result = await database.transaction(async (transaction) => {
      await edge(transaction, "a");
      return 7;
    });
    assert.equal(result, 7);
    assert.equal(await edges(database), "a");
  });

  test("a transaction rolls back when its function throws", async () => {
    const database = await open();
    const work = database.transaction(async (transaction) => {
      await edge(transaction, "a");
      throw new RangeError("enough");
    });
    await assert.rejects(work, RangeError);
    assert.equal(await edges(database), "");
  });

  test("the outer handle joins the transaction that is open: no deadlock, one rollback for both", async () => {
    const database = await open();
    const work = database.transaction(async () => {
      await edge(database, "a");
      await database.transaction(() => edge(database, "b"));
      assert.equal(await edges(database), "a b");
      throw new RangeError("enough");
    });
    await assert.rejects(work, RangeError);
    assert.equal(await edges(database), "");
  });

  test("a nested transaction that fails undoes only itself", async () => {
    const database = await open();
    await database.transaction(async (transaction) => {
      await edge(transaction, "a");
      await assert.rejects(
        transaction.transaction(async (inner) => {
          await edge(inner, "b");
          await edge(inner, "a");
        }),
        (error) => isUniqueViolation(error, "edges_pkey"),
      );
      await edge(transaction, "c");
    });
    assert.equal(await edges(database), "a c");
  });

  test("concurrent nested transactions do not mix their savepoints", async () => {
    const database = await open();
    await database.transaction(async (transaction) => {
      const results = await Promise.allSettled(
        ["a", "b", "c", "d"].map((name, place) =>
          transaction.transaction(async (inner) => {
            await edge(inner, name);
            if (place % 2 === 1) throw new RangeError("odd");
          }),
        ),
      );
      assert.deepEqual(
        results.map((result) => result.status),
        ["fulfilled", "rejected", "fulfilled", "rejected"],
      );
    });
    assert.equal(await edges(database), "a c");
  });

  test("concurrent transactions are separate", async () => {
    const database = await open();
    const results = await Promise.allSettled(
      ["a", "b", "c", "d", "e", "f", "g", "h"].map((name, place) =>
        database.transaction(async (transaction) => {
          await edge(transaction, name);
          await transaction.query("select 1");
          if (place % 2 === 1) throw new RangeError("odd");
        }),
      ),
    );
    assert.equal(results.filter((result) => result.status === "rejected").length, 4);
    assert.equal(await edges(database), "a c e g");
  });

  test("a handle that outlives its transaction is refused; the outer one works alone again", async () => {
    const database = await open();
    const ended = Promise.withResolvers<void>();
    let late: Promise<void> | undefined;
    const kept = await database.transaction(async (transaction) => {
      late = ended.promise.then(() => edge(database, "late"));
      return transaction;
    });
    await assert.rejects(kept.query("select 1"), { code: "25P01" });
    ended.resolve();
    await late;
    assert.equal(await edges(database), "late");
  });

  test("a repeatable-read transaction sees one state of things", async () => {
    const database = await open();
    const rows = await database.transaction(
      (transaction) => transaction.query("select current_setting('transaction_isolation') as isolation"),
      { isolation: "repeatable read" },
    );
    assert.deepEqual(rows, [{ isolation: "repeatable read" }]);
  });

  test("both engines give the same JavaScript values", async () => {
    const database = await open();
    const [row] = await database.query(
      `select 9007199254740991::bigint as big, 1.5::float8 as float, true as yes, null as nothing,
         '{"a":[1]}'::jsonb as json, array['x','y'] as list, '\\x00ff'::bytea as bytes,
         '192.0.2.1'::inet as address, '192.0.2.0/24'::cidr as network,
         '2026-01-02T03:04:05.678Z'::timestamptz as time`,
    );
    assert.ok(row);
    assert.deepEqual(Buffer.from(row["bytes"] as Uint8Array).toString("hex"), "00ff");
    assert.deepEqual(
      { ...row, bytes: undefined },
      {
        big: 9007199254740991,
        float: 1.5,
        yes: true,
        nothing: null,
        json: { a: [1] },
        list: ["x", "y"],
        bytes: undefined,
        address: "192.0.2.1",
        network: "192.0.2.0/24",
        time: new Date("2026-01-02T03:04:05.678Z"),
      },
    );
  });

  test("both engines take the same parameters", async () => {
    const database = await open();
    const [row] = await database.query(
      `select $1::jsonb as json, $2::text[] as list, $3::bytea as bytes, $4::timestamptz as time,
         $5::boolean as no, $6::text as nothing, $7::bigint as big`,
      [JSON.stringify([{ a: 1 }]), ["x", 'y"z'], Buffer.from("00ff", "hex"), new Date(0), false, null, 5],
    );
    assert.ok(row);
    assert.equal(Buffer.from(row["bytes"] as Uint8Array).toString("hex"), "00ff");
    assert.deepEqual(
      { ...row, bytes: undefined },
      {
        json: [{ a: 1 }],
        list: ["x", 'y"z'],
        bytes: undefined,
        time: new Date(0),
        no: false,
        nothing: null,
        big: 5,
      },
    );
  });

  test("an error carries SQLSTATE, constraint and table", async () => {
    const database = await open();
    await edge(database, "a");
    await assert.rejects(edge(database, "a"), (error) => {
      assert.ok(error instanceof QueryError);
      assert.equal(error.code, "23505");
      assert.equal(error.constraint, "edges_pkey");
      assert.equal(error.table, "edges");
      return true;
    });
    await assert.rejects(database.query("select nonsense"), { code: "42703" });
  });

  test("after close every use is refused, and close again does nothing", async () => {
    const database = await open();
    await database.close();
    await database.close();
    await assert.rejects(database.query("select 1"), { code: "08000", message: "the database is closed" });
    await assert.rejects(
      database.transaction(async () => 1),
      { code: "08000" },
    );
  });
});
