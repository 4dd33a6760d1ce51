import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canonicalAddress } from "./canonical-address.ts";
import { trustedNetworksOf } from "./trusted-networks.ts";

function has(networks: string[], address: string): boolean {
  return trustedNetworksOf(networks)?.has(address) === true;
}

describe("trusted networks", () => {
  test("match by prefix, both IP versions", () => {
    assert.equal(has(["10.1.0.0/16"], "10.1.255.255"), true);
    assert.equal(has(["10.1.0.0/16"], "10.2.0.0"), false);
    assert.equal(has(["2001:db8::/32"], "2001:db8:ffff::1"), true);
    assert.equal(has(["2001:db8::/32"], "2001:db9::1"), false);
    assert.equal(has(["10.1.0.0/16", "192.0.2.0/24"], "192.0.2.9"), true);
  });

  test("a single address is itself", () => {
    assert.equal(has(["10.1.0.1"], "10.1.0.1"), true);
    assert.equal(has(["10.1.0.1"], "10.1.0.2"), false);
    assert.equal(has(["2001:db8::1"], "2001:db8::1"), true);
    assert.equal(has(["2001:db8::1"], "2001:db8::2"), false);
  });

  test("a prefix of 0 is everybody, and out of range is nobody", () => {
    assert.equal(has(["0.0.0.0/0"], "203.0.113.1"), true);
    assert.equal(has(["10.1.0.1/32"], "10.1.0.1"), true);
    assert.equal(has(["::1/128"], "::1"), true);
    for (const nonsense of [
      "10.1.0.1/33",
      "::1/129",
      "10.1.0.1/-1",
      "10.1.0.1/",
      "10.1.0.1/x",
      "10.1.0.1/8.5",
      "x/8",
    ]) {
      assert.equal(has([nonsense], "10.1.0.1"), false, nonsense);
      assert.equal(has([nonsense], "::1"), false, nonsense);
      assert.equal(has([nonsense, "10.1.0.1"], "10.1.0.1"), true, nonsense);
    }
  });

  test("no networks compile to nothing, the same array to the same list", () => {
    assert.equal(trustedNetworksOf([]), undefined);
    const networks = ["10.0.0.0/8"];
    assert.equal(trustedNetworksOf(networks), trustedNetworksOf(networks));
  });
});

describe("canonicalAddress", () => {
  test("writes IPv6 as sockets do, keeps IPv4, refuses the rest", () => {
    assert.equal(canonicalAddress("2001:DB8:0:0::1"), "2001:db8::1");
    assert.equal(canonicalAddress("0:0:0:0:0:0:0:1"), "::1");
    assert.equal(canonicalAddress("192.0.2.1"), "192.0.2.1");
    assert.equal(canonicalAddress("example.com"), undefined);
    assert.equal(canonicalAddress(undefined), undefined);
  });
});
