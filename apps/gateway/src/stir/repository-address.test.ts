import assert from "node:assert/strict";
import { test } from "node:test";
import type { DnsAnswer, Resolver } from "@tandem/sip/locate";
import { repositoryAddress } from "./repository-address.ts";

const none = { ok: false, code: "NODATA", ttlSeconds: 1 } as const;

function answer(addresses: readonly string[]): DnsAnswer<{ readonly address: string }> {
  return addresses.length === 0
    ? none
    : { ok: true, records: addresses.map((address) => ({ address })), ttlSeconds: 1 };
}

function resolver(a: readonly string[], aaaa: readonly string[]): Resolver {
  return {
    naptr: async () => none,
    srv: async () => none,
    a: async () => answer(a),
    aaaa: async () => answer(aaaa),
  };
}

const table: [what: string, a: string[], aaaa: string[], address: string | undefined][] = [
  ["on the internet", ["198.51.100.7", "198.51.100.8"], [], "198.51.100.7"],
  ["with IPv6 only", [], ["2001:db8::7"], "2001:db8::7"],
  ["with none", [], [], undefined],
  ["in a private network", ["10.0.0.1"], [], undefined],
  ["this host", ["127.0.0.1"], [], undefined],
  ["the cloud's metadata", ["169.254.169.254"], [], undefined],
  ["of a line", ["100.127.0.1"], [], undefined],
  ["with one of two in a private network", ["198.51.100.7", "192.168.1.1"], [], undefined],
  ["this host in IPv6", [], ["::1"], undefined],
  ["a private one in IPv6", [], ["fd00::1"], undefined],
  ["IPv4 in IPv6", [], ["::ffff:127.0.0.1"], undefined],
  ["IPv4 behind NAT64", [], ["64:ff9b::7f00:1"], undefined],
  ["IPv4 in 6to4", [], ["2002:7f00:1::"], undefined],
];
for (const [what, a, aaaa, address] of table) {
  test(`a repository ${what}`, async () =>
    assert.equal(await repositoryAddress("c.example", resolver(a, aaaa)), address));
}
