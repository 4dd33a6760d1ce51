import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measurement } from "./media-measurement.ts";
import { summaryOf } from "./media-report.ts";

function measured(cpuPerPacket: number, p99: number): Measurement {
  const rest = {
    sent: 100,
    received: 99,
    cpuSeconds: 1,
    p50: 10,
    p999: 0,
    systemCpuPerPacket: 20,
    programNsPerRun: undefined,
  };
  return { ...rest, cpuPerPacket, p99 };
}

test("an engine is compared with the router of its own round, as the machine grows slower", () => {
  const summary = summaryOf(
    new Map([
      ["forward", [measured(10, 100), measured(14, 150), measured(12, 120)]],
      ["kernel", [measured(11, 130), measured(16, 170), measured(13, 160)]],
    ]),
  );
  assert.deepEqual(
    summary.map(({ engine, addedCpuPerPacket, addedP50, addedP99, lossShare }) => [
      engine,
      addedCpuPerPacket,
      addedP50,
      addedP99,
      lossShare,
    ]),
    [
      ["forward", 12, 10, 120, 0.01],
      ["kernel", 1, 0, 30, 0.01],
    ],
  );
});
