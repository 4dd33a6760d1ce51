import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatIpv4,
  formatIpv4Network,
  holdsAddress,
  parseIpv4,
  parseIpv4Network,
  withoutContained,
} from "./ipv4.ts";

const addresses: readonly (readonly [text: string, address: number | undefined])[] = [
  ["0.0.0.0", 0],
  ["100.127.0.1", 0x647f0001],
  ["255.255.255.255", 0xffffffff],
  ["1.2.3", undefined],
  ["1.2.3.4 ", undefined],
  ["01.2.3.4", undefined],
  ["::1", undefined],
  ["::ffff:1.2.3.4", undefined],
  ["", undefined],
];

for (const [text, address] of addresses) {
  test(`address ${JSON.stringify(text)}`, () => {
    assert.equal(parseIpv4(text), address);
    if (address !== undefined) assert.equal(formatIpv4(address), text);
  });
}

test("a network is written with its prefix length and without the bits behind it", () => {
  const written = ["192.0.2.77/24", "192.0.2.7", "0.0.0.0/0", "198.51.100.254/31"].map((text) => {
    const network = parseIpv4Network(text);
    return network === undefined ? undefined : formatIpv4Network(network);
  });
  assert.deepEqual(written, ["192.0.2.0/24", "192.0.2.7/32", "0.0.0.0/0", "198.51.100.254/31"]);
  for (const text of ["192.0.2.0/33", "2001:db8::/32", "::ffff:192.0.2.0/120", "x"]) {
    assert.equal(parseIpv4Network(text), undefined);
  }
});

test("a network holds its first and last address and not the ones beside them", () => {
  const network = parseIpv4Network("192.0.2.8/29");
  assert.ok(network);
  const held = ["192.0.2.7", "192.0.2.8", "192.0.2.15", "192.0.2.16"].map((text) =>
    holdsAddress(network, parseIpv4(text) ?? -1),
  );
  assert.deepEqual(held, [false, true, true, false]);
});

test("networks inside others and doubles go, neighbours stay", () => {
  const networks = ["198.51.100.0/25", "192.0.2.7/32", "192.0.2.0/24", "198.51.100.128/25", "192.0.2.0/24"];
  const kept = withoutContained(networks.flatMap((text) => parseIpv4Network(text) ?? []));
  assert.deepEqual(kept.map(formatIpv4Network), ["192.0.2.0/24", "198.51.100.0/25", "198.51.100.128/25"]);
});
