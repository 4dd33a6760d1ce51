import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { InterfaceConfiguration } from "@tandem/contracts";
import { RelayDouble } from "@tandem/media/testing";
import { settled } from "@tandem/sip/testing";
import { LineSockets } from "./line-sockets.ts";

const line = (sid: string, localAddress = `100.127.0.${sid.slice(2)}`): InterfaceConfiguration => ({
  name: `customers/${sid}`,
  roles: ["private"],
  localAddress,
  advertisedAddress: "203.0.113.64",
  udpPort: 5060,
});

function script() {
  const clock = new HandClock({ monotonicMs: 9000 });
  const relay = new RelayDouble();
  const open = new Map<string, string>();
  /** Addresses that are not on the host. */
  const missing = new Set<string>();
  const heard: string[] = [];
  const inUse = new Set<string>();
  const transport = {
    addInterface: async ({
      name,
      localAddress,
      advertisedAddress,
    }: InterfaceConfiguration & { advertisedAddress: string }) => {
      await Promise.resolve();
      if (open.has(name)) throw new Error(`two interfaces are named ${name}`);
      if (missing.has(localAddress)) throw Object.assign(new Error("bind"), { code: "EADDRNOTAVAIL" });
      assert.equal(advertisedAddress, "203.0.113.64");
      open.set(name, localAddress);
    },
    removeInterface: async (name: string) => {
      await Promise.resolve();
      open.delete(name);
    },
  };
  const sockets = new LineSockets({
    clock,
    transport: transport as unknown as ConstructorParameters<typeof LineSockets>[0]["transport"],
    relay,
    isInUse: (name) => inUse.has(name),
    onBound: (name) => heard.push(`${name} bound`),
    onUnbound: (name, text) => heard.push(`${name} ${text}`),
  });
  /** Time passes second by second, and what it brings about has happened. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1000);
      await settled();
    }
  };
  return { clock, relay, open, missing, heard, inUse, sockets, pass };
}

test("signaling and media of a line are bound to its address, and only then it is there", async () => {
  const { sockets, open, relay, heard, clock } = script();
  const wanted = sockets.setWanted([line("TX1"), line("TX2")]);
  assert.equal(sockets.interfaceByName("customers/TX1"), undefined);
  await wanted;
  assert.deepEqual(
    [...open],
    [
      ["customers/TX1", "100.127.0.1"],
      ["customers/TX2", "100.127.0.2"],
    ],
  );
  assert.deepEqual(relay.added.get("customers/TX1"), {
    name: "customers/TX1",
    localAddress: "100.127.0.1",
    advertisedAddress: "203.0.113.64",
  });
  assert.deepEqual(heard, ["customers/TX1 bound", "customers/TX2 bound"]);
  assert.deepEqual(sockets.interfaceByName("customers/TX1"), line("TX1"));
  assert.equal(clock.pendingTimers, 0, "there is nothing to watch");
});

test("an address that is not on the host is tried every second, the others go on", async () => {
  const { sockets, missing, heard, open, pass, clock } = script();
  missing.add("100.127.0.1");
  await sockets.setWanted([line("TX1"), line("TX2")]);
  assert.deepEqual(heard, ["customers/TX1 100.127.0.1: EADDRNOTAVAIL", "customers/TX2 bound"]);
  assert.equal(sockets.isBound("customers/TX1"), false);
  await pass(2);
  assert.equal(heard.length, 4);
  missing.clear();
  clock.advance(999);
  await settled();
  assert.equal(open.has("customers/TX1"), false);
  clock.advance(1);
  await settled();
  assert.equal(heard.at(-1), "customers/TX1 bound");
  assert.equal(clock.pendingTimers, 0);
});

test("or at once when the host has changed", async () => {
  const { sockets, missing, heard } = script();
  missing.add("100.127.0.1");
  await sockets.setWanted([line("TX1")]);
  missing.clear();
  await sockets.retry();
  assert.equal(heard.at(-1), "customers/TX1 bound");
});

test("media that can't be bound leave no signaling behind", async () => {
  const { sockets, relay, open, heard, pass } = script();
  relay.failures.set("100.127.0.1", "EMFILE");
  await sockets.setWanted([line("TX1")]);
  assert.deepEqual([heard, open.size], [["customers/TX1 100.127.0.1: EMFILE"], 0]);
  relay.failures.clear();
  await pass(1);
  assert.equal(sockets.isBound("customers/TX1"), true);
});

test("a line that is taken away stays for its calls and 32 s, and takes no new ones", async () => {
  const { sockets, open, heard, inUse, pass, relay } = script();
  await sockets.setWanted([line("TX1"), line("TX2")]);
  inUse.add("customers/TX1");
  await sockets.setWanted([line("TX2")]);
  assert.equal(heard.at(-1), "customers/TX1 taken away");
  assert.equal(sockets.isBound("customers/TX1"), false);
  assert.notEqual(sockets.interfaceByName("customers/TX1"), undefined);
  await pass(100);
  assert.equal(open.has("customers/TX1"), true);
  inUse.clear();
  await pass(31);
  assert.equal(open.has("customers/TX1"), true);
  await pass(1);
  assert.deepEqual([...open.keys()], ["customers/TX2"]);
  assert.deepEqual([...relay.added.keys()], ["customers/TX2"]);
  assert.equal(sockets.interfaceByName("customers/TX1"), undefined);
});

test("a line that is wanted again before it has left was never gone", async () => {
  const { sockets, open, heard, pass } = script();
  await sockets.setWanted([line("TX1")]);
  await sockets.setWanted([]);
  await pass(10);
  await sockets.setWanted([line("TX1")]);
  assert.deepEqual([heard.at(-1), sockets.isBound("customers/TX1")], ["customers/TX1 bound", true]);
  await pass(60);
  assert.equal(open.has("customers/TX1"), true);
});

test("a line that moves to another address leaves the old one first", async () => {
  const { sockets, open, pass, inUse } = script();
  await sockets.setWanted([line("TX1")]);
  inUse.add("customers/TX1");
  await sockets.setWanted([line("TX1", "100.127.9.9")]);
  await pass(40);
  assert.deepEqual([open.get("customers/TX1"), sockets.isBound("customers/TX1")], ["100.127.0.1", false]);
  inUse.clear();
  await pass(32);
  assert.deepEqual([open.get("customers/TX1"), sockets.isBound("customers/TX1")], ["100.127.9.9", true]);
});

test("a waiting line that is wanted elsewhere, or no more, is that", async () => {
  const { sockets, missing, open, pass, clock } = script();
  missing.add("100.127.0.1").add("100.127.0.2");
  await sockets.setWanted([line("TX1"), line("TX2")]);
  await sockets.setWanted([line("TX1", "100.127.9.9")]);
  missing.clear();
  await pass(1);
  assert.deepEqual([...open], [["customers/TX1", "100.127.9.9"]]);
  assert.equal(clock.pendingTimers, 0);
});

test("a line that is taken away while it is being bound is not there afterwards", async () => {
  const { sockets, open, relay, heard } = script();
  const wanted = sockets.setWanted([line("TX1")]);
  await sockets.setWanted([]);
  await wanted;
  await settled();
  assert.deepEqual([open.size, relay.added.size, heard], [0, 0, []]);
});

test("closed, it tries no more", async () => {
  const { sockets, missing, clock, heard } = script();
  missing.add("100.127.0.1");
  await sockets.setWanted([line("TX1")]);
  sockets.close();
  assert.equal(clock.pendingTimers, 0);
  assert.equal(heard.length, 1);
});
