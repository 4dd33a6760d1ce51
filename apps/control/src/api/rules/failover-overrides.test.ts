import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../conventions/api-error.ts";
import { maximumFailoverOverrides, readFailoverOverrides } from "./failover-overrides.ts";

test("status codes 300-699 and the two verdicts", () => {
  assert.deepEqual(readFailoverOverrides(null), {});
  assert.deepEqual(readFailoverOverrides("{}"), {});
  assert.deepEqual(readFailoverOverrides('{"300":"next","699":"stop"}'), { "300": "next", "699": "stop" });
  const refused = [
    "",
    "null",
    "[]",
    "1",
    '"503"',
    "{",
    '{"299":"next"}',
    '{"700":"next"}',
    '{"5030":"next"}',
    '{"50":"next"}',
    '{"503":"NEXT"}',
    '{"503":null}',
    '{"503":true}',
    '{"x503":"next"}',
  ];
  for (const text of refused) assert.throws(() => readFailoverOverrides(text), isInvalid, text);
});

test("64 entries at most", () => {
  const entries = (count: number) =>
    JSON.stringify(
      Object.fromEntries(Array.from({ length: count }, (_none, index) => [400 + index, "next"])),
    );
  assert.equal(Object.keys(readFailoverOverrides(entries(maximumFailoverOverrides))).length, 64);
  assert.throws(() => readFailoverOverrides(entries(maximumFailoverOverrides + 1)), isInvalid);
});

function isInvalid(error: unknown): boolean {
  return error instanceof ApiError && error.code === 20001;
}
