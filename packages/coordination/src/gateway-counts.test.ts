import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeCounts, encodeCounts, maximumCount, maximumCountsLength } from "./gateway-counts.ts";

test("what is written can be read, and looked at with redis-cli", () => {
  const counts = { calls: new Map([["TK1", 3]]), begun: new Map([["TK2", 7]]) };
  const text = encodeCounts(counts);
  assert.equal(text, '{"version":1,"calls":["TK1",3],"begun":["TK2",7]}');
  assert.deepEqual(decodeCounts(text), counts);
});

test("any names and counts come back as they were", () => {
  const counts = fc
    .dictionary(fc.string(), fc.nat(maximumCount))
    .map((record) => new Map(Object.entries(record)));
  fc.assert(
    fc.property(counts, counts, (calls, begun) => {
      assert.deepEqual(decodeCounts(encodeCounts({ calls, begun })), { calls, begun });
    }),
  );
});

for (const [what, text] of [
  ["nothing", ""],
  ["no JSON", "{"],
  ["no object", "[]"],
  ["null", "null"],
  ["another version", '{"version":2,"calls":[],"begun":[]}'],
  ["a part that is missing", '{"version":1,"calls":[]}'],
  ["an object in place of a list", '{"version":1,"calls":{},"begun":[]}'],
  ["a name without a count", '{"version":1,"calls":["TK1"],"begun":[]}'],
  ["a count without a name", '{"version":1,"calls":[3,3],"begun":[]}'],
  ["a text in place of a count", '{"version":1,"calls":["TK1","3"],"begun":[]}'],
  ["less than none", '{"version":1,"calls":["TK1",-1],"begun":[]}'],
  ["a part of a call", '{"version":1,"calls":["TK1",0.5],"begun":[]}'],
  ["too many calls", `{"version":1,"calls":[],"begun":["TK1",${maximumCount + 1}]}`],
] as const) {
  test(`${what} is no counts`, () => assert.equal(decodeCounts(text), undefined));
}

test("a text of the greatest length is read, a longer one is not", () => {
  const text = '{"version":1,"calls":[],"begun":[]}';
  assert.notEqual(decodeCounts(text.padEnd(maximumCountsLength)), undefined);
  assert.equal(decodeCounts(text.padEnd(maximumCountsLength + 1)), undefined);
});

test("any text is read without an error", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeCounts(text)));
});
