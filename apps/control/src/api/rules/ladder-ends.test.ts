import assert from "node:assert/strict";
import { test } from "node:test";
import { ladderEnds } from "./ladder-ends.ts";

const from = (gateway: string, remote: string) => ({ gateway, remote, direction: "received" as const });
const to = (gateway: string, remote: string) => ({ gateway, remote, direction: "sent" as const });

test("who called stands left of the gateway, whom it called right, each attempt for itself", () => {
  const messages = [
    from("gw-1", "pbx"),
    to("gw-1", "pbx"),
    to("gw-1", "east"),
    from("gw-1", "east"),
    to("gw-1", "west"),
  ];
  assert.deepEqual(ladderEnds(messages), ["pbx", "gw-1", "east", "west"]);
});

test("a sister gateway stands right of the backbone that led to it", () => {
  const messages = [
    from("gw-1", "carrier"),
    to("gw-1", "backbone-2"),
    from("gw-2", "backbone-1"),
    to("gw-2", "pbx"),
  ];
  assert.deepEqual(ladderEnds(messages), ["carrier", "gw-1", "backbone-2", "backbone-1", "gw-2", "pbx"]);
});

test("of nothing there is none", () => assert.deepEqual(ladderEnds([]), []));
