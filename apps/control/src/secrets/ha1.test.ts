import assert from "node:assert/strict";
import { test } from "node:test";
import { computeHa1 } from "./ha1.ts";

test("MD5: the example of RFC 2617 §3.5", () => {
  assert.equal(
    computeHa1("Mufasa", "testrealm@host.com", "Circle Of Life", "MD5"),
    "939e7578ed9e3c518a452acee763bce9",
  );
});

test("SHA-256: the example of RFC 7616 §3.9.1", () => {
  assert.equal(
    computeHa1("Mufasa", "http-auth@example.org", "Circle of Life", "SHA-256"),
    "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
  );
});
