import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageWindow } from "@tandem/database";
import { pageOfRows } from "./row-page.ts";

const rows = [2, 3, 5, 8, 13].map((sequence) => ({ sequence }));

const table: [window: PageWindow, sequences: number[], hasPrevious: boolean, hasNext: boolean][] = [
  [{ limit: 2 }, [2, 3], false, true],
  [{ limit: 5 }, [2, 3, 5, 8, 13], false, false],
  [{ limit: 2, after: 3 }, [5, 8], true, true],
  [{ limit: 2, after: 4 }, [5, 8], true, true],
  [{ limit: 2, after: 8 }, [13], true, false],
  [{ limit: 2, after: 13 }, [], true, false],
  [{ limit: 2, before: 8 }, [3, 5], true, true],
  [{ limit: 2, before: 3 }, [2], false, true],
  [{ limit: 2, before: 2 }, [], false, true],
  [{ limit: 9, before: 99 }, [2, 3, 5, 8, 13], false, false],
];

for (const [window, sequences, hasPrevious, hasNext] of table) {
  test(`the page of ${JSON.stringify(window)}`, () => {
    const page = pageOfRows(rows, window);
    assert.deepEqual(
      [page.rows.map((row) => row.sequence), page.hasPrevious, page.hasNext],
      [sequences, hasPrevious, hasNext],
    );
  });
}
