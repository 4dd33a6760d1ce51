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

const rounds = 20_000;
/** Until the optimized code has come, numbers are objects; how soon it comes is the machine's affair. */
const patience = 200;

function exchange(addresses: SocketAddresses, texts: readonly string[], memory: Buffer): void {
  for (let round = 0; round < rounds; round++) {
    for (const text of texts) {
      addresses.write(memory, text, 5060 + (round & 7));
      assert.ok(addresses.textAt(memory, 0) === text && addresses.portAt(memory, 0) >= 5060);
    }
  }
}

/** Bytes for an address, in the first exchange that costs less than `enough`, or in the last one. */
function cheapestExchange(addresses: SocketAddresses, texts: readonly string[], enough: number): number {
  const memory = Buffer.alloc(addresses.bytes);
  let each = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < patience && each >= enough; turn++) {
    const before = getHeapStatistics().total_allocated_bytes;
    exchange(addresses, texts, memory);
    each = (getHeapStatistics().total_allocated_bytes - before) / rounds / texts.length;
  }
  return each;
}

for (const [addresses, texts] of [
  [new IPv4SocketAddresses(), ["10.0.0.1", "203.0.113.200", "255.255.255.255"]],
  [new IPv6SocketAddresses(), ["2001:db8::1", "fd61::ffff", "::1"]],
] as const) {
  test(`addresses that come again cost no object: ${texts[0]}`, () => {
    const each = cheapestExchange(addresses, texts, 4);
    assert.ok(each < 4, `${each} bytes for an address`);
  });
}
