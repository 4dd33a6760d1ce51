import assert from "node:assert/strict";
import { test } from "node:test";
import type { LedgerOperation } from "./ledger-messages.ts";
import { decodeOperations, encodeOperation } from "./operation-codec.ts";

const operations: readonly LedgerOperation[] = [
  { kind: "journal", callSid: "CA1", text: '{"a":1}' },
  {
    kind: "finish",
    callSid: "CA1",
    text: JSON.stringify({ text: "control \u001e\u001f characters, “quotes”, Zoë" }),
  },
  { kind: "finish-leg", callSid: "CA1/0-abcdef01", text: '{"callSid":"CA1"}' },
  { kind: "forget", callSid: "CA2" },
  { kind: "alert", text: '{"sid":"NO1"}' },
  { kind: "stored", sequence: 1234 },
];

test("a batch of every kind of operation comes back as it was, in order", () => {
  assert.deepEqual(decodeOperations(operations.map(encodeOperation).join("")), operations);
});

test("an empty batch has no operations", () => {
  assert.deepEqual(decodeOperations(""), []);
});

test("a record of an unknown kind is a fault", () => {
  assert.throws(() => decodeOperations("Zx\u001e"), /unknown kind "Z"/);
});
