import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionStatus, SnapshotConnection } from "@tandem/contracts";
import { ConnectionIndex, mayUse } from "./connection-index.ts";
import { connectionSid, exampleConnection } from "./example-snapshot.ts";

const names = (found: readonly { value: SnapshotConnection; prefixLength: number }[]): string =>
  found.map(({ value, prefixLength }) => `${value.friendlyName}/${prefixLength}`).join(" ");

test("lines to an address: of that edge only, the longest prefix first, equal ones by SID", () => {
  const index = new ConnectionIndex([
    exampleConnection(3, { routes: ["172.56.42.0/24"] }),
    exampleConnection(1, { routes: ["172.56.42.128/25", "10.0.0.0/24"] }),
    exampleConnection(2, { routes: ["172.56.42.0/24", "172.56.43.0/24"] }),
    exampleConnection(4, { edge: "san-jose-ix" }),
  ]);
  assert.equal(names(index.routesTo("ashburn-ix", "172.56.42.132")), "line 1/25 line 2/24 line 3/24");
  assert.equal(names(index.routesTo("ashburn-ix", "172.56.42.127")), "line 2/24 line 3/24");
  assert.equal(names(index.routesTo("san-jose-ix", "172.56.42.132")), "line 4/24");
  assert.equal(names(index.routesTo("ashburn-ix", "172.56.44.1")), "");
  assert.equal(names(index.routesTo("london-ix", "172.56.42.132")), "");
  assert.deepEqual(
    index.ofEdge("ashburn-ix").map((line) => line.friendlyName),
    ["line 1", "line 2", "line 3"],
  );
});

const statuses: readonly (readonly [ConnectionStatus, boolean])[] = [
  ["not-ready", false],
  ["inactive", false],
  ["in-transition", false],
  ["active", true],
  ["pending-deletion", false],
  ["expired", false],
];

for (const [status, isFound] of statuses) {
  test(`a line that is ${status} ${isFound ? "carries" : "carries no"} calls, and is known by its SID`, () => {
    const index = new ConnectionIndex([exampleConnection(1, { status })]);
    assert.equal(index.routesTo("ashburn-ix", "172.56.42.1").length, isFound ? 1 : 0);
    assert.equal(index.bySid(connectionSid(1))?.status, status);
    assert.equal(index.ofEdge("ashburn-ix").length, 1);
  });
}

test("a SID is found in any spelling", () => {
  const sid = `TX${"ab".repeat(16)}`;
  const index = new ConnectionIndex([exampleConnection(1, { sid })]);
  for (const spelling of [sid, sid.toLowerCase(), sid.toUpperCase()])
    assert.equal(index.bySid(spelling)?.sid, sid);
  assert.equal(index.bySid(connectionSid(2)), undefined);
});

test("a line may be used by its owner and by those it is shared with", () => {
  const line = exampleConnection(1, { sharedAccountSids: ["AC2", "AC3"] });
  assert.deepEqual(
    ["AC1", "AC2", "AC3", "AC4"].map((sid) => mayUse(line, sid)),
    [true, true, true, false],
  );
});
