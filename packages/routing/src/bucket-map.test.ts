import assert from "node:assert/strict";
import { test } from "node:test";
import { type BucketMap, BucketMapBuilder } from "./bucket-map.ts";
import { seededRandom } from "./seeded-random.ts";

const entriesOf = (map: BucketMap<string, string>, keys: readonly string[]) =>
  keys.flatMap((key) => map.get(key) ?? []);

test("whatever is set and deleted, it holds what a Map holds, and the maps before hold what they held", () => {
  const random = seededRandom(41);
  const keys = Array.from({ length: 3000 }, (_, index) => `key ${index}`);
  const expected = new Map<string, string>();
  let map = new BucketMapBuilder<string, string>().build();
  const earlier: [map: BucketMap<string, string>, expected: readonly string[]][] = [];
  for (let round = 0; round < 60; round += 1) {
    const builder = new BucketMapBuilder(map);
    for (let times = 0; times < 100; times += 1) {
      const key = keys[Math.floor(random() * keys.length)] ?? "";
      if (random() < 0.3) {
        builder.delete(key);
        expected.delete(key);
      } else {
        builder.set(key, `${key} in ${round}`);
        expected.set(key, `${key} in ${round}`);
      }
      assert.equal(builder.get(key), expected.get(key));
      assert.equal(builder.size, expected.size);
    }
    map = builder.build();
    earlier.push([map, keys.flatMap((key) => expected.get(key) ?? [])]);
  }
  for (const [one, held] of earlier) {
    assert.deepEqual(entriesOf(one, keys), held);
    assert.equal(one.size, held.length);
    assert.deepEqual([...one.values()].sort(), [...held].sort());
  }
});

test("a key that is not there changes nothing by being deleted", () => {
  const builder = new BucketMapBuilder<string, number>();
  builder.set("a", 1);
  builder.delete("b");
  const map = builder.build();
  assert.deepEqual([map.size, map.get("a"), map.get("b")], [1, 1, undefined]);
});

test("keys are spread: a changed copy is a small one", () => {
  const builder = new BucketMapBuilder<number | string, true>();
  for (let index = 0; index < 50_000; index += 1) {
    builder.set(index * 64 * 256, true);
    builder.set(`TK${index.toString(16).padStart(32, "0")}`, true);
  }
  const sizes = builder.build().root.flatMap((node) => node?.map((bucket) => bucket?.size ?? 0) ?? []);
  assert.equal(sizes.length, 4096);
  assert.ok(Math.max(...sizes) < 100, `${Math.max(...sizes)} of 100000 in one bucket`);
});
