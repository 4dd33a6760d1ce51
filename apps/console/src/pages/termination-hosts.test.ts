import assert from "node:assert/strict";
import { test } from "node:test";
import { terminationHosts } from "./termination-hosts.ts";

test("a name for each edge, after the one without", () => {
  const edges = [{ name: "ashburn-ix", place: "Ashburn" }];
  assert.deepEqual(terminationHosts("a.office.pstn.tandem.test", edges), [
    { edge: "", place: "the region's edge", host: "a.office.pstn.tandem.test" },
    { edge: "ashburn-ix", place: "Ashburn", host: "a.office.pstn.ashburn-ix.tandem.test" },
  ]);
});

test("a trunk without a name has none", () => assert.deepEqual(terminationHosts("", [{ name: "x" }]), []));
