import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultNice, raisePriority } from "./thread-priority.ts";

function thread(nice: number): { nice: number; getPriority(): number; setPriority(value: number): void } {
  return {
    nice,
    getPriority() {
      return this.nice;
    },
    setPriority(value) {
      this.nice = value;
    },
  };
}

test("the thread gets the default, or what the configuration says", () => {
  const one = thread(0);
  assert.equal(raisePriority(undefined, one), undefined);
  assert.equal(one.nice, -10);
  assert.equal(defaultNice, -10);
  for (const nice of [0, 5, -20]) {
    assert.equal(raisePriority(nice, one), undefined);
    assert.equal(one.nice, nice);
  }
});

test("a process that was started with a nice value keeps it, unless the configuration says another", () => {
  for (const started of [10, -5]) {
    const one = thread(started);
    assert.equal(raisePriority(undefined, one), undefined);
    assert.equal(one.nice, started);
    raisePriority(-1, one);
    assert.equal(one.nice, -1);
  }
});

test("a refusal is told, and nothing is thrown", () => {
  const denied = {
    getPriority: () => 0,
    setPriority: () => {
      throw new Error("EACCES: permission denied");
    },
  };
  assert.equal(raisePriority(undefined, denied), "EACCES: permission denied");
});
