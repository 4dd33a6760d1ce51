import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalDnsName } from "./dns-name.ts";

const label63 = "a".repeat(63);
const name253 = `${label63}.${label63}.${label63}.${"b".repeat(61)}`;
const table: [host: string, name: string | undefined][] = [
  ["Example.COM", "example.com"],
  ["example.com.", "example.com"],
  ["_sip._udp.example.com", "_sip._udp.example.com"],
  [label63, label63],
  [`${label63}a`, undefined],
  [name253, name253],
  [`${name253}b`, undefined],
  ["", undefined],
  [".", undefined],
  ["a..b", undefined],
  [".a", undefined],
];
for (const [host, name] of table) {
  test(`DNS name of "${host.slice(0, 30)}" (${host.length} characters)`, () => {
    assert.equal(canonicalDnsName(host), name);
  });
}
