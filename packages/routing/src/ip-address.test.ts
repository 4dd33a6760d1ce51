import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIpAddress } from "./ip-address.ts";

const ipv4: [string, number | undefined][] = [
  ["0.0.0.0", 0],
  ["192.0.2.1", 0xc0000201],
  ["255.255.255.255", 0xffffffff],
  ["128.0.0.0", 0x80000000],
  ["10.0.0.1", 0x0a000001],
  ["256.0.0.1", undefined],
  ["1.2.3.256", undefined],
  ["1.2.3", undefined],
  ["1.2.3.", undefined],
  [".1.2.3", undefined],
  ["1..2.3", undefined],
  ["1.2.3.4.5", undefined],
  ["1.2.3.04", undefined],
  ["1.2.3.4 ", undefined],
  ["1.2.3.4/32", undefined],
  ["+1.2.3.4", undefined],
  ["", undefined],
  ["localhost", undefined],
];

test("IPv4 in dotted decimal", () => {
  for (const [text, address] of ipv4) assert.equal(parseIpAddress(text), address, text);
});

test("IPv6 forms of one address are equal", () => {
  const groups = String.fromCharCode(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
  for (const text of [
    "2001:db8::1",
    "2001:DB8:0:0:0:0:0:1",
    "2001:0db8:0000:0000:0000:0000:0000:0001",
    "2001:db8::0:1",
    "2001:db8::0.0.0.1",
  ]) {
    assert.equal(parseIpAddress(text), groups, text);
  }
  assert.equal(parseIpAddress("::"), String.fromCharCode(0, 0, 0, 0, 0, 0, 0, 0));
  assert.equal(parseIpAddress("1::"), String.fromCharCode(1, 0, 0, 0, 0, 0, 0, 0));
  assert.equal(parseIpAddress("1:2:3:4:5:6:7::"), String.fromCharCode(1, 2, 3, 4, 5, 6, 7, 0));
});

test("IPv4-mapped IPv6 addresses are IPv4", () => {
  assert.equal(parseIpAddress("::ffff:192.0.2.1"), 0xc0000201);
  assert.equal(parseIpAddress("::FFFF:c000:0201"), 0xc0000201);
  assert.equal(typeof parseIpAddress("::fffe:192.0.2.1"), "string");
  assert.equal(typeof parseIpAddress("1::ffff:192.0.2.1"), "string");
});

test("what is no IPv6 address", () => {
  for (const text of [
    ":",
    ":::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "1::2::3",
    "12345::",
    "g::",
    "fe80::1%eth0",
    "[::1]",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "::1.2.3",
    "2001:db8::1/64",
  ]) {
    assert.equal(parseIpAddress(text), undefined, text);
  }
});
