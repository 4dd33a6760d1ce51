import assert from "node:assert/strict";
import { test } from "node:test";
import { PrefixIndex } from "./prefix-index.ts";

function index(...entries: readonly (readonly [network: string, value: string])[]): PrefixIndex<string> {
  const made = new PrefixIndex<string>();
  for (const [network, value] of entries) made.add(network, value);
  return made;
}

const found = (from: PrefixIndex<string>, address: string): string =>
  from
    .find(address)
    .map(({ value, prefixLength }) => `${value}/${prefixLength}`)
    .join(" ");

test("the longest prefix comes first, equal ones as they were added", () => {
  const routes = index(
    ["172.56.0.0/16", "wide"],
    ["172.56.42.0/24", "b"],
    ["172.56.42.0/24", "a"],
    ["172.56.42.132", "host"],
  );
  assert.equal(found(routes, "172.56.42.132"), "host/32 b/24 a/24 wide/16");
  assert.equal(found(routes, "172.56.42.131"), "b/24 a/24 wide/16");
  assert.equal(found(routes, "172.56.43.0"), "wide/16");
  assert.equal(found(routes, "172.57.0.0"), "");
});

const edges: readonly (readonly [network: string, inside: readonly string[], outside: readonly string[]])[] =
  [
    ["10.1.2.128/25", ["10.1.2.128", "10.1.2.255"], ["10.1.2.127", "10.1.3.0"]],
    ["10.1.2.77/30", ["10.1.2.76", "10.1.2.79"], ["10.1.2.75", "10.1.2.80"]],
    ["0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], []],
    ["255.255.255.255/32", ["255.255.255.255"], ["255.255.255.254"]],
    ["224.0.0.0/3", ["224.0.0.0", "255.255.255.255"], ["223.255.255.255"]],
  ];

for (const [network, inside, outside] of edges) {
  test(`${network} holds its first and last address and neither neighbour`, () => {
    const routes = index([network, "x"]);
    for (const address of inside) assert.notEqual(found(routes, address), "", address);
    for (const address of outside) assert.equal(found(routes, address), "", address);
  });
}

test("a value is found once under a network, however often that was said", () => {
  assert.equal(found(index(["10.0.0.0/8", "x"], ["10.0.0.0/8", "x"]), "10.9.9.9"), "x/8");
});

test("an IPv4 address in IPv6 clothes is found; IPv6 and nonsense are not", () => {
  const routes = index(
    ["10.0.0.0/8", "x"],
    ["2001:db8::/32", "six"],
    ["nonsense", "y"],
    ["10.0.0.0/33", "z"],
  );
  assert.equal(found(routes, "::ffff:10.0.0.1"), "x/8");
  for (const address of ["2001:db8::1", "nonsense", "", "10.0.0"]) assert.equal(found(routes, address), "");
});
