import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import { type NetworkState, networkStateIntervalMs, type Snapshot } from "@tandem/contracts";
import { createLogger } from "@tandem/telemetry";
import type { Enforced, Enforcer } from "../enforce/enforcer.ts";
import type { HostState, Link } from "../kernel/host-state.ts";
import type { Line, Lines } from "../lines/line.ts";
import { exampleLine, network } from "../testing/example-lines.ts";
import { exampleSnapshot } from "../testing/example-snapshot.ts";
import { debounceMs, NetworkAgent } from "./network-agent.ts";

const running: Link = { isUp: true, isRunning: true, receivedBytes: 1, sentBytes: 1 };
const line = exampleLine({ routes: [network("192.0.2.0/24")] });

/** An agent on a host of which the test says how it is. */
function agent() {
  const clock = new HandClock();
  const world = {
    link: running,
    snapshot: exampleSnapshot() as Snapshot | Error | undefined,
    lines: { lines: [line], refused: [] } as Lines,
    enforced: { areRulesInForce: true, errors: [] as string[] },
    isIntact: true,
    isWritable: true,
  };
  const written: NetworkState[] = [];
  const enforced: (readonly Line[])[] = [];
  const log: string[] = [];
  let forgotten = 0;
  const host = (): HostState => ({
    links: new Map([["wan1", world.link]]),
    addresses: [{ device: "lo", address: "100.127.0.1", prefixLength: 32, peer: undefined, label: "" }],
    rules: [],
    routes: [
      {
        key: "",
        text: "",
        table: 1001,
        destination: "192.0.2.0/24",
        usableDevices: world.link.isRunning ? ["wan1"] : [],
        isOurs: true,
      },
    ],
  });
  const enforcer = {
    enforce: (lines: readonly Line[], now: HostState): Promise<Enforced> => {
      enforced.push(lines);
      return Promise.resolve({ host: now, changes: 0, ...world.enforced });
    },
    areRulesIntact: () => Promise.resolve(world.isIntact),
    forgetRules: () => {
      forgotten += 1;
    },
  } as unknown as Enforcer;
  const subject = new NetworkAgent({
    clock,
    logger: createLogger({
      level: "info",
      clock,
      sink: { write: (text: string) => (log.push(text), true) } as never,
    }),
    enforcer,
    readSnapshot: () =>
      world.snapshot instanceof Error ? Promise.reject(world.snapshot) : Promise.resolve(world.snapshot),
    linesOf: () => world.lines,
    readHost: () => Promise.resolve(host()),
    daemonState: () => undefined,
    writeState: (state) => {
      if (!world.isWritable) return Promise.reject(new Error("ENOSPC"));
      written.push(state);
      return Promise.resolve();
    },
    onLines: () => {},
  });
  const settle = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turns = 0; turns < 20; turns += 1) await turn();
  };
  return { subject, world, written, enforced, settle, forgotten: () => forgotten, log };
}

test("the snapshot is applied, and the file says which one and how its lines are", async () => {
  const { subject, written, enforced, settle } = agent();
  subject.start();
  await settle(debounceMs);
  assert.deepEqual(enforced, [[line]]);
  assert.equal(written.at(-1)?.appliedSnapshotVersion, 7);
  assert.equal(written.at(-1)?.connections[0]?.state, "up");
  await subject.close();
});

test("many events are one pass; no pass without an event; the file is written at least every interval", async () => {
  const { subject, written, enforced, settle } = agent();
  subject.start();
  await settle(debounceMs);
  const passes = enforced.length;
  for (let event = 0; event < 100; event += 1) subject.request("change");
  await settle(debounceMs - 1);
  assert.equal(enforced.length, passes);
  await settle(1);
  assert.equal(enforced.length, passes + 1);
  const before = written.length;
  await settle(networkStateIntervalMs - 2 * debounceMs);
  await settle(debounceMs);
  assert.equal(written.length, before + 1, "the interval's");
  await subject.close();
});

test("a change is in the file with the pass that saw it; counters alone wait for the interval", async () => {
  const { subject, world, written, settle } = agent();
  subject.start();
  await settle(debounceMs);
  const before = written.length;
  world.link = { ...running, receivedBytes: 99 };
  subject.request("change");
  await settle(debounceMs);
  assert.equal(written.length, before);
  world.link = { ...running, isRunning: false };
  subject.request("change");
  await settle(debounceMs);
  assert.equal(written.at(-1)?.connections[0]?.state, "down");
  await subject.close();
});

test("rules that do not stand any more are found at the interval and written again", async () => {
  const { subject, world, settle, forgotten } = agent();
  subject.start();
  await settle(debounceMs);
  world.isIntact = false;
  await settle(networkStateIntervalMs);
  await settle(debounceMs);
  assert.equal(forgotten(), 1);
  await subject.close();
});

test("a snapshot that can't be used leaves the lines and the version; so does one whose rules the kernel refuses", async () => {
  const { subject, world, enforced, settle, log } = agent();
  subject.start();
  await settle(debounceMs);
  world.snapshot = new Error("snapshot.json: unreadable");
  subject.request("snapshot");
  await settle(debounceMs);
  assert.deepEqual(enforced.at(-1), [line]);
  assert.match(log.join(""), /snapshot\.json: unreadable/);
  world.snapshot = exampleSnapshot({ version: 8 });
  world.enforced = { areRulesInForce: false, errors: ["nft said no"] };
  subject.request("snapshot");
  await settle(debounceMs);
  assert.equal(subject.appliedVersion, 7);
  world.enforced = { areRulesInForce: true, errors: [] };
  subject.request("change");
  await settle(debounceMs);
  assert.equal(subject.appliedVersion, 8);
  await subject.close();
});

test("a fault that lasts is logged once, its end too; a full disk does not stop the passes", async () => {
  const { subject, world, enforced, settle, log } = agent();
  world.isWritable = false;
  subject.start();
  await settle(debounceMs);
  for (let round = 0; round < 3; round += 1) {
    subject.request("change");
    await settle(debounceMs);
  }
  assert.ok(enforced.length >= 4);
  world.isWritable = true;
  await settle(networkStateIntervalMs);
  await settle(debounceMs);
  const text = log.join("");
  assert.equal(text.match(/state not written/g)?.length, 1);
  assert.match(text, /"event":"enforced"/);
  await subject.close();
});

test("closed: no more passes", async () => {
  const { subject, enforced, settle } = agent();
  subject.start();
  await subject.close();
  subject.request("change");
  await settle(60_000);
  assert.equal(enforced.length, 0);
});
