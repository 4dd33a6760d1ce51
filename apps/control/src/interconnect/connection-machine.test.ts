import assert from "node:assert/strict";
import { test } from "node:test";
import { type LineEvent, type LineState, stepLine } from "./connection-machine.ts";

const complete: LineEvent = { kind: "changed", missing: [] };
const incomplete: LineEvent = { kind: "changed", missing: ["IpRoutes"] };
const activate: LineEvent = { kind: "activation-asked", missing: [] };
const activateIncomplete: LineEvent = { kind: "activation-asked", missing: ["IpRoutes"] };
const deactivate: LineEvent = { kind: "deactivation-asked" };
const remove: LineEvent = { kind: "deletion-asked" };
const followed: LineEvent = { kind: "followed", cause: "gw-1 has it" };
const timedOut: LineEvent = { kind: "timed-out", cause: "no gateway is connected" };
const expired: LineEvent = { kind: "expired" };

// Beside each state: complete, incomplete, activate, activate what is incomplete, deactivate, delete, followed,
// timed out, expired. A name: the next state, with its code if there is one. `=`: stayed. A number: refused with it.
const table: readonly (readonly [LineState, string])[] = [
  ["not-ready", "inactive = 62014 62014 62016 pending-deletion = = expired"],
  ["inactive", "= not-ready activating 62014 62016 pending-deletion = = expired"],
  ["activating", "= 62014 62015 62015 62016 pending-deletion active inactive/62200 expired"],
  ["active", "= 62014 62015 62015 deactivating pending-deletion = = expired"],
  ["deactivating", "= 62014 62015 62015 62016 pending-deletion inactive inactive/62200 expired"],
  ["pending-deletion", "62020 62020 62020 62020 62020 62020 removed = ="],
  ["expired", "62028 62028 62028 62028 62028 pending-deletion = = ="],
  ["removed", "62012 62012 62012 62012 62012 62012 = = ="],
];
const events = [
  complete,
  incomplete,
  activate,
  activateIncomplete,
  deactivate,
  remove,
  followed,
  timedOut,
  expired,
];

const codes: Readonly<Record<string, number>> = {
  connectionNotReady: 62014,
  connectionInTransition: 62015,
  interconnectConnectionNotActive: 62016,
  connectionPendingDeletion: 62020,
  connectionExpired: 62028,
  interconnectConnectionNotFound: 62012,
};

function outcome(state: LineState, event: LineEvent): string {
  const step = stepLine(state, event);
  if (step.kind === "stayed") return "=";
  if (step.kind === "refused") return String(codes[step.error]);
  return step.code === null ? step.state : `${step.state}/${step.code}`;
}

for (const [state, row] of table) {
  test(`${state}`, () => {
    assert.deepEqual(
      events.map((event) => outcome(state, event)),
      row.split(" "),
    );
  });
}

test("causes and particulars say what it was", () => {
  assert.deepEqual(stepLine("activating", followed), {
    kind: "moved",
    state: "active",
    cause: "gw-1 has it",
    code: null,
  });
  assert.deepEqual(stepLine("deactivating", timedOut), {
    kind: "moved",
    state: "inactive",
    cause: "no gateway is connected",
    code: 62200,
  });
  assert.deepEqual(
    stepLine("inactive", { kind: "activation-asked", missing: ["VpnGatewayAddress", "IpRoutes"] }),
    {
      kind: "refused",
      error: "connectionNotReady",
      particulars: "It lacks VpnGatewayAddress, IpRoutes.",
    },
  );
});
