import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../conventions/api-error.ts";
import { domainLabelOf, domainNameOf } from "./domain-name.ts";

test("a name and its label", () => {
  assert.equal(domainLabelOf("A.b-1.PSTN.Tandem.test", "tandem.TEST"), "a.b-1");
  assert.equal(domainNameOf("a.b-1", "tandem.test"), "a.b-1.pstn.tandem.test");
  assert.equal(domainLabelOf(null, "tandem.test"), null);
  assert.equal(domainNameOf(null, "tandem.test"), null);
});

test("a name has 253 characters at most (RFC 1035 §2.3.4)", () => {
  const suffix = ".pstn.tandem.test";
  const label = (length: number) =>
    `${"x".repeat(60)}.${"x".repeat(60)}.${"x".repeat(60)}.${"x".repeat(length - 183)}`;
  const longest = label(253 - suffix.length);
  assert.equal(domainLabelOf(longest + suffix, "tandem.test"), longest);
  assert.throws(
    () => domainLabelOf(label(254 - suffix.length) + suffix, "tandem.test"),
    (error) => error instanceof ApiError && error.code === 91101,
  );
});
