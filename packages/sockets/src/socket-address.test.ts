import assert from "node:assert/strict";
import { test } from "node:test";
import { getHeapStatistics } from "node:v8";
import { IPv4SocketAddresses } from "./ipv4-socket-addresses.ts";
import { IPv6SocketAddresses } from "./ipv6-socket-addresses.ts";
import { type SocketAddresses, socketAddresses } from "./socket-address.ts";

test("an address is of one family, that of the text", () => {
  const [four, six] = [socketAddresses("192.0.2.1"), socketAddresses("2001:db8::1%eth0")];
  assert.deepEqual([four.family, four.bytes, six.family, six.bytes], [2, 16, 10, 28]);
  assert.deepEqual([socketAddresses("198.51.100.1"), socketAddresses("::1")], [four, six]);
});

const rounds = 50_000;

function exchange(addresses: SocketAddresses, texts: readonly string[], memory: Buffer): void {
  for (let round = 0; round < rounds; round++) {
    for (const text of texts) {
      addresses.write(memory, text, 5060 + (round & 7));
      assert.ok(addresses.textAt(memory, 0) === text && addresses.portAt(memory, 0) >= 5060);
    }
  }
}

for (const [addresses, texts] of [
  [new IPv4SocketAddresses(), ["10.0.0.1", "203.0.113.200", "255.255.255.255"]],
  [new IPv6SocketAddresses(), ["2001:db8::1", "fd61::ffff", "::1"]],
] as const) {
  test(`addresses that come again cost no object: ${texts[0]}`, () => {
    const memory = Buffer.alloc(addresses.bytes);
    exchange(addresses, texts, memory);
    const before = getHeapStatistics().total_allocated_bytes;
    exchange(addresses, texts, memory);
    const each = (getHeapStatistics().total_allocated_bytes - before) / rounds / texts.length;
    assert.ok(each < 4, `${each} bytes for an address`);
  });
}
