import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeCounts } from "./gateway-counts.ts";
import { RegionCounts } from "./region-counts.ts";

type Counts = Readonly<Record<string, number>>;

const says = (calls: Counts, begun: Counts = {}): string =>
  encodeCounts({ calls: new Map(Object.entries(calls)), begun: new Map(Object.entries(begun)) });

function region() {
  const begun: [sid: string, calls: number][] = [];
  const counts = new RegionCounts((sid, calls) => begun.push([sid, calls]));
  const hear = (texts: Readonly<Record<string, string>>): void => counts.hear(new Map(Object.entries(texts)));
  return { counts, begun, hear };
}

test("calls at a time are added up over the others", () => {
  const { counts, hear } = region();
  assert.equal(counts.callsOf("TK1"), 0);
  hear({ a: says({ TK1: 2, TK2: 1 }), b: says({ TK1: 3 }) });
  assert.deepEqual([counts.callsOf("TK1"), counts.callsOf("TK2"), counts.gateways], [5, 1, 2]);
  hear({ a: says({ TK1: 1 }), b: says({ TK1: 3 }) });
  assert.deepEqual([counts.callsOf("TK1"), counts.callsOf("TK2")], [4, 0]);
});

test("who is not heard any more is gone, and its calls with it", () => {
  const { counts, hear } = region();
  hear({ a: says({ TK1: 2 }), b: says({ TK1: 3 }) });
  hear({ b: says({ TK1: 3 }) });
  assert.deepEqual([counts.callsOf("TK1"), counts.gateways], [3, 1]);
  counts.forget();
  assert.deepEqual([counts.callsOf("TK1"), counts.gateways], [0, 0]);
});

test("calls that were begun are what came since the last time", () => {
  const { begun, hear } = region();
  hear({ a: says({}, { TK1: 100 }) });
  assert.deepEqual(begun, [], "nobody knows when these were");
  hear({ a: says({}, { TK1: 100 }) });
  assert.deepEqual(begun, []);
  hear({ a: says({}, { TK1: 103, TK2: 2 }) });
  assert.deepEqual(begun.splice(0), [
    ["TK1", 3],
    ["TK2", 2],
  ]);
  hear({ a: says({}, { TK2: 2 }) });
  hear({ a: says({}, { TK2: 2, TK1: 1 }) });
  assert.deepEqual(begun.splice(0), [["TK1", 1]], "the trunk had a rest");
});

test("a gateway that has started again begins its counts anew", () => {
  const { counts, begun, hear } = region();
  hear({ a: says({ TK1: 4 }, { TK1: 50 }) });
  hear({ a: says({ TK1: 4 }, { TK1: 2 }) });
  assert.deepEqual(begun.splice(0), [["TK1", 2]]);
  assert.equal(counts.callsOf("TK1"), 4, "it has adopted its calls");
});

test("a gateway that was away has used its own share: what it begun meanwhile is nobody's debt", () => {
  const { begun, hear } = region();
  hear({ a: says({}, { TK1: 5 }) });
  hear({});
  hear({ a: says({}, { TK1: 500 }) });
  assert.deepEqual(begun, []);
});

test("a text that can't be read has no calls, and is told", () => {
  const { counts, begun, hear } = region();
  hear({ a: says({ TK1: 2 }, { TK1: 2 }) });
  hear({ a: "damaged" });
  assert.deepEqual([counts.callsOf("TK1"), counts.gateways, counts.unreadable], [0, 1, 1]);
  hear({ a: says({ TK1: 2 }, { TK1: 9 }) });
  assert.deepEqual([counts.callsOf("TK1"), counts.unreadable, begun.length], [2, 0, 0]);
});

test("whatever was heard before, the sums are those of what was heard last", () => {
  const name = fc.constantFrom("a", "b", "c");
  const text = fc.oneof(
    fc.dictionary(fc.constantFrom("TK1", "TK2", "TK3"), fc.nat(5)).map((calls) => says(calls)),
    fc.constant("damaged"),
  );
  const round = fc.dictionary(name, text);
  fc.assert(
    fc.property(fc.array(round, { minLength: 1 }), (rounds) => {
      const [all, last] = [region(), region()];
      for (const one of rounds) all.hear(one);
      last.hear(rounds.at(-1) ?? {});
      for (const sid of ["TK1", "TK2", "TK3"]) {
        assert.equal(all.counts.callsOf(sid), last.counts.callsOf(sid));
      }
    }),
  );
});
