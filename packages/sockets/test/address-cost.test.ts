/** In a process of its own: what else has run in one decides what is optimized. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { getHeapStatistics } from "node:v8";
import { IPv4SocketAddresses } from "../src/ipv4-socket-addresses.ts";
import { IPv6SocketAddresses } from "../src/ipv6-socket-addresses.ts";
import type { SocketAddresses } from "../src/socket-address.ts";

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
