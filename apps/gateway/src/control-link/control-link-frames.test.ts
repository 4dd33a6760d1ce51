import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./testing/control-double.ts";
import { connected } from "./testing/control-link-script.ts";

test("a command is performed and its result comes back under its number, failures too", async (context) => {
  const parts = await connected(context);
  parts.control.send({ kind: "command", id: 41, command: { name: "hang-up", callSid: "CA1" } });
  assert.deepEqual(await parts.control.next("result"), {
    kind: "result",
    id: 41,
    result: { ok: true, name: "hang-up", found: true },
  });
  assert.deepEqual(parts.commands, [{ name: "hang-up", callSid: "CA1" }]);
  parts.failure = "planted";
  parts.control.send({ kind: "command", id: 42, command: { name: "hang-up", callSid: "CA1" } });
  assert.deepEqual(await parts.control.next("result"), {
    kind: "result",
    id: 42,
    result: { ok: false, error: "planted" },
  });
});

test("frames that are no JSON or none of the contract are reported, and the stream goes on", async (context) => {
  const { control, events, clock } = await connected(context);
  control.socket.send("{");
  control.send({ kind: "stored", sequence: "one" });
  control.send({ kind: "welcome", streamVersion: 1 });
  await until(
    "both are reported",
    () => events.filter((event) => event.startsWith("bad-frame")).length === 2,
  );
  assert.equal(events.at(-2), "bad-frame: not JSON");
  await control.next("state");
  clock.advance(5000);
  await control.next("state");
});

test("entries of the outbox go out, and leave the ledger when control has stored them", async (context) => {
  const parts = await connected(context);
  const { ledger, control, clock } = parts;
  const alert = {
    sid: "NO1",
    accountSid: null,
    trunkSid: null,
    callSid: null,
    code: 1,
    level: "error",
    text: "t",
    atMs: 1,
  };
  ledger.entries.push({ sequence: 9, text: JSON.stringify({ sequence: 9, kind: "alert", alert }) });
  ledger.onEntries?.();
  await until("the pump gathers", () => clock.pendingTimers >= 2);
  clock.advance(50);
  const entries = await control.next("entries");
  assert.equal(entries.kind === "entries" && entries.entries[0]?.sequence, 9);
  control.send({ kind: "stored", sequence: 9 });
  await until("they are gone", () => ledger.storedUpTo.includes(9));
});
