import assert from "node:assert/strict";
import { test } from "node:test";
import { hostEnd, hostIn, portIn } from "./host-port.ts";

const hosts: readonly (readonly [text: string, end: number])[] = [
  ["example.com:5060", 11],
  ["192.0.2.1;x", 9],
  ["[2001:db8::1]:5060", 13],
  ["[::]", 4],
  ["[::ffff:192.0.2.1]", 18],
  ["", -1],
  [":5060", -1],
  ["[::1", -1],
  ["[1]", -1],
  ["[1:2]", -1],
  ["[::x]", -1],
  ["[2001:db8:::1]", 14],
  ["[2001:db8::::1]", -1],
  ["[1::2::3]", -1],
  ["[1:::2:::3]", -1],
  ["[1::2:3]", 8],
];

for (const [text, end] of hosts) {
  test(`host in "${text}" ends at ${end}`, () => assert.equal(hostEnd(text, 0, text.length), end));
}

test("a host does not reach over the end of its part", () => {
  assert.equal(hostEnd("abcdef", 0, 3), 3);
  assert.equal(hostEnd("[::1]", 0, 4), -1);
});

test("hosts are in lower case, with three colons made two inside brackets", () => {
  assert.equal(hostIn("xEXAMPLE.Comx", 1, 12), "example.com");
  assert.equal(hostIn("[2001:DB8:::1]", 0, 14), "[2001:db8::1]");
});

test("a port is 1 to 65535", () => {
  assert.equal(portIn("1", 0, 1), 1);
  assert.equal(portIn("0", 0, 1), -1);
  assert.equal(portIn("65535", 0, 5), 65_535);
  assert.equal(portIn("65536", 0, 5), -1);
  assert.equal(portIn("", 0, 0), -1);
});
