import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "./api-error.ts";
import { timeSpanOf } from "./time-filters.ts";

const cases: [query: Record<string, string>, from: string | undefined, to: string | undefined][] = [
  [{ T: "2026-01-02" }, "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"],
  [{ "T<": "2026-01-02" }, undefined, "2026-01-03T00:00:00.000Z"],
  [{ "T>": "2026-01-02" }, "2026-01-02T00:00:00.000Z", undefined],
  [{ "T>": "2026-01-02", "T<": "2026-01-04" }, "2026-01-02T00:00:00.000Z", "2026-01-05T00:00:00.000Z"],
  [{ T: "2026-01-02T03:04:05Z" }, "2026-01-02T03:04:05.000Z", "2026-01-02T03:04:06.000Z"],
  [{ "T<": "2026-01-02T03:04:05+01:00" }, undefined, "2026-01-02T02:04:06.000Z"],
  [{ "T>": "2026-01-02T03:04" }, "2026-01-02T03:04:00.000Z", undefined],
  [{ "T>": "2026-01-02 03:04:05" }, "2026-01-02T03:04:05.000Z", undefined],
  [{ "T>": "2026-01-02T03:04:05.678Z" }, "2026-01-02T03:04:05.000Z", undefined],
  [{ "T>": "2028-02-29" }, "2028-02-29T00:00:00.000Z", undefined],
  [{ "T<": "9999-12-30" }, undefined, "9999-12-31T00:00:00.000Z"],
  [{ "T<": "9999-12-31" }, undefined, "9999-12-31T23:59:59.999Z"],
  [{ "T>": "9999-12-31T23:59:59-14:00" }, "9999-12-31T23:59:59.999Z", undefined],
  [{ "T>": "0001-01-01T00:00:01Z" }, "0001-01-01T00:00:01.000Z", undefined],
  [{ T: "0000-01-01" }, "0001-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z"],
];

test("a date is its whole day, a time its whole second, and limits belong to the span", () => {
  for (const [query, from, to] of cases) {
    const span = timeSpanOf("T", query);
    assert.deepEqual([span?.from?.toISOString(), span?.to?.toISOString()], [from, to], JSON.stringify(query));
  }
  assert.equal(timeSpanOf("T", { U: "2026-01-02" }), undefined);
});

test("anything else is refused with the parameter's name", () => {
  for (const text of [
    "",
    "yesterday",
    "2026-1-2",
    "2026-13-01",
    "2026-02-29",
    "2026-04-31T00:00:00Z",
    "2026-01-02T25:00:00Z",
    "2026-01-02T03",
    "20260102",
  ]) {
    assert.throws(
      () => timeSpanOf("T", { "T<": text }),
      (error) => {
        assert.ok(error instanceof ApiError, text);
        assert.equal(error.code, 20001);
        assert.match(error.message, /T< must be a date or an ISO 8601 date and time\.$/);
        return true;
      },
    );
  }
});
