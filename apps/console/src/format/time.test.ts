import assert from "node:assert/strict";
import { test } from "node:test";
import { agoText, clockText, durationText, timeText } from "./time.ts";

test("a time is shown to the second, in the wanted zone", () => {
  assert.equal(timeText("2026-11-26T17:14:04Z", "UTC"), "2026-11-26 17:14:04");
  assert.equal(timeText("Thu, 26 Nov 2026 17:14:04 +0000", "Asia/Tokyo"), "2026-11-27 02:14:04");
  assert.equal(clockText("2026-11-26T17:14:04Z", "UTC"), "17:14:04");
  assert.deepEqual([timeText(""), timeText("soon"), clockText("")], ["", "", ""]);
});

test("durations", () => {
  const texts = [0, 5, 65, 3599, 3661, "12", "", "x", -1].map(durationText);
  assert.deepEqual(texts, ["0:00", "0:05", "1:05", "59:59", "1:01:01", "0:12", "", "", ""]);
});

test("how long ago, in the largest unit", () => {
  const now = Date.parse("2026-11-26T12:00:00Z");
  const texts = [-5, 0, 59, 60, 3599, 3600, 86_399, 86_400].map((seconds) =>
    agoText(new Date(now - seconds * 1000).toISOString(), now),
  );
  assert.deepEqual(texts, ["0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "23 h", "1 d"]);
  assert.equal(agoText("never", now), "");
});
