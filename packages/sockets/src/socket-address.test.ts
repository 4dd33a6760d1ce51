import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressNumber,
  maximumKeptAddresses,
  SocketAddresses,
  socketAddressBytes,
  writeSocketAddress,
} from "./socket-address.ts";

const table: readonly [number, string][] = [
  [0, "0.0.0.0"],
  [0x7f_00_00_01, "127.0.0.1"],
  [0xc0_00_02_fe, "192.0.2.254"],
  [0xff_ff_ff_ff, "255.255.255.255"],
];

test("sockaddr_in: family, port and address in network order, eight bytes of nothing", () => {
  const bytes = Buffer.alloc(socketAddressBytes);
  writeSocketAddress(bytes, 0xc0_00_02_fe, 5060);
  assert.equal(bytes.toString("hex"), "020013c4c00002fe0000000000000000");
  writeSocketAddress(bytes, 0xff_ff_ff_ff, 65_535);
  assert.equal(bytes.toString("hex"), "0200ffffffffffff0000000000000000");
});

test("the number of an address; what is no IPv4 address has none", () => {
  for (const [number, text] of table) assert.equal(addressNumber(text), number);
  for (const text of ["", "192.0.2", "192.0.2.256", "2001:db8::1", "example.com"]) {
    assert.equal(addressNumber(text), undefined, text);
    assert.equal(new SocketAddresses().number(text), undefined, text);
  }
});

test("texts and numbers, each made once", () => {
  const addresses = new SocketAddresses();
  for (let round = 0; round < 2; round++) {
    for (const [number, text] of table) {
      assert.equal(addresses.text(number), text);
      assert.equal(addresses.number(text), number);
    }
  }
  assert.equal(addresses.size, table.length);
});

test("as many addresses as the limit are kept, one more begins anew", () => {
  for (const keep of [
    (addresses: SocketAddresses, number: number) => addresses.text(number),
    (addresses: SocketAddresses, number: number) => addresses.number(`10.1.${number >> 8}.${number & 255}`),
  ]) {
    const addresses = new SocketAddresses();
    for (let number = 0; number < maximumKeptAddresses; number++) keep(addresses, number);
    assert.equal(addresses.size, maximumKeptAddresses);
    keep(addresses, 0);
    assert.equal(addresses.size, maximumKeptAddresses);
    keep(addresses, maximumKeptAddresses);
    assert.equal(addresses.size, 1);
  }
});
