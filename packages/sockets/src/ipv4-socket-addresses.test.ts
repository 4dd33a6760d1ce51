import assert from "node:assert/strict";
import { test } from "node:test";
import { IPv4SocketAddresses } from "./ipv4-socket-addresses.ts";

const table: readonly [hex: string, text: string][] = [
  ["020013c4000000000000000000000000", "0.0.0.0"],
  ["020013c47f0000010000000000000000", "127.0.0.1"],
  ["020013c4c00002fe0000000000000000", "192.0.2.254"],
  ["020013c4ffffffff0000000000000000", "255.255.255.255"],
];

test("sockaddr_in: family, port and address in network order, eight bytes of nothing; the same the second time", () => {
  const addresses = new IPv4SocketAddresses();
  for (const [hex, text] of [...table, ...table]) {
    const memory = Buffer.alloc(addresses.bytes);
    assert.equal(addresses.write(memory, text, 5060), true);
    assert.equal(memory.toString("hex"), hex);
    const among = Buffer.concat([Buffer.alloc(16, 1), memory, Buffer.alloc(16, 2)]);
    assert.deepEqual([addresses.textAt(among, 16), addresses.portAt(among, 16)], [text, 5060]);
  }
});

test("the highest port", () => {
  const addresses = new IPv4SocketAddresses();
  const memory = Buffer.alloc(addresses.bytes);
  addresses.write(memory, "192.0.2.1", 65_535);
  assert.equal(addresses.portAt(memory, 0), 65_535);
});

test("what is no IPv4 address is not written, and is not remembered as one", () => {
  const addresses = new IPv4SocketAddresses();
  for (let round = 0; round < 2; round++) {
    for (const text of ["", "192.0.2", "192.0.2.256", "2001:db8::1", "::ffff:192.0.2.1", "example.com"]) {
      const memory = Buffer.alloc(addresses.bytes);
      assert.equal(addresses.write(memory, text, 5060), false, text);
      assert.equal(memory.toString("hex"), "0".repeat(32));
    }
  }
});
