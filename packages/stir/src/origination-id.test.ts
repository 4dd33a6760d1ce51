import assert from "node:assert/strict";
import { test } from "node:test";
import { originationId } from "./origination-id.ts";

test("a UUID of version 5: the example of RFC 9562 Appendix A.4", () => {
  const dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
  assert.equal(originationId(dns, "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
});

test("the same for one customer, another for another, and for another installation", () => {
  const one = originationId("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "AC1");
  assert.equal(one, originationId("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "AC1"));
  assert.notEqual(one, originationId("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "AC2"));
  assert.notEqual(one, originationId("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "AC1"));
});
