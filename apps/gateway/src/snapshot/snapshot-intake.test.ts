import assert from "node:assert/strict";
import { test } from "node:test";
import { type SnapshotChange, snapshotFormatVersion, snapshotListNames } from "@tandem/contracts";
import type { RoutingTable } from "@tandem/routing";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { SnapshotHolder } from "./snapshot-holder.ts";
import { SnapshotIntake } from "./snapshot-intake.ts";

const number = (index: number) => ({
  sid: `PN${index}`,
  accountSid: "AC1",
  trunkSid: null,
  phoneNumber: `+1555${index}`,
});
const snapshot = exampleSnapshot({ version: 7, numbers: [number(1), number(2)] });
const counts = Object.fromEntries(
  snapshotListNames.map((list) => [list, snapshot[list].length]),
) as SnapshotChange["counts"];

function script() {
  const holder = new SnapshotHolder();
  const kept: string[] = [];
  const parts = { failure: undefined as string | undefined };
  holder.onApplied(() => {
    if (parts.failure !== undefined) throw new Error(parts.failure);
  });
  const intake = new SnapshotIntake({
    table: () => holder.table,
    applyTable: (table: RoutingTable) => holder.replace(table),
    applyChange: (change) => holder.change(change),
    keep: (table, change) => {
      kept.push(
        `${table.snapshot.version}${change === undefined ? " whole" : ` after ${change.fromVersion}`}`,
      );
    },
  });
  const pieces = (): void => {
    intake.begin(snapshot, counts);
    const { accounts, trunks, ipAccessControlLists, credentialLists, carriers, connections } = snapshot;
    intake.add({ accounts, trunks, ipAccessControlLists, credentialLists, carriers, connections });
    intake.add({ numbers: [number(1)] });
    intake.add({ numbers: [number(2)] });
  };
  return Object.assign(parts, { holder, intake, kept, pieces });
}

const change: SnapshotChange = {
  formatVersion: snapshotFormatVersion,
  fromVersion: 7,
  toVersion: 8,
  settings: {},
  put: { numbers: [number(3)] },
  removed: {},
  counts: { ...counts, numbers: 3 },
};

test("pieces are in force at their end, not before, and give what the whole gives", () => {
  const { holder, intake, kept, pieces } = script();
  intake.whole(exampleSnapshot({ version: 5 }));
  pieces();
  assert.equal(intake.version, 5);
  assert.equal(holder.table?.numberByE164("+15551"), undefined);
  intake.end(7);
  assert.equal(intake.version, 7);
  const inPieces = holder.table?.document();
  const other = script();
  other.intake.whole(snapshot);
  assert.deepEqual(inPieces, other.holder.table?.document());
  assert.deepEqual(kept, ["5 whole", "7 whole"]);
});

test("a change is in force at once and kept as what it is", () => {
  const { holder, intake, kept } = script();
  intake.whole(snapshot);
  const before = holder.table;
  intake.change(change);
  assert.equal(holder.table?.numberByE164("+15553")?.sid, "PN3");
  assert.equal(before?.numberByE164("+15553"), undefined, "a call goes on by the table it began with");
  assert.deepEqual(kept, ["7 whole", "8 after 7"]);
});

type Script = ReturnType<typeof script>;
const refused: readonly (readonly [what: string, come: (script: Script) => void, why: RegExp])[] = [
  ["a change before any snapshot", ({ intake }) => intake.change(change), /no snapshot that could change/],
  [
    "a change of another version",
    ({ intake }) => {
      intake.whole(exampleSnapshot({ version: 6 }));
      intake.change(change);
    },
    /of version 7, not of 6/,
  ],
  ["the end without the beginning", ({ intake }) => intake.end(7), /came without its beginning/],
  [
    "the end of another version",
    ({ intake, pieces }) => {
      pieces();
      intake.end(8);
    },
    /snapshot 7 ends as 8/,
  ],
  [
    "fewer objects than announced",
    ({ intake, pieces }) => {
      pieces();
      intake.begin(snapshot, counts);
      intake.end(7);
    },
    /snapshot 7 has 0 \w+, not \d/,
  ],
  [
    "more objects than announced",
    ({ intake, pieces }) => {
      pieces();
      intake.add({ numbers: [number(3)] });
    },
    /more than 2 numbers/,
  ],
  [
    "pieces of another format",
    ({ intake }) => intake.begin({ ...snapshot, formatVersion: snapshotFormatVersion - 1 }, counts),
    /has format 1, not 2/,
  ],
  [
    "the end after a whole one came in between",
    ({ intake, pieces }) => {
      pieces();
      intake.whole(exampleSnapshot({ version: 6 }));
      intake.end(7);
    },
    /came without its beginning/,
  ],
  [
    "the end after the stream had ended in between",
    ({ intake, pieces }) => {
      pieces();
      intake.abandon();
      intake.add({ numbers: [number(3)] });
      intake.end(7);
    },
    /came without its beginning/,
  ],
];

for (const [what, come, why] of refused) {
  test(`refused, and nothing of it is in force or kept: ${what}`, () => {
    const parts = script();
    assert.throws(() => come(parts), why);
    assert.equal(parts.holder.table?.numberByE164("+15551"), undefined);
    assert.ok(!parts.kept.some((text) => text.startsWith("7") || text.startsWith("8")));
  });
}

test("one that the gateway can't use is not kept, and the last good one stays", () => {
  const parts = script();
  parts.intake.whole(snapshot);
  parts.failure = "unusable nonce key";
  assert.throws(() => parts.intake.change(change), /unusable nonce key/);
  parts.failure = undefined;
  assert.equal(parts.intake.version, 7);
  assert.deepEqual(parts.kept, ["7 whole"]);
});
