import assert from "node:assert/strict";
import { test } from "node:test";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ownText } from "./own-text.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("the text is the same, whatever stands in it", () => {
  const every = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
  for (const length of [0, 1, 12, 13, 14, 256, 1023, 1024, 1025, 5000]) {
    const text = every.repeat(20).slice(0, length);
    assert.equal(ownText(text), text, `${length}`);
  }
  for (const text of ["a name of Grüße", "a name of Łódź and more", "not latin1 at all: 電話"]) {
    assert.equal(ownText(text), text);
  }
});

/** Long messages, so that what else comes and goes in this process does not count. */
const messageLength = 20_000;

function kept(cut: (message: string) => string): number {
  collect();
  const before = getHeapStatistics().used_heap_size;
  const all = Array.from({ length: 1000 }, (_, index) =>
    cut(Buffer.from(`${index}`.padEnd(messageLength, "x")).toString("latin1")),
  );
  collect();
  return (getHeapStatistics().used_heap_size - before) / all.length;
}

test("a part that is kept does not keep what it was cut from", () => {
  assert.ok(kept((message) => message.slice(10, 30)) > messageLength / 2);
  assert.ok(kept((message) => ownText(message.slice(10, 30))) < messageLength / 2);
});
