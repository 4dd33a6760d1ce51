import assert from "node:assert/strict";
import { test } from "node:test";
import { maxAgeOf } from "./max-age.ts";

const table: [cacheControl: string | undefined, seconds: number | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["public", undefined],
  ["max-age=600", 600],
  ['public, Max-Age="600"', 600],
  ["max-age=x, max-age=5", 5],
  ["max-age=-1", undefined],
  ["max-age=99999999999", undefined],
  ["no-store", 0],
  ["max-age=600, no-cache", 0],
];
for (const [cacheControl, seconds] of table) {
  test(`Cache-Control ${cacheControl ?? "left out"} is ${seconds ?? "nothing"}`, () =>
    assert.equal(maxAgeOf(cacheControl), seconds));
}
