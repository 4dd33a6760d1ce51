import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumKeptAddresses, SocketAddresses, socketAddress } from "./socket-address.ts";

test("sockaddr_in: family, port and address in network order, eight bytes of nothing", () => {
  assert.equal(socketAddress("192.0.2.254", 5060)?.toString("hex"), "020013c4c00002fe0000000000000000");
  for (const text of ["", "192.0.2", "192.0.2.256", "2001:db8::1", "example.com"]) {
    assert.equal(socketAddress(text, 5060), undefined, text);
  }
});

test("texts of addresses, each made once", () => {
  const addresses = new SocketAddresses();
  const table: [number, string][] = [
    [0, "0.0.0.0"],
    [0x7f_00_00_01, "127.0.0.1"],
    [0xc0_00_02_fe, "192.0.2.254"],
    [0xff_ff_ff_ff, "255.255.255.255"],
  ];
  for (const [number, text] of table) assert.equal(addresses.text(number), text);
  for (const [number, text] of table) assert.equal(addresses.text(number), text);
  assert.equal(addresses.size, table.length);
});

test("the port is that of the last call", () => {
  const addresses = new SocketAddresses();
  assert.equal(addresses.bytes("192.0.2.1", 5060)?.toString("hex", 0, 8), "020013c4c0000201");
  assert.equal(addresses.bytes("192.0.2.1", 65_535)?.toString("hex", 0, 8), "0200ffffc0000201");
  assert.equal(addresses.bytes("192.0.2.1", 1)?.toString("hex", 0, 8), "02000001c0000201");
  assert.equal(addresses.bytes("sip.example.com", 5060), undefined);
  assert.equal(addresses.size, 1);
});

test("as many addresses as the limit are kept, one more begins anew", () => {
  const addresses = new SocketAddresses();
  for (let number = 0; number < maximumKeptAddresses; number++) {
    addresses.bytes(addresses.text(number), 5060);
  }
  assert.equal(addresses.size, maximumKeptAddresses);
  addresses.bytes(addresses.text(maximumKeptAddresses), 5060);
  assert.equal(addresses.size, 1);
});
