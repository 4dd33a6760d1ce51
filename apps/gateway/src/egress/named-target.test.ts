import assert from "node:assert/strict";
import { test } from "node:test";
import type { Placement } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import { parseCandidateUri, RoutingTable } from "@tandem/routing";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { placeOfNamed } from "./named-target.ts";

const interfaces = [
  {
    name: "customers",
    roles: ["public" as const],
    localAddress: "10.0.0.4",
    advertisedAddress: "198.51.100.4",
  },
  { name: "carriers", roles: ["carrier" as const], localAddress: "198.51.100.5" },
];

function placementBy(connection: string | undefined): Placement {
  return { ok: true, place: { path: { interfaceName: "customers", connection } } } as Placement;
}

/** Where a target at that address leads, by name unless `host` says otherwise. */
function placed(address: string, mayBePrivate: boolean, line?: string, host = "pbx.example") {
  const uri = parseCandidateUri(`sip:desk@${host}`);
  assert.ok(uri.ok);
  const placement = placementBy(line);
  const target = {
    table: RoutingTable.from(exampleSnapshot()),
    uri: uri.value,
    interfaces,
    mayBePrivate,
    reason: reasons.transferNotAllowed,
  };
  const placeOf = placeOfNamed(target, () => placement);
  if (host === "pbx.example") assert.equal(placeOf(undefined, false), undefined, "the address decides");
  const found = placeOf(host === "pbx.example" ? address : undefined, false);
  if (found === placement) return "placed";
  assert.ok(found?.ok === false);
  assert.deepEqual([found.reason, found.mayBeTriedLast], [reasons.transferNotAllowed, false]);
  return found.text;
}

const cases: readonly (readonly [
  address: string,
  mayBePrivate: boolean,
  line: string | undefined,
  expected: RegExp,
])[] = [
  ["198.51.100.99", false, undefined, /^placed$/],
  ["10.0.0.1", false, undefined, /private address/],
  ["127.0.0.1", false, undefined, /private address/],
  ["::1", false, undefined, /private address/],
  ["::ffff:127.0.0.1", false, undefined, /private address/],
  ["10.0.0.1", true, undefined, /^placed$/],
  ["10.0.0.1", true, "TX1", /^placed$/],
  ["203.0.113.7", true, undefined, /where a carrier takes calls/],
  ["203.0.113.7", true, "TX1", /where a carrier takes calls/],
  ["198.51.100.4", true, undefined, /of this gateway/],
  ["198.51.100.5", false, undefined, /of this gateway/],
  ["::ffff:198.51.100.5", false, undefined, /of this gateway/],
  ["10.0.0.4", true, undefined, /of this gateway/],
  ["10.0.0.4", true, "TX1", /^placed$/],
];

for (const [address, mayBePrivate, line, expected] of cases) {
  const who = mayBePrivate ? "of a private network" : "of the internet";
  test(`a name of ${address} for somebody ${who}, over ${line ?? "no line"}`, () => {
    assert.match(placed(address, mayBePrivate, line), expected);
  });
}

test("an address that is written out is held against the same", () => {
  assert.match(placed("198.51.100.4", false, undefined, "198.51.100.4"), /of this gateway/);
  assert.match(placed("10.0.0.1", false, undefined, "10.0.0.1"), /private address/);
  assert.equal(placed("198.51.100.99", false, undefined, "198.51.100.99"), "placed");
});
