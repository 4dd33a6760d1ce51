import assert from "node:assert/strict";
import { test } from "node:test";
import { lineAddressOf, lineNumbersOf, routingTableOf } from "./line-pool.ts";

test("a line's address is the pool's first address plus its number", () => {
  assert.equal(lineAddressOf("100.127.0.0/16", 1), "100.127.0.1");
  assert.equal(lineAddressOf("100.127.0.0/16", 256), "100.127.1.0");
  assert.equal(lineAddressOf("100.127.0.0/16", 65_534), "100.127.255.254");
  assert.equal(lineAddressOf("203.0.113.16/28", 14), "203.0.113.30");
});

test("the first and the last address of the pool are nobody's", () => {
  assert.equal(lineNumbersOf("100.127.0.0/16"), 65_534);
  assert.equal(lineNumbersOf("203.0.113.16/28"), 14);
});

test("tables begin behind the system's own", () => {
  assert.equal(routingTableOf(1), 1001);
  assert.equal(routingTableOf(65_534), 66_534);
});

test("a pool that is none is a fault of ours", () => {
  assert.throws(() => lineNumbersOf("x"), /no IPv4 network/);
  assert.throws(() => lineNumbersOf("2001:db8::/64"), /no IPv4 network/);
});
