import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "../testing/index.ts";
import { type PageWindow, selectPage } from "./page.ts";

// Sequences 10, 20, … 50 belong to the list; 25 and 60 do not.
const list = {
  select: "select sequence from (values (10), (20), (25), (30), (40), (50), (60)) as numbers (sequence)",
  where: "sequence % $1 = 0 and sequence < $2",
  parameters: [10, 60],
  sequence: "sequence",
};

const table: [window: PageWindow, rows: number[], hasPrevious: boolean, hasNext: boolean][] = [
  [{ limit: 2 }, [10, 20], false, true],
  [{ limit: 5 }, [10, 20, 30, 40, 50], false, false],
  [{ limit: 4 }, [10, 20, 30, 40], false, true],
  [{ limit: 6 }, [10, 20, 30, 40, 50], false, false],
  [{ limit: 2, after: 20 }, [30, 40], true, true],
  [{ limit: 3, after: 20 }, [30, 40, 50], true, false],
  [{ limit: 2, after: 19 }, [20, 30], true, true],
  [{ limit: 2, after: 9 }, [10, 20], false, true],
  [{ limit: 2, after: 10 }, [20, 30], true, true],
  [{ limit: 2, after: 50 }, [], true, false],
  [{ limit: 2, before: 40 }, [20, 30], true, true],
  [{ limit: 3, before: 40 }, [10, 20, 30], false, true],
  [{ limit: 2, before: 10 }, [], false, true],
  [{ limit: 2, before: 50 }, [30, 40], true, true],
  [{ limit: 2, before: 51 }, [40, 50], true, false],
];

describeOnBothEngines("pages", (open) => {
  test("rows in ascending order, and what lies on either side", async () => {
    const database = await open();
    for (const [window, rows, hasPrevious, hasNext] of table) {
      const page = await selectPage<{ sequence: number }>(database, list, window);
      assert.deepEqual(
        { ...page, rows: page.rows.map((row) => row.sequence) },
        { rows, hasPrevious, hasNext },
        JSON.stringify(window),
      );
    }
  });
});
