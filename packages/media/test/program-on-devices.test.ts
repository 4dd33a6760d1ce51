/** How the program comes on to devices: by a link, or by a filter of tc where the kernel is older than 6.6 (Debian 12's is). */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import { type EndpointJournal, KernelRelay, type RelayEndpoint, type SystemCalls } from "@tandem/media";
import { FarSide } from "./kernel/far-side.ts";
import { inNamespace } from "./kernel/host-calls.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { calls, closeRelay, endpointOf, kernelOptions, kernelRelay, remoteAt } from "./kernel/stage.ts";
import { addresses, devices, ThreeHosts } from "./kernel/three-hosts.ts";
import { eventually, rtpPacket } from "./wire.ts";

const createLink = 28;
const queryPrograms = 16;
const tcxIngress = 46;
const invalid = -22;

describe("on the devices", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  const closers: (() => void | Promise<void>)[] = [];
  before(() => {
    hosts = new ThreeHosts();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  after(() => hosts.close());

  const kept = (relay: KernelRelay): KernelRelay => {
    closers.push(() => closeRelay(hosts, relay));
    return relay;
  };

  /** As on a kernel that knows no links of this kind. */
  const onOlderKernel = async (): Promise<KernelRelay> => {
    const system = await calls();
    const older: SystemCalls = {
      ...system,
      bpf: (command, attributes) => (command === createLink ? invalid : system.bpf(command, attributes)),
    };
    const options = kernelOptions(hosts, new HandClock());
    const relay = inNamespace(hosts.gateway, () => KernelRelay.start(options, older));
    if (typeof relay === "string") throw new Error(relay);
    return kept(relay);
  };

  const filtersOn = (device: string): number =>
    hosts.execute(hosts.gateway, "tc", "filter", "show", "dev", device, "ingress").split("direct-action")
      .length - 1;

  /** Programs that links have put on the gateway's device. */
  const linksOn = async (device: string): Promise<number> => {
    const system = await calls();
    const index = Number(hosts.execute(hosts.gateway, "cat", `/sys/class/net/${device}/ifindex`));
    const attributes = Buffer.alloc(128);
    attributes.writeUInt32LE(index, 0);
    attributes.writeUInt32LE(tcxIngress, 4);
    const result = inNamespace(hosts.gateway, () => system.bpf(queryPrograms, attributes));
    // Nothing has ever been on that device.
    return result < 0 ? 0 : attributes.readUInt32LE(24);
  };

  const programsOn = async (device: string): Promise<{ links: number; filters: number }> => ({
    links: await linksOn(device),
    filters: filtersOn(device),
  });

  interface Call {
    readonly a: RelayEndpoint;
    readonly b: RelayEndpoint;
    readonly alice: FarSide;
    readonly bob: FarSide;
  }

  const begin = (relay: KernelRelay): Call => {
    const alice = FarSide.open(hosts.customer, addresses.customer);
    const bob = FarSide.open(hosts.carrier, addresses.carrier);
    closers.push(
      () => alice.close(),
      () => bob.close(),
    );
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    relay.join(a, b);
    return { a, b, alice, bob };
  };

  const journalsOf = ({ a, b }: Call): EndpointJournal[] => [a, b].map((endpoint) => endpoint.toJournal());

  test("a link, which goes with its relay", async () => {
    const relay = kept(await kernelRelay(hosts, new HandClock()));
    assert.deepEqual(await programsOn(devices.toCustomer), { links: 1, filters: 0 });
    const { a, alice, bob } = begin(relay);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("relayed", () => bob.received.length === 1);
    await closeRelay(hosts, relay);
    for (const device of [devices.toCustomer, devices.toCarrier])
      assert.deepEqual(await programsOn(device), { links: 0, filters: 0 });
  });

  test("one link after a restart too", async () => {
    const dead = kept(await kernelRelay(hosts, new HandClock()));
    const call = begin(dead);
    const next = kept(await kernelRelay(hosts, new HandClock()));
    for (const journal of journalsOf(call)) assert.ok(next.adopt(journal));
    assert.deepEqual(await programsOn(devices.toCustomer), { links: 1, filters: 0 });
    call.alice.send(rtpPacket(1), call.a, call.a.localPort);
    await eventually("relayed", () => call.bob.received.length === 1);
  });

  test("on an older kernel a filter, which goes with its relay", async () => {
    const relay = await onOlderKernel();
    assert.deepEqual(await programsOn(devices.toCustomer), { links: 0, filters: 1 });
    const { a, b, alice, bob } = begin(relay);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("relayed", () => bob.received.length === 1);
    bob.send(rtpPacket(1), b, b.localPort);
    await eventually("and back", () => alice.received.length === 1);
    await closeRelay(hosts, relay);
    for (const device of [devices.toCustomer, devices.toCarrier])
      assert.deepEqual(await programsOn(device), { links: 0, filters: 0 });
  });

  test("a kernel that is newer after a restart takes a link in place of the filter; the call goes on", async () => {
    const dead = await onOlderKernel();
    const call = begin(dead);
    call.alice.send(rtpPacket(1), call.a, call.a.localPort);
    await eventually("relayed by the filter", () => call.bob.received.length === 1);
    const next = kept(await kernelRelay(hosts, new HandClock()));
    const [a] = journalsOf(call).map((journal) => next.adopt(journal));
    assert.deepEqual(await programsOn(devices.toCustomer), { links: 1, filters: 0 });
    call.alice.send(rtpPacket(2), call.a, call.a.localPort);
    await eventually("relayed by the link", () => call.bob.received.length === 2);
    assert.equal(a?.received.packets, 2, "counted once each");
  });
});
