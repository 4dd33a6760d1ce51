import assert from "node:assert/strict";
import { test } from "node:test";
import type { Placement } from "@tandem/b2bua";
import { reasons } from "@tandem/reasons";
import { parseCandidateUri, RoutingTable } from "@tandem/routing";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { transferPlace } from "./transfer-place.ts";

const place = { ok: true, place: {} } as Placement;

/** Where a REFER to a name of that address leads. */
function placeAt(address: string, transferor: { remoteAddress: string; connection: string | undefined }) {
  const uri = parseCandidateUri("sip:desk@pbx.example");
  assert.ok(uri.ok);
  const placeOf = transferPlace(RoutingTable.from(exampleSnapshot()), uri.value, transferor, () => place);
  assert.equal(placeOf(undefined, false), undefined, "the address decides");
  return placeOf(address, false);
}

const cases: readonly (readonly [
  address: string,
  transferor: string,
  line: string | undefined,
  may: boolean,
])[] = [
  ["198.51.100.99", "192.0.2.10", undefined, true],
  ["10.0.0.1", "192.0.2.10", undefined, false],
  ["127.0.0.1", "192.0.2.10", undefined, false],
  ["::1", "192.0.2.10", undefined, false],
  ["10.0.0.1", "10.0.0.2", undefined, true],
  ["10.0.0.1", "192.0.2.10", "TX1", true],
  ["203.0.113.7", "10.0.0.2", undefined, false],
  ["203.0.113.7", "192.0.2.10", "TX1", false],
];

for (const [address, remoteAddress, connection, may] of cases) {
  test(`a REFER of ${remoteAddress} over ${connection ?? "the internet"} to a name of ${address}`, () => {
    const found = placeAt(address, { remoteAddress, connection });
    if (may) assert.equal(found, place);
    else assert.equal(found?.ok === false && found.reason, reasons.transferNotAllowed);
  });
}
