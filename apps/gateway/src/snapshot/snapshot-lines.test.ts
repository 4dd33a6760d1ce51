import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot, SnapshotObjects } from "@tandem/contracts";
import { RoutingTable } from "@tandem/routing";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { NotInLines, SnapshotLines } from "./snapshot-lines.ts";
import { snapshotText } from "./snapshot-text.ts";

const numbers = Array.from({ length: 5 }, (_, index) => ({
  sid: `PN${index}`,
  accountSid: "AC1",
  trunkSid: null,
  // What would mislead a reader that counted brackets or line ends.
  phoneNumber: `+${index}\n],\n"é"]}`,
}));
const destinations = {
  lowRiskPrefixes: [],
  highRiskSpecialPrefixes: ["+1900"],
  highRiskTollFraudPrefixes: ["+881"],
  blockedPrefixes: [],
  doNotOriginatePrefixes: [],
};
const snapshot = exampleSnapshot({ numbers, destinations });
const text = [...snapshotText(RoutingTable.from(snapshot))].join("");

/** Reads it in pieces of so many bytes. */
function read(document: string, pieceBytes: number): Snapshot {
  const lists: Record<string, object[]> = {};
  const lines = new SnapshotLines((objects: SnapshotObjects) => {
    for (const [list, some] of Object.entries(objects)) (lists[list] ??= []).push(...some);
  });
  const bytes = Buffer.from(document);
  for (let at = 0; at < bytes.length; at += pieceBytes) lines.push(bytes.subarray(at, at + pieceBytes));
  const empty = {
    credentialLists: [],
    connections: [],
    accounts: [],
    ipAccessControlLists: [],
    carriers: [],
  };
  return { ...empty, trunks: [], numbers: [], ...lists, ...lines.end() } as Snapshot;
}

test("it is JSON, and comes back whatever the pieces are", () => {
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(RoutingTable.from(snapshot).document())));
  for (const pieceBytes of [1, 2, 3, 7, 64, 1000, 1_000_000]) {
    assert.deepEqual(read(text, pieceBytes), RoutingTable.from(snapshot).document(), `${pieceBytes} bytes`);
  }
});

test("objects come before the document has come to its end", () => {
  let came = 0;
  const lines = new SnapshotLines((objects) => {
    came += objects.numbers?.length ?? 0;
  });
  lines.push(Buffer.from(text.slice(0, text.indexOf('{"sid":"PN3"'))));
  assert.equal(came, 3);
});

const inAnotherWay: readonly (readonly [what: string, text: string])[] = [
  ["in one line", JSON.stringify(snapshot)],
  ["indented", JSON.stringify(snapshot, undefined, 2)],
  ["cut off", text.slice(0, -3)],
  ["cut off in a list", text.slice(0, text.indexOf("PN3"))],
  ["longer", `${text}}`],
  ["of another format", text.replace('"formatVersion":2', '"formatVersion":1')],
  ["with another order of lists", text.replace(',"accounts":[', ',"trunks":[')],
  ["empty", ""],
];

for (const [what, document] of inAnotherWay) {
  test(`a document ${what} must be read in one piece`, () => {
    assert.throws(() => read(document, 50), NotInLines);
  });
}

test("what is not of the contract is refused with its place", () => {
  assert.throws(() => read(text.replace('"realm":"', '"realm":1,"x":"'), 50), /^Error: \/realm/);
  assert.throws(() => read(text.replace('"sid":"PN3"', '"sid":3'), 50), /^Error: \/numbers\/\d+\/sid/);
});
