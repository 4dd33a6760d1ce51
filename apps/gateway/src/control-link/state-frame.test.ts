import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayFrame, type TargetHealth, validator } from "@tandem/contracts";
import { StateFrame, targetsPerSlice } from "./state-frame.ts";

const rest = { liveCalls: 3, draining: true, connections: [], sisters: [] };

function target(index: number): TargetHealth {
  const reason = index % 2 === 0 ? null : `says "no", \\ ${index}`;
  return { sid: `CG${index}`, interface: "carriers", connection: null, state: "down", reason };
}

for (const count of [0, 1, targetsPerSlice - 1, targetsPerSlice, targetsPerSlice + 1, 3 * targetsPerSlice]) {
  test(`${count} targets are written in slices of ${targetsPerSlice}`, () => {
    const asked: number[] = [];
    function* targets(): Generator<TargetHealth> {
      for (let index = 0; index < count; index++) {
        asked.push(index);
        yield target(index);
      }
    }
    const frame = new StateFrame({ ...rest, targets: targets() });
    const slices = Math.floor(count / targetsPerSlice);
    for (let slice = 1; slice <= slices; slice++) {
      assert.equal(frame.write(), undefined);
      assert.equal(asked.length, slice * targetsPerSlice);
    }
    const parsed: unknown = JSON.parse(frame.write() ?? assert.fail("there is more"));
    assert.deepEqual(parsed, {
      kind: "state",
      ...rest,
      targets: Array.from({ length: count }, (_, index) => target(index)),
    });
    assert.ok(validator(GatewayFrame)(parsed).ok);
  });
}
