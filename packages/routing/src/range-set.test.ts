import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseNetwork } from "./ip-network.ts";
import { RangeSet } from "./range-set.ts";

const rows: [network: string, inside: readonly string[], outside: readonly string[]][] = [
  ["192.0.2.0/24", ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.7"], ["192.0.1.255", "192.0.3.0"]],
  ["192.0.2.77/24", ["192.0.2.0", "192.0.2.255"], ["192.0.1.255", "192.0.3.0"]],
  ["192.0.2.7/32", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]],
  ["192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]],
  ["192.0.2.4/30", ["192.0.2.4", "192.0.2.7"], ["192.0.2.3", "192.0.2.8"]],
  ["128.0.0.0/1", ["128.0.0.0", "255.255.255.255"], ["127.255.255.255"]],
  ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::1", "2001:db8::1"]],
  [
    "2001:db8::/32",
    ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["2001:db7:ffff::", "2001:db9::"],
  ],
  ["2001:db8::8/125", ["2001:db8::8", "2001:db8::f"], ["2001:db8::7", "2001:db8::10"]],
  ["2001:db8:8000::/33", ["2001:db8:8000::", "2001:db8:ffff::"], ["2001:db8:7fff:ffff::", "2001:db9::"]],
  ["2001:db8::1", ["2001:db8::1"], ["2001:db8::", "2001:db8::2"]],
  ["::/0", ["::1", "ffff::"], ["192.0.2.1", "::ffff:192.0.2.1"]],
  ["::ffff:192.0.2.0/120", ["192.0.2.9", "::ffff:192.0.2.9"], ["192.0.3.0"]],
  ["::ffff:0:0/96", ["192.0.2.9"], ["::1"]],
];

test("a network holds its addresses and no others", () => {
  for (const [network, inside, outside] of rows) {
    const set = RangeSet.fromNetworks([network]);
    for (const address of inside) assert.ok(set.has(address), `${address} in ${network}`);
    for (const address of outside) assert.ok(!set.has(address), `${address} not in ${network}`);
  }
});

test("what is no network", () => {
  for (const text of [
    "",
    "/24",
    "192.0.2.0/33",
    "192.0.2.0/-1",
    "192.0.2.0/",
    "192.0.2.0/024",
    "2001:db8::/129",
    "x/8",
    "192.0.2/24",
  ]) {
    assert.equal(parseNetwork(text), undefined, text);
  }
  const set = RangeSet.fromNetworks(["nonsense", "192.0.2.0/33", "198.51.100.1"]);
  assert.ok(set.has("198.51.100.1") && !set.has("192.0.2.0"));
});

test("no networks and no address: nothing matches", () => {
  const empty = RangeSet.fromNetworks([]);
  assert.ok(!empty.has("192.0.2.1") && !empty.has("::1") && !empty.has("nonsense"));
  assert.ok(!RangeSet.fromNetworks(["0.0.0.0/0", "::/0"]).has("nonsense"));
});

test("overlapping, nested and unsorted networks are joined", () => {
  const set = RangeSet.fromNetworks(["10.0.0.128/25", "10.0.0.0/8", "10.0.0.0/24", "9.9.9.9", "11.0.0.0/24"]);
  for (const address of ["10.0.0.1", "10.0.0.200", "10.255.255.255", "9.9.9.9", "11.0.0.0", "11.0.0.255"]) {
    assert.ok(set.has(address), address);
  }
  for (const address of ["9.9.9.8", "9.255.255.255", "11.0.1.0"]) assert.ok(!set.has(address), address);
});

test("the search agrees with looking at every network", () => {
  const network = fc.tuple(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 20, max: 32 }));
  const dotted = (value: number) => `10.0.${value >> 8}.${value & 255}`;
  fc.assert(
    fc.property(
      fc.array(network, { maxLength: 30 }),
      fc.integer({ min: 0, max: 4095 }),
      (networks, value) => {
        const set = RangeSet.fromNetworks(networks.map(([start, length]) => `${dotted(start)}/${length}`));
        const expected = networks.some(
          ([start, length]) => start >> (32 - length) === value >> (32 - length),
        );
        return set.has(dotted(value)) === expected;
      },
    ),
  );
});
