import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { createLogger } from "@tandem/telemetry";
import { RareLog } from "./rare-log.ts";

test("one line a minute for each event, and the next says how many were not written", () => {
  const clock = new HandClock();
  const lines: string[] = [];
  const logger = createLogger({
    level: "info",
    clock,
    sink: {
      write: (text: string) => {
        lines.push(...text.trim().split("\n"));
        return true;
      },
    },
  });
  const rare = new RareLog(logger, clock);
  const seen = () => {
    logger.flush();
    return lines.splice(0).map((line) => {
      const { event, from, unwritten } = JSON.parse(line) as Record<string, unknown>;
      return [event, from, unwritten].join(" ");
    });
  };
  rare.warn("a", { from: 1 });
  rare.warn("a", { from: 2 });
  rare.warn("b", { from: 3 });
  clock.advance(59_999);
  rare.warn("a", { from: 4 });
  assert.deepEqual(seen(), ["a 1 0", "b 3 0"]);
  clock.advance(1);
  rare.warn("a", { from: 5 });
  assert.deepEqual(seen(), ["a 5 2"]);
  clock.advance(60_000);
  rare.warn("a", { from: 6 });
  assert.deepEqual(seen(), ["a 6 0"]);
});
