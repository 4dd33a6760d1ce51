import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import type { ConnectionHealth } from "@tandem/contracts";
import { maximumNetworkStateBytes, NetworkStateFile, networkStatePollMs } from "./network-state-file.ts";

const line: ConnectionHealth = {
  sid: "TX1",
  state: "down",
  reason: "link down",
  sinceMs: 1,
  link: "down",
  route: "present",
  bgp: null,
  bfd: null,
  receivedBytes: 1,
  sentBytes: 2,
};

function script(context: TestContext) {
  const stateDirectory = mkdtempSync(join(tmpdir(), "network-state-"));
  context.after(() => rmSync(stateDirectory, { recursive: true, force: true }));
  const clock = new HandClock();
  const heard: (string | undefined)[] = [];
  const faults: string[] = [];
  const file = new NetworkStateFile({
    clock,
    stateDirectory,
    onState: (lines) => heard.push(lines?.map((one) => `${one.sid} ${one.state}`).join()),
    onFault: (text) => faults.push(text.slice(text.lastIndexOf("/") + 1)),
  });
  file.start();
  context.after(() => file.close());
  const path = join(stateDirectory, "network-state.json");
  /** Replaced atomically, as the agent does it. */
  const write = (content: unknown): void => {
    writeFileSync(`${path}.new`, typeof content === "string" ? content : JSON.stringify(content));
    renameSync(`${path}.new`, path);
  };
  const state = (connections: readonly ConnectionHealth[], writtenAtMs = clock.wallMs()): unknown => ({
    formatVersion: 1,
    writtenAtMs,
    appliedSnapshotVersion: 1,
    connections,
  });
  /** One look at the file, until it is over. */
  const look = async (): Promise<void> => {
    clock.advance(networkStatePollMs);
    for (let waitedMs = 0; clock.pendingTimers === 0; waitedMs += 1) {
      assert.ok(waitedMs < 10_000);
      await delay(1);
    }
  };
  return { clock, heard, faults, file, path, write, state, look };
}

test("what the agent writes is heard at the next look, 200 ms later at most, and once", async (context) => {
  const { heard, write, state, look } = script(context);
  assert.equal(networkStatePollMs, 200);
  await look();
  assert.deepEqual(heard, []);
  write(state([line]));
  await look();
  assert.deepEqual(heard, ["TX1 down"]);
  await look();
  assert.equal(heard.length, 1);
  write(state([line, { ...line, sid: "TX2", state: "up" }]));
  await look();
  assert.equal(heard[1], "TX1 down,TX2 up");
});

for (const [what, jumpMs] of [
  ["forward", 3_600_000],
  ["back", -3_600_000],
] as const) {
  test(`the machine's clock is set ${what} by an hour: the agent's word counts for 10 s, no less and no longer`, async (context) => {
    const { heard, write, state, look, clock } = script(context);
    write(state([line]));
    await look();
    clock.setWall(jumpMs);
    clock.advance(10_000 - 2 * networkStatePollMs);
    await look();
    assert.deepEqual(heard, ["TX1 down"]);
    clock.advance(1);
    await look();
    assert.deepEqual(heard, ["TX1 down", undefined]);
    write(state([line]));
    await look();
    assert.deepEqual(heard.slice(2), ["TX1 down"]);
  });
}

test("an agent that has written nothing for more than 10 s is gone; it is back with its next word", async (context) => {
  const { heard, write, state, look, clock } = script(context);
  write(state([line]));
  await look();
  clock.advance(10_000 - 2 * networkStatePollMs);
  await look();
  assert.deepEqual(heard, ["TX1 down"], "10 s old exactly");
  clock.advance(1);
  await look();
  assert.deepEqual(heard, ["TX1 down", undefined]);
  await look();
  assert.equal(heard.length, 2);
  write(state([line]));
  await look();
  assert.deepEqual(heard.slice(2), ["TX1 down"]);
});

test("a word from long ago is none", async (context) => {
  const { heard, write, state, look, clock } = script(context);
  write(state([line], clock.wallMs() - 10_001));
  await look();
  assert.deepEqual(heard, [undefined]);
});

test("a file that is taken away says nothing", async (context) => {
  const { heard, write, state, look, path } = script(context);
  write(state([line]));
  await look();
  rmSync(path);
  await look();
  assert.deepEqual(heard, ["TX1 down", undefined]);
});

const unusable: readonly (readonly [what: string, content: unknown, fault: RegExp])[] = [
  ["no JSON", "{", /JSON/],
  [
    "not of the contract",
    { formatVersion: 1, writtenAtMs: "now" },
    /writtenAtMs|required|appliedSnapshotVersion/,
  ],
  ["too large", " ".repeat(maximumNetworkStateBytes + 1), /bytes are too many/],
];

for (const [what, content, fault] of unusable) {
  test(`a file that is ${what} is told once, and counts as none`, async (context) => {
    const { heard, faults, write, state, look } = script(context);
    write(state([line]));
    await look();
    write(content);
    await look();
    await look();
    assert.deepEqual(heard, ["TX1 down", undefined]);
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? "", fault);
    write(state([line]));
    await look();
    assert.equal(heard[2], "TX1 down");
  });
}

test("the largest file is read", async (context) => {
  const { heard, faults, write, state, look } = script(context);
  const text = JSON.stringify(state([line]));
  write(text.padEnd(maximumNetworkStateBytes, " "));
  await look();
  assert.deepEqual([heard, faults], [["TX1 down"], []]);
});

test("closed, it looks no more", async (context) => {
  const { file, clock, heard, write, state } = script(context);
  write(state([line]));
  clock.advance(0);
  file.close();
  await delay(20);
  assert.equal(clock.pendingTimers, 0);
  assert.deepEqual(heard, []);
});
