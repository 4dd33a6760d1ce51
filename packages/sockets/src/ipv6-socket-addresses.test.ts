import assert from "node:assert/strict";
import { test } from "node:test";
import { addressCalls } from "./address-calls.ts";
import { IPv6SocketAddresses } from "./ipv6-socket-addresses.ts";

const zeros = (bytes: number): string => "00".repeat(bytes);
/** Family, port 5060, no flow. */
const start = "0a0013c400000000";

const table: readonly [hex: string, text: string][] = [
  [zeros(16), "::"],
  [`${zeros(15)}01`, "::1"],
  [`20010db8${zeros(11)}01`, "2001:db8::1"],
  [`20010db8${zeros(10)}0100`, "2001:db8::100"],
  [`20010db8000000010000000000000001`, "2001:db8:0:1::1"],
  [`fd61${zeros(12)}ffff`, "fd61::ffff"],
  [`${zeros(10)}ffffc0000201`, "::ffff:192.0.2.1"],
  ["ff".repeat(16), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
];

function written(addresses: IPv6SocketAddresses, text: string, memory = Buffer.alloc(28)): string {
  assert.equal(addresses.write(memory, text, 5060), true, text);
  return memory.toString("hex");
}

test("sockaddr_in6: family, port, no flow, address, no scope; the same the second time", () => {
  const addresses = new IPv6SocketAddresses();
  for (const [hex, text] of [...table, ...table]) {
    assert.equal(written(addresses, text), `${start}${hex}${zeros(4)}`);
    const among = Buffer.concat([Buffer.alloc(28, 1), Buffer.from(`${start}${hex}${zeros(4)}`, "hex")]);
    assert.deepEqual([addresses.textAt(among, 28), addresses.portAt(among, 28)], [text, 5060]);
  }
});

test("any form of an address is read, the shortest is told", () => {
  const addresses = new IPv6SocketAddresses();
  for (const text of ["2001:DB8::1", "2001:0db8:0:0:0:0:0:1", "2001:db8::0.0.0.1"]) {
    const memory = Buffer.from(written(addresses, text), "hex");
    assert.equal(addresses.textAt(memory, 0), "2001:db8::1");
  }
});

test("the zone of a link-local address is an interface, by name or number", () => {
  const addresses = new IPv6SocketAddresses();
  const linkLocal = `${start}fe80${zeros(13)}01`;
  const loopback = Buffer.from(`${linkLocal}01000000`, "hex");
  assert.equal(addresses.textAt(loopback, 0), "fe80::1%lo");
  assert.equal(written(addresses, "fe80::1%lo"), `${linkLocal}01000000`);
  assert.equal(written(addresses, "fe80::1%1"), `${linkLocal}01000000`);
  assert.equal(written(addresses, "fe80::1"), `${linkLocal}${zeros(4)}`);
});

test("a zone that is no interface is told by its number, and has no address by its name", () => {
  const addresses = new IPv6SocketAddresses();
  const linkLocal = `${start}fe80${zeros(13)}01`;
  assert.equal(addresses.textAt(Buffer.from(`${linkLocal}00ffff0f`, "hex"), 0), "fe80::1%268435200");
  for (const zone of ["nobody", "0", "-1", "1.5", "1e1", ""]) {
    assert.equal(addresses.write(Buffer.alloc(28), `fe80::1%${zone}`, 5060), false, zone);
  }
});

test("nothing of the last address stays", () => {
  const addresses = new IPv6SocketAddresses();
  const memory = Buffer.alloc(28);
  for (const text of ["fe80::1%lo", "2001:db8::1", "fe80::1%lo", "2001:db8::1", "::2", "fe80::1%lo", "::3"]) {
    assert.equal(written(addresses, text, memory), written(new IPv6SocketAddresses(), text));
  }
});

test("many addresses, beyond what is kept, are each told as they are", () => {
  const addresses = new IPv6SocketAddresses();
  const memory = Buffer.from(`${start}20010db8${zeros(16)}`, "hex");
  for (let round = 0; round < 2; round++) {
    for (let number = 1; number < 10_000; number++) {
      memory.writeUInt32BE(number, 20);
      const high = number >> 16 === 0 ? "" : `${(number >> 16).toString(16)}:`;
      assert.equal(addresses.textAt(memory, 0), `2001:db8::${high}${(number & 0xffff).toString(16)}`);
    }
  }
});

test("two addresses with one hash are kept apart", () => {
  const addresses = new IPv6SocketAddresses();
  // What the first word brings into the hash, the second takes out again.
  const [one, other] = [Buffer.alloc(28), Buffer.alloc(28)];
  one.writeUInt32LE(1, 8);
  one.writeUInt32LE(0x9e37_79b1, 12);
  for (let round = 0; round < 3; round++) {
    assert.equal(addresses.textAt(one, 0), "100:0:b179:379e::");
    assert.equal(addresses.textAt(other, 0), "::");
  }
});

test("what is no IPv6 address is not written, and is not remembered as one", () => {
  const addresses = new IPv6SocketAddresses();
  for (let round = 0; round < 2; round++) {
    for (const text of ["", "127.0.0.1", "example.com", "::g", "[::1]", "%lo", "::1%"]) {
      assert.equal(addresses.write(Buffer.alloc(28), text, 5060), false, text);
    }
  }
});

test("interfaces have names and numbers", () => {
  const calls = addressCalls();
  assert.ok(typeof calls !== "string");
  assert.deepEqual([calls.interfaceNumber("lo"), calls.interfaceName(1)], [1, "lo"]);
  assert.deepEqual([calls.interfaceNumber("nobody"), calls.interfaceName(0x0fff_ff00)], [0, undefined]);
});
