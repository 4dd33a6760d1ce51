import assert from "node:assert/strict";
import { test } from "node:test";
import { iso8601, rfc2822 } from "./dates.ts";

test("dates of both trees, whole seconds, UTC", () => {
  const date = new Date("2015-07-03T04:05:06.999Z");
  assert.equal(iso8601(date), "2015-07-03T04:05:06Z");
  assert.equal(rfc2822(date), "Fri, 03 Jul 2015 04:05:06 +0000");
});
