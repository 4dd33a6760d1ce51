import assert from "node:assert/strict";
import { test } from "node:test";
import { isBelow, normalizeHost, parseTrunkHost } from "./trunk-host.ts";

const rows: [host: string, label: string | undefined, edgeLabel?: string][] = [
  ["example.pstn.tandem.test", "example"],
  ["Example.PSTN.Tandem.Test", "example"],
  ["example.pstn.tandem.test.", "example"],
  ["example.pstn.ashburn-ix.tandem.test", "example", "ashburn-ix"],
  ["example.pstn.us1.tandem.test", "example", "us1"],
  ["branch.example.pstn.tandem.test", "branch.example"],
  ["branch.example.pstn.us1-ix.tandem.test", "branch.example", "us1-ix"],
  ["pstn.pstn.tandem.test", "pstn"],
  ["pstn.tandem.test", undefined],
  [".pstn.tandem.test", undefined],
  ["pstn.ashburn.tandem.test", undefined],
  ["example.pstn..tandem.test", undefined],
  ["example.pstn.a.b.tandem.test", undefined],
  ["example.tandem.test", undefined],
  ["examplepstn.tandem.test", undefined],
  ["example.pstn.tandem.tests", undefined],
  ["example.pstntandem.test", undefined],
  ["example.pstn.ashburntandem.test", undefined],
  ["tandem.test", undefined],
  ["192.0.2.1", undefined],
  ["", undefined],
];

test("all forms of termination host names", () => {
  for (const [host, label, edgeLabel] of rows) {
    const parts = label === undefined ? undefined : { label, edgeLabel };
    assert.deepEqual(parseTrunkHost(host, "tandem.test"), parts, host);
  }
});

test("below the base domain", () => {
  assert.ok(isBelow("a.tandem.test", "tandem.test"));
  assert.ok(!isBelow("tandem.test", "tandem.test"));
  assert.ok(!isBelow(".tandem.test", "tandem.test"));
  assert.ok(!isBelow("atandem.test", "tandem.test"));
  assert.equal(normalizeHost("A.B."), "a.b");
});
