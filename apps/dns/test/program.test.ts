/** The program itself: what it needs, what it says and how it ends. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { heartbeatDeadAfterMs } from "@tandem/contracts";
import { exampleZone } from "../src/testing/example-zone.ts";
import { dig, digIsMissing } from "./dig.ts";
import { NameServerProgram, type NameServerWishes } from "./name-server-program.ts";

async function prepared(
  context: TestContext,
  wishes: Partial<NameServerWishes> = {},
): Promise<NameServerProgram> {
  const program = await NameServerProgram.prepare({ address: "127.0.158.1", ...wishes });
  context.after(() => program.remove());
  return program;
}

test("without a zone: SERVFAIL, so that the resolver asks another", {
  skip: digIsMissing,
}, async (context) => {
  const program = await prepared(context);
  await program.run();
  const { status, flags } = await dig(program.socket, "office.pstn.tandem.test", "A");
  assert.deepEqual([status, flags.includes("aa")], ["SERVFAIL", false]);
});

test("a zone on disk that cannot be used is told, and it starts without", async (context) => {
  const program = await prepared(context, { zone: exampleZone() });
  writeFileSync(join(program.directory, "state", "zone.json"), "{");
  await program.run();
  assert.equal((await program.line("zone-on-disk-refused")).level, "error");
});

test("without sockets for heartbeats nobody is ever believed dead", {
  skip: digIsMissing,
}, async (context) => {
  const program = await prepared(context, { zone: exampleZone(), changes: { heartbeats: [] } });
  await program.run();
  await delay(heartbeatDeadAfterMs + 500);
  assert.deepEqual((await program.status())["gateways"], {});
  assert.deepEqual((await dig(program.socket, "office.pstn.us1-ix.tandem.test", "A")).answers, [
    "A 198.51.100.1",
    "A 198.51.100.2",
  ]);
});

test("it ends in order on SIGTERM, and says what keeps it from starting", async (context) => {
  const program = await prepared(context, { zone: exampleZone() });
  await program.run();
  assert.equal(await program.stop("SIGTERM"), 0);
  assert.deepEqual(
    program.lines.map((line) => line.event).filter((event) => !event.startsWith("control-")),
    ["zone-applied", "listening", "listening-for-heartbeats", "serving", "stopped"],
  );
  for (const words of [[], ["other", "--config", "x"], ["export", "--format", "x", "--config", "x"]]) {
    const ended = await program.once(...words);
    assert.equal(ended.code, 1, words.join(" "));
    assert.match(ended.errors, /^dns: /);
  }
  const elsewhere = await prepared(context, { address: "192.0.2.1" });
  const ended = await elsewhere.once("--config", elsewhere.configurationFile);
  assert.equal(ended.code, 1);
  assert.match(ended.errors, /^dns: .*192\.0\.2\.1/);
});
