import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsFault } from "./metrics-fault.ts";

test("an address, or none", () => {
  for (const metrics of [undefined, {}, { address: "127.0.0.1" }, { address: "::1" }]) {
    assert.equal(metricsFault(metrics), undefined);
  }
  assert.equal(metricsFault({ address: "localhost" }), "/metrics/address: localhost is no IP address");
});
