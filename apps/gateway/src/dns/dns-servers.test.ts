import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDnsServer, systemDnsServers } from "./dns-servers.ts";

const table: [text: string, server: string | undefined][] = [
  ["192.0.2.1", "192.0.2.1 53"],
  ["192.0.2.1:5353", "192.0.2.1 5353"],
  ["192.0.2.1:65535", "192.0.2.1 65535"],
  ["2001:db8::1", "2001:db8::1 53"],
  ["[2001:db8::1]", "2001:db8::1 53"],
  ["[2001:db8::1]:1", "2001:db8::1 1"],
  ["192.0.2.1:0", undefined],
  ["192.0.2.1:65536", undefined],
  ["192.0.2.1:", undefined],
  ["192.0.2.1:5x", undefined],
  ["[192.0.2.1]:53", undefined],
  ["2001:db8::1]:53", undefined],
  ["dns.test", undefined],
  ["dns.test:53", undefined],
  ["", undefined],
];
for (const [text, server] of table) {
  test(`DNS server "${text}"`, () => {
    const parsed = parseDnsServer(text);
    assert.equal(parsed && `${parsed.address} ${parsed.port}`, server);
  });
}

test("the system has at least one server", () => {
  assert.ok(systemDnsServers().length > 0);
});
