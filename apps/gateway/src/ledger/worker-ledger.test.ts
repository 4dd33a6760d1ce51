import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import {
  groupCommitMs,
  maximumUnconfirmedBatches,
  WorkerLedger,
  type WorkerLedgerOptions,
} from "./worker-ledger.ts";

function directoryFor(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "worker-ledger-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "state");
}

async function open(
  context: TestContext,
  options: Partial<WorkerLedgerOptions> = {},
): Promise<{ ledger: WorkerLedger; clock: HandClock; directory: string }> {
  const directory = options.directory ?? directoryFor(context);
  const clock = new HandClock();
  const ledger = await WorkerLedger.open({ ...options, clock, directory });
  context.after(() => ledger.close());
  return { ledger, clock, directory };
}

/** Generous: only a failing test waits this long. */
async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 5) {
    assert.ok(waitedMs < 20_000, `still waiting until ${what}`);
    await delay(5);
  }
}

test("done is called after the commit, not before; what comes within the group time is one commit", async (context) => {
  const { ledger, clock } = await open(context);
  assert.ok(groupCommitMs <= 20, "a 200 waits for it");
  const done: string[] = [];
  ledger.journal("CA1", "{}", () => done.push("CA1"));
  clock.advance(groupCommitMs - 0.1);
  ledger.journal("CA2", "{}", () => done.push("CA2"));
  await delay(20);
  assert.deepEqual(done, []);
  assert.equal(ledger.counts().journal, 0);
  clock.advance(0.1);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(done, []);
  await until("both are committed", () => done.length === 2);
  assert.deepEqual(done, ["CA1", "CA2"]);
  assert.deepEqual(ledger.counts(), { outbox: 0, journal: 2, isDegraded: false });
});

test("entries are announced, read and removed", async (context) => {
  const { ledger, clock } = await open(context);
  let announcements = 0;
  ledger.onEntries = () => (announcements += 1);
  assert.equal(await ledger.read(0, 10), undefined);
  ledger.finish("CA1", '{"sid":"CA1"}');
  ledger.alert('{"sid":"NO1"}');
  clock.advance(groupCommitMs);
  await until("entries are announced", () => announcements === 1);
  assert.equal(ledger.counts().outbox, 2);
  const batch = await ledger.read(0, 10);
  assert.equal(batch?.lastSequence, 2);
  ledger.stored(2);
  clock.advance(groupCommitMs);
  await until("they are gone", () => ledger.counts().outbox === 0);
  assert.equal(announcements, 1, "an empty outbox is nothing to announce");
  assert.equal(await ledger.read(0, 10), undefined);
});

test("what was committed is recovered by the next owner, whatever ended the last one", async (context) => {
  const directory = directoryFor(context);
  const first = await open(context, { directory });
  const done: string[] = [];
  first.ledger.journal("CA1", '{"n":1}', () => done.push("CA1"));
  first.clock.advance(groupCommitMs);
  await until("it is committed", () => done.length === 1);
  first.ledger.journal("CA2", "{}", () => done.push("CA2"));
  await first.ledger.killThread();
  const second = await open(context, { directory });
  assert.deepEqual(second.ledger.recovered, [{ callSid: "CA1", text: '{"n":1}' }]);
  assert.equal(second.ledger.counts().journal, 1);
});

test("close commits what was given last, and is idempotent", async (context) => {
  const directory = directoryFor(context);
  const first = await open(context, { directory });
  first.ledger.journal("CA1", "{}", () => {});
  first.ledger.alert("{}");
  await Promise.all([first.ledger.close(), first.ledger.close()]);
  await first.ledger.close();
  assert.equal(await first.ledger.read(0, 1), undefined);
  const second = await open(context, { directory });
  assert.equal(second.ledger.recovered.length, 1);
  assert.deepEqual(second.ledger.counts(), { outbox: 1, journal: 1, isDegraded: false });
});

test("the directory is made for its owner only, and a second owner is refused", async (context) => {
  const { directory } = await open(context);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  await assert.rejects(WorkerLedger.open({ clock: new HandClock(), directory }), /ledger\.sqlite: .*locked/);
});

test("a thread that dies: calls go on, the log hears of it, and the next thread gets what the last did not confirm", async (context) => {
  const degraded: string[] = [];
  const { ledger, clock } = await open(context, {
    onDegraded: (isDegraded, error) => degraded.push(`${isDegraded} ${error}`),
  });
  ledger.journal("CA1", "{}", () => {});
  const reading = ledger.read(0, 10);
  await ledger.killThread();
  await until("the end is noticed", () => degraded.length === 1);
  assert.match(degraded[0] ?? "", /^true the worker thread ended/);
  assert.equal(await reading, undefined);
  const done: string[] = [];
  ledger.journal("CA2", "{}", () => done.push("CA2"));
  ledger.finish("CA3", "{}");
  clock.advance(groupCommitMs);
  assert.deepEqual(done, ["CA2"], "without a disk nobody waits for it");
  assert.equal(await ledger.read(0, 10), undefined);
  assert.equal(ledger.counts().isDegraded, true);
  let announcements = 0;
  ledger.onEntries = () => (announcements += 1);
  clock.advance(1000 - groupCommitMs - 0.1);
  assert.equal(clock.pendingTimers, 1);
  clock.advance(0.1);
  await until("the new thread has it all", () => ledger.counts().outbox === 1);
  assert.deepEqual(ledger.counts(), { outbox: 1, journal: 2, isDegraded: false });
  assert.deepEqual(degraded.slice(1), ["false undefined"]);
  assert.ok(announcements > 0);
});

test("without a thread 10 000 batches are kept, one more costs the oldest", async (context) => {
  for (const [given, oldest] of [
    [maximumUnconfirmedBatches, "CA10000"],
    [maximumUnconfirmedBatches + 1, "CA10001"],
  ] as const) {
    let isDown = false;
    const directory = directoryFor(context);
    const { ledger, clock } = await open(context, {
      directory,
      onDegraded: (isDegraded) => (isDown = isDegraded),
    });
    await ledger.killThread();
    await until("the end is noticed", () => isDown);
    const released: string[] = [];
    // Less than the second after which a new thread is started.
    for (let index = 0; index < given; index += 1) {
      const callSid = `CA${10_000 + index}`;
      ledger.journal(callSid, "{}", () => released.push(callSid));
      ledger.flush();
    }
    assert.equal(maximumUnconfirmedBatches, 10_000);
    assert.equal(released.length, given, "nobody waits");
    clock.advance(1000);
    await until("the rest is on disk", () => ledger.counts().journal === maximumUnconfirmedBatches);
    await ledger.close();
    const next = await open(context, { directory });
    assert.equal(next.ledger.recovered[0]?.callSid, oldest);
    await next.ledger.close();
  }
});

test("a thread that dies on a quiet gateway: the next one says that all is well", async (context) => {
  const degraded: boolean[] = [];
  const { ledger, clock } = await open(context, { onDegraded: (isDegraded) => degraded.push(isDegraded) });
  await ledger.killThread();
  await until("the end is noticed", () => degraded.length === 1);
  clock.advance(1000);
  await until("the new thread runs", () => degraded.length === 2);
  assert.deepEqual(degraded, [true, false]);
});

test("on a full disk it opens degraded, with what is there to be read, and gets to disk what came meanwhile", {
  skip: process.getuid?.() === 0 && process.platform === "linux" ? false : "only root may mount a small disk",
}, async (context) => {
  for (const isNew of [true, false]) {
    const disk = mkdtempSync(join(tmpdir(), "worker-ledger-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tandem-worker-ledger-test", disk]);
    try {
      const directory = join(disk, "state");
      if (!isNew) {
        const earlier = await open(context, { directory });
        let isCommitted = false;
        earlier.ledger.journal("CA1", "{}", () => (isCommitted = true));
        earlier.clock.advance(groupCommitMs);
        await until("it is committed", () => isCommitted);
        await earlier.ledger.killThread();
      }
      const filler = fill(join(disk, "filler"));
      const degraded: string[] = [];
      const { ledger, clock } = await open(context, {
        directory,
        onDegraded: (isDegraded, error) => degraded.push(`${isDegraded} ${error}`),
      });
      assert.deepEqual(
        ledger.recovered.map(({ callSid }) => callSid),
        isNew ? [] : ["CA1"],
      );
      if (isNew) assert.match(degraded.join(), /^true .*(full|no space)/i);
      const done: string[] = [];
      ledger.journal("CA2", "x".repeat(8000), () => done.push("CA2"));
      ledger.finish("CA3", "{}");
      clock.advance(groupCommitMs);
      await until("calls go on", () => done.length === 1);
      assert.equal(ledger.counts().isDegraded, true);
      rmSync(filler);
      await until("the disk has it", () => ledger.counts().outbox === 1);
      assert.deepEqual(ledger.counts(), { outbox: 1, journal: isNew ? 1 : 2, isDegraded: false });
      assert.equal(degraded.at(-1), "false undefined");
      await ledger.close();
      const next = await open(context, { directory });
      assert.equal(next.ledger.recovered.length, isNew ? 1 : 2);
      await next.ledger.close();
    } finally {
      execFileSync("umount", ["-l", disk]);
      rmSync(disk, { recursive: true });
    }
  }
});

/** Takes all the room there is, to the last byte. */
function fill(file: string): string {
  const descriptor = openSync(file, "w");
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  } finally {
    closeSync(descriptor);
  }
  return file;
}

test("the fault of one call that waited does not keep another waiting", async (context) => {
  const faults: unknown[] = [];
  const { ledger, clock } = await open(context, { onFault: (error) => faults.push(error) });
  const done: string[] = [];
  const fault = new Error("planted");
  ledger.journal("CA1", "{}", () => {
    throw fault;
  });
  ledger.journal("CA2", "{}", () => done.push("CA2"));
  clock.advance(groupCommitMs);
  await until("the other goes on", () => done.length === 1);
  assert.deepEqual(faults, [fault]);
});

test("it tells since when the oldest entry waits, of this life and of the one before", async (context) => {
  const { ledger, clock, directory } = await open(context);
  assert.deepEqual(ledger.disk, { failures: 0, lostOperations: 0, waitingSinceMs: undefined });
  ledger.journal("CA1", "{}", () => undefined);
  ledger.finish("CA1", "{}");
  ledger.alert("{}");
  clock.advance(groupCommitMs);
  await until("both are there", () => ledger.counts().outbox === 2);
  const sinceMs = clock.monotonicMs();
  clock.advance(60_000);
  assert.equal(ledger.disk.waitingSinceMs, sinceMs);
  ledger.stored(1);
  clock.advance(groupCommitMs);
  await until("one has gone", () => ledger.counts().outbox === 1);
  assert.equal(ledger.disk.waitingSinceMs, sinceMs);
  await ledger.close();
  const next = await open(context, { directory });
  assert.equal(next.ledger.disk.waitingSinceMs, next.clock.monotonicMs());
  next.ledger.stored(2);
  next.clock.advance(groupCommitMs);
  await until("all have gone", () => next.ledger.counts().outbox === 0);
  assert.equal(next.ledger.disk.waitingSinceMs, undefined);
});
