import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxEntry } from "@tandem/contracts";
import { reasons } from "@tandem/reasons";
import { RecordTally } from "./record-tally.ts";

test("entries by kind, what is new among them, and how late they come", () => {
  const tally = new RecordTally({ wallMs: () => 10_000 });
  const record = (releasedAtMs: number | null) =>
    ({ sequence: 1, kind: "call-record", record: { releasedAtMs } }) as OutboxEntry;
  const alert = { sequence: 2, kind: "alert", alert: { atMs: 9_500 } } as OutboxEntry;
  const { code, name } = reasons.connectionDown;
  tally.took({
    sound: [record(8_000), record(null), alert],
    quarantined: 1,
    duplicates: 1,
    alertCodes: [code, 7],
  });
  // A gateway's clock that is ahead of ours makes no negative lag.
  tally.took({ sound: [record(11_000)], quarantined: 0, duplicates: 0, alertCodes: [code, 8] });
  assert.deepEqual(tally.taken, { "call-record": 3, "leg-record": 0, alert: 1 });
  assert.deepEqual([tally.quarantined, tally.duplicates], [1, 1]);
  assert.deepEqual(
    [...tally.alerts],
    [
      [name, { code: String(code), count: 2 }],
      ["other", { code: "0", count: 2 }],
    ],
  );
  const { count, sum } = tally.lag.with({});
  assert.deepEqual([count, sum], [3, 2.5]);
});
