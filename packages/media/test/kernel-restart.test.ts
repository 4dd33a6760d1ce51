/** Media go on while the process that set them up is dead; the next one takes them over, or ends what it does not know. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { HandClock } from "@tandem/clock/testing";
import type { EndpointJournal } from "@tandem/media";
import { layoutVersion } from "../src/kernel/layout/index.ts";
import { FarSide } from "./kernel/far-side.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { closeRelay, endpointOf, kernelOptions, kernelRelay, policyOf, remoteAt } from "./kernel/stage.ts";
import { addresses, devices, ThreeHosts } from "./kernel/three-hosts.ts";
import { eventually, rtpPacket } from "./wire.ts";

interface Report {
  readonly journals: readonly EndpointJournal[];
  readonly packets: readonly number[];
}

describe("a gateway that dies", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  const processes: ChildProcess[] = [];
  const closers: (() => unknown)[] = [];
  before(() => {
    hosts = new ThreeHosts();
  });
  afterEach(async () => {
    for (const child of processes.splice(0)) child.kill("SIGKILL");
    for (const close of closers.splice(0).toReversed()) await close();
  });
  after(() => hosts.close());

  const start = async (
    journals?: readonly EndpointJournal[],
  ): Promise<{ child: ChildProcess; report: Report }> => {
    const script = join(import.meta.dirname, "kernel/relay-process.ts");
    const { cacheDirectory } = kernelOptions(hosts, new HandClock());
    const more = journals === undefined ? [] : [JSON.stringify(journals)];
    const child = spawn(
      "nsenter",
      [
        `--net=/run/netns/${hosts.gateway}`,
        process.execPath,
        "--disable-warning=ExperimentalWarning",
        script,
        hosts.bpfDirectory,
        cacheDirectory,
        ...more,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    processes.push(child);
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      return { child, report: JSON.parse(line) };
    }
    throw new Error("the relay ended");
  };

  const far = (namespace: string, address: string): FarSide => {
    const side = FarSide.open(namespace, address, 7000);
    closers.push(() => side.close());
    return side;
  };

  test("killed while packets flow, and replaced: none of 400 packets each way is lost, numbers and ports go on", async () => {
    const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
    const first = await start();
    const [a, b] = first.report.journals;
    assert.ok(a && b);
    const sent = 400;
    let second: Promise<{ child: ChildProcess; report: Report }> | undefined;
    for (let i = 0; i < sent; i += 1) {
      alice.send(rtpPacket(i), { localAddress: addresses.gatewayToCustomer }, a.localPort);
      bob.send(rtpPacket(i), { localAddress: addresses.gatewayToCarrier }, b.localPort);
      if (i === 100) first.child.kill("SIGKILL");
      if (i === 200) second = start(first.report.journals);
      await pause(5);
    }
    const { report } = (await second) as { report: Report };
    await eventually("all arrive", () => alice.received.length === sent && bob.received.length === sent);
    assert.deepEqual(report.journals, first.report.journals);
    assert.ok(
      report.packets.every((packets) => packets > 100),
      "numbers of before the death are kept",
    );
    const last = await kernelRelay(hosts, new HandClock(), { name: "killed" });
    await closeRelay(hosts, last);
    const inOrder = bob.received.map(({ data }) => data.readUInt16BE(2));
    assert.deepEqual(
      inOrder,
      inOrder.toSorted((x, y) => x - y),
    );
  });

  test("lock and latch go on too: nothing is armed by the adoption", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const dead = await kernelRelay(hosts, clock);
    closers.push(() => closeRelay(hosts, dead));
    const [alice, bob] = [
      FarSide.open(hosts.customer, addresses.customer),
      FarSide.open(hosts.carrier, addresses.carrier),
    ];
    closers.push(
      () => alice.close(),
      () => bob.close(),
    );
    const [a, b] = [endpointOf(dead, "customers"), endpointOf(dead, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    dead.join(a, b);
    for (let i = 0; i < 5; i += 1) alice.send(rtpPacket(i), a, a.localPort);
    await eventually("locked", () => bob.received.length === 5);
    const next = await kernelRelay(hosts, clock);
    closers.push(() => closeRelay(hosts, next));
    const adopted = [a, b].map((endpoint) => next.adopt(JSON.parse(JSON.stringify(endpoint.toJournal()))));
    const other = FarSide.open(hosts.customer, addresses.customer);
    closers.push(() => other.close());
    other.send(rtpPacket(9), a, a.localPort);
    await eventually("still locked", () => adopted[0]?.received.droppedByReason["source-port"] === 1);
  });

  test("maps of another layout: its calls go on from the journal, on the same ports and latched as before; its pins go", async () => {
    const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
    const first = await start();
    const [a, b] = first.report.journals;
    assert.ok(a && b);
    const pins = join(hosts.bpfDirectory, "killed");
    const [own, older] = [`layout-${layoutVersion}`, `layout-${layoutVersion - 1}`];
    const gateway = { localAddress: addresses.gatewayToCustomer };
    alice.send(rtpPacket(0), gateway, a.localPort);
    await eventually("relayed by the old program", () => bob.received.length === 1);
    first.child.kill("SIGKILL");
    renameSync(join(pins, own), join(pins, older));
    const latched = { address: addresses.customer, port: 7000 };
    const symmetric = { ...a, policy: policyOf("symmetric"), remote: null, latched } as EndpointJournal;
    const { report } = await start([symmetric, b]);
    assert.deepEqual(report.packets, [0, 0]);
    assert.deepEqual(readdirSync(pins), [own]);
    bob.send(rtpPacket(1), { localAddress: addresses.gatewayToCarrier }, b.localPort);
    await eventually("sent to where it was latched to", () => alice.received.length === 1);
    alice.send(rtpPacket(1), gateway, a.localPort);
    await eventually("and taken from there", () => bob.received.length === 2);
    const last = await kernelRelay(hosts, new HandClock(), { name: "killed" });
    await closeRelay(hosts, last);
  });

  test("a journal that says something else than the map wins", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const dead = await kernelRelay(hosts, clock);
    closers.push(() => closeRelay(hosts, dead));
    const [alice, bob, other] = [
      FarSide.open(hosts.customer, addresses.customer),
      FarSide.open(hosts.carrier, addresses.carrier),
      FarSide.open(hosts.customer, addresses.stranger),
    ];
    closers.push(
      () => alice.close(),
      () => bob.close(),
      () => other.close(),
    );
    const [a, b] = [endpointOf(dead, "customers"), endpointOf(dead, "carriers")];
    a.setRemote(remoteAt(alice));
    a.setPolicy(policyOf("strict"));
    b.setRemote(remoteAt(bob));
    dead.join(a, b);
    const journals = [{ ...a.toJournal(), remote: remoteAt(other) }, b.toJournal()];
    const next = await kernelRelay(hosts, clock);
    closers.push(() => closeRelay(hosts, next));
    for (const journal of journals) assert.ok(next.adopt(journal));
    other.send(rtpPacket(1), a, a.localPort);
    await eventually("the journal's far side is taken", () => bob.received.length === 1);
    bob.send(rtpPacket(1), b, b.localPort);
    await eventually("and sent to", () => other.received.length === 1);
  });

  test("what nobody adopts goes on for the time of adoption, its ports are not handed out, then it is removed", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const dead = await kernelRelay(hosts, clock);
    closers.push(() => closeRelay(hosts, dead));
    const [alice, bob] = [
      FarSide.open(hosts.customer, addresses.customer),
      FarSide.open(hosts.carrier, addresses.carrier),
    ];
    closers.push(
      () => alice.close(),
      () => bob.close(),
    );
    const [a, b] = [endpointOf(dead, "customers"), endpointOf(dead, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    dead.join(a, b);
    const next = await kernelRelay(hosts, clock, { adoptionMs: 5000 });
    closers.push(() => closeRelay(hosts, next));
    assert.equal(next.orphans, 2);
    const handedOut: number[] = [];
    for (;;) {
      const endpoint = next.openEndpoint({ mediaInterface: "customers", kind: "rtp" });
      if (endpoint === undefined) break;
      handedOut.push(endpoint.localPort);
    }
    assert.equal(handedOut.length, 9);
    assert.ok(!handedOut.includes(a.localPort));
    clock.advance(4000);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("goes on", () => bob.received.length === 1);
    clock.advance(1000);
    assert.equal(next.orphans, 0);
    const { strayPackets } = next.counts();
    alice.send(rtpPacket(2), a, a.localPort);
    await eventually("is over", () => next.counts().strayPackets === strayPackets + 1);
    assert.equal(bob.received.length, 1);
    clock.advance(2000);
    assert.equal(endpointOf(next, "customers").localPort, a.localPort);
  });

  test("without any gateway the program stops when the lease ends", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const dead = await kernelRelay(hosts, clock, { leaseMs: 300 });
    closers.push(() => closeRelay(hosts, dead));
    const [alice, bob] = [
      FarSide.open(hosts.customer, addresses.customer),
      FarSide.open(hosts.carrier, addresses.carrier),
    ];
    closers.push(
      () => alice.close(),
      () => bob.close(),
    );
    const [a, b] = [endpointOf(dead, "customers"), endpointOf(dead, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    dead.join(a, b);
    clock.advance(1000);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("within the lease", () => bob.received.length === 1);
    await pause(400);
    alice.send(rtpPacket(2), a, a.localPort);
    await pause(100);
    assert.equal(bob.received.length, 1);
    clock.advance(1000);
    alice.send(rtpPacket(3), a, a.localPort);
    await eventually("put off again", () => bob.received.length === 2);
  });

  test("closed in order nothing is left: no filter on a device, no pin, the ports are the stack's", async () => {
    const relay = await kernelRelay(hosts, new HandClock());
    endpointOf(relay, "customers");
    await closeRelay(hosts, relay);
    await closeRelay(hosts, relay);
    for (const device of [devices.toCustomer, devices.toCarrier]) {
      assert.equal(hosts.execute(hosts.gateway, "tc", "filter", "show", "dev", device, "ingress"), "");
    }
    assert.deepEqual(hosts.pins(), []);
    const service = FarSide.open(hosts.gateway, addresses.gatewayToCustomer, 20_000);
    const alice = FarSide.open(hosts.customer, addresses.customer);
    closers.push(
      () => service.close(),
      () => alice.close(),
    );
    alice.send(rtpPacket(1), service, 20_000);
    await eventually("reached", () => service.received.length === 1);
  });
});
