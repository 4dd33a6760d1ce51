import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { FlowEntries } from "../src/kernel/flow-entries.ts";
import { type FlowKey, writeFlowKey } from "../src/kernel/layout/index.ts";
import { mappedAddress } from "../src/kernel/mapped-address.ts";
import { PinnedProgram } from "../src/kernel/pinned-program.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { calls, kernelOptions } from "./kernel/stage.ts";
import { ThreeHosts } from "./kernel/three-hosts.ts";

/** Of the flow's own key in `struct flow_terms`; kernel-layout.test.ts holds layout/ against the program. */
const keyAt = 112;

function keyOf(port: number, ifindex = 7, address = "192.0.2.1"): FlowKey {
  return { ifindex, port, address: mappedAddress(address) as Buffer };
}

function make(entries: FlowEntries, key: FlowKey): boolean {
  entries.flow.fill(0);
  writeFlowKey(entries.terms, keyAt, key);
  entries.terms[0] = key.port & 0xff;
  return entries.create(key);
}

/** What an entry was made with; undefined: there is none. */
function markOf(entries: FlowEntries, key: FlowKey): number | undefined {
  return entries.read(key) ? entries.terms[0] : undefined;
}

describe("the entries of flows", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  let program: PinnedProgram;
  const opened: FlowEntries[] = [];

  const open = async (limit?: number): Promise<FlowEntries> => {
    const entries = FlowEntries.open(await calls(), program, limit);
    opened.push(entries);
    return entries;
  };
  const portsOf = (entries: FlowEntries): number[] =>
    [...entries.keys()].map(({ port }) => port).toSorted((a, b) => a - b);

  before(async () => {
    hosts = new ThreeHosts();
    program = new PinnedProgram(await calls(), { ...kernelOptions(hosts, new HandClock()), name: "entries" });
    program.load();
  });
  afterEach(() => {
    for (const entries of opened.splice(0)) {
      const keys = [...entries.keys()];
      for (const key of keys) entries.remove(key);
      entries.close();
    }
  });
  after(() => {
    program.remove();
    hosts.close();
  });

  test("are each port's own, within a block of ports and beyond it", async () => {
    const entries = await open();
    // The first and the last of a block, and the first of the next one.
    const ports = [20_000, 20_031, 20_032];
    for (const port of ports) assert.ok(make(entries, keyOf(port)));
    for (const port of ports) assert.equal(markOf(entries, keyOf(port)), port & 0xff);
    assert.equal(markOf(entries, keyOf(20_001)), undefined);
    assert.equal(markOf(entries, keyOf(20_000, 8)), undefined, "another device");
    assert.equal(markOf(entries, keyOf(20_000, 7, "192.0.2.2")), undefined, "another address");
    assert.deepEqual(portsOf(entries), ports);
  });

  test("go one by one; their neighbours stay", async () => {
    const entries = await open();
    for (const port of [20_000, 20_001]) assert.ok(make(entries, keyOf(port)));
    entries.remove(keyOf(20_000));
    entries.remove(keyOf(20_000));
    assert.equal(markOf(entries, keyOf(20_000)), undefined);
    assert.equal(markOf(entries, keyOf(20_001)), 20_001 & 0xff);
    entries.remove(keyOf(20_001));
    assert.deepEqual(portsOf(entries), []);
  });

  test("that are made again are written anew, and take no more room", async () => {
    const entries = await open(2);
    for (let time = 0; time < 3; time += 1) assert.ok(make(entries, keyOf(20_000)));
    assert.ok(make(entries, keyOf(20_001)));
    assert.equal(entries.create(keyOf(20_002)), false);
  });

  test("are changed while they are there, by the key in the terms", async () => {
    const entries = await open();
    assert.ok(make(entries, keyOf(20_000)));
    entries.read(keyOf(20_000));
    entries.terms.copy(entries.changed);
    entries.changed[0] = 99;
    assert.ok(entries.change());
    assert.equal(markOf(entries, keyOf(20_000)), 99);
    writeFlowKey(entries.changed, keyAt, keyOf(20_001));
    assert.equal(entries.change(), false);
  });

  test("have room up to the limit; what one leaves another takes", async () => {
    const entries = await open(4);
    for (const port of [20_000, 20_001, 20_400, 20_401]) assert.ok(make(entries, keyOf(port)));
    assert.equal(make(entries, keyOf(20_500)), false);
    assert.equal(markOf(entries, keyOf(20_500)), undefined);
    entries.remove(keyOf(20_400));
    assert.ok(make(entries, keyOf(20_500)));
    assert.equal(make(entries, keyOf(20_501)), false);
    assert.equal(markOf(entries, keyOf(20_401)), 20_401 & 0xff);
  });

  test("of a life before keep their room", async () => {
    const first = await open(3);
    for (const port of [20_000, 20_001]) assert.ok(make(first, keyOf(port)));
    const next = await open(3);
    assert.ok(make(next, keyOf(20_002)));
    assert.equal(make(next, keyOf(20_003)), false);
    for (const port of [20_000, 20_001, 20_002])
      assert.equal(markOf(next, keyOf(port)), port & 0xff, "nobody has written over it");
  });
});
