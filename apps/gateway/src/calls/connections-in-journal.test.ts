import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionsInJournal } from "./connections-in-journal.ts";

const entry = (text: unknown) => ({
  callSid: "CA1",
  text: typeof text === "string" ? text : JSON.stringify(text),
});

test("the lines of both legs of every call, each once", () => {
  const found = connectionsInJournal([
    entry({ ingress: { connection: "TX1" }, egress: { connection: null } }),
    entry({ ingress: { connection: null }, egress: { connection: "TX2" } }),
    entry({ ingress: { connection: "TX1" }, egress: { connection: "TX3" } }),
  ]);
  assert.deepEqual([...found], ["TX1", "TX2", "TX3"]);
});

test("what can't be read names none, and keeps no other from being read", () => {
  const found = connectionsInJournal([
    entry("{"),
    entry("null"),
    entry({}),
    entry({ ingress: { connection: 7 } }),
    entry({ ingress: {}, egress: { connection: "TX1" } }),
  ]);
  assert.deepEqual([...found], ["TX1"]);
});
