/** What the kernel must not relay: it says why, user space takes over on the same ports, and nothing leaves in clear. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { EngineRelay, KernelRelay, MediaInterface } from "@tandem/media";
import { FarSide } from "./kernel/far-side.ts";
import { frameOf, udpFrame } from "./kernel/frame.ts";
import { FrameSocket, inNamespace } from "./kernel/host-calls.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import {
  bothEngines,
  closeRelay,
  endpointOf,
  kernelRelay,
  policyOf,
  ports,
  quiet,
  remoteAt,
  userspacePorts,
} from "./kernel/stage.ts";
import { addresses, devices, ThreeHosts } from "./kernel/three-hosts.ts";
import { eventPacket, eventually, rtpPacket } from "./wire.ts";

const covered = `src ${addresses.gatewayToCarrier}/32 dst ${addresses.carrier}/32 proto udp`;
const tunnel = `tmpl src ${addresses.gatewayToCarrier} dst ${addresses.carrier} proto esp mode tunnel`;

describe("the choice of engine", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  const closers: (() => unknown)[] = [];
  before(() => {
    hosts = new ThreeHosts();
  });
  after(() => hosts.close());
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  const far = (namespace: string, address: string): FarSide => {
    const side = FarSide.open(namespace, address);
    closers.push(() => side.close());
    return side;
  };

  const kernelOnly = async (): Promise<KernelRelay> => {
    const relay = await kernelRelay(hosts, new HandClock({ monotonicMs: 1000 }));
    closers.push(() => closeRelay(hosts, relay));
    return relay;
  };

  const both = async (clock = new HandClock({ monotonicMs: 1000 })): Promise<EngineRelay> => {
    const { relay } = await bothEngines(hosts, clock);
    closers.push(() => closeRelay(hosts, relay));
    return relay;
  };

  const policy = (action: "add" | "delete", direction: "in" | "out", selector: string, rest = ""): void => {
    hosts.ip(
      hosts.gateway,
      ...`xfrm policy ${action} ${selector} dir ${direction} ${rest}`.trim().split(" "),
    );
  };

  const withPolicy = (direction: "in" | "out", selector: string, rest: string): void => {
    policy("add", direction, selector, rest);
    closers.push(() => policy("delete", direction, selector));
  };

  /** UDP frames that left the gateway towards the carrier. */
  const tap = (): { readonly sent: () => number } => {
    const socket = inNamespace(hosts.carrier, () => new FrameSocket(devices.uplink));
    closers.push(() => socket.close());
    let sent = 0;
    return {
      sent: () => {
        sent += socket
          .drain()
          .filter((frame) => frameOf(frame)?.source === addresses.gatewayToCarrier).length;
        return sent;
      },
    };
  };

  test("without policies the kernel relays; a policy that comes later ends that within a second, nothing leaves in clear", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const relay = await kernelRelay(hosts, clock);
    closers.push(() => closeRelay(hosts, relay));
    const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    relay.join(a, b);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("relayed", () => bob.received.length === 1);
    withPolicy("out", covered, tunnel);
    await quiet();
    clock.advance(1000);
    const { sent } = tap();
    for (let i = 0; i < 20; i += 1) alice.send(rtpPacket(i), a, a.localPort);
    await eventually("taken, but not sent", () => a.received.unforwarded === 20);
    await quiet();
    assert.deepEqual([sent(), bob.received.length], [0, 1]);
  });

  const policies: readonly (readonly [
    name: string,
    direction: "in" | "out",
    selector: string,
    rest: string,
  ])[] = [
    ["of the pair of addresses", "out", covered, tunnel],
    ["of networks", "out", "src 10.0.0.0/8 dst 10.62.0.0/16", tunnel],
    ["that expects what comes in to be protected", "in", `src ${addresses.carrier}/32 dst 0.0.0.0/0`, tunnel],
    ["that blocks", "out", covered, "action block"],
  ];
  for (const [name, direction, selector, rest] of policies) {
    test(`an IPsec policy ${name}: objection, and the program sends nothing`, async () => {
      withPolicy(direction, selector, rest);
      const relay = await kernelOnly();
      const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
      const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
      b.setPolicy(policyOf("symmetric", ["0.0.0.0/0"], addresses.carrier));
      const objections: string[] = [];
      relay.whenObjected = (endpoint, text) => objections.push(`${endpoint.id}: ${text}`);
      a.setRemote(remoteAt(alice));
      b.setRemote(remoteAt(bob));
      relay.join(a, b);
      assert.deepEqual(objections, [
        `${b.id}: an IPsec policy without an interface covers ${addresses.carrier}`,
      ]);
      const { sent } = tap();
      for (let i = 0; i < 10; i += 1) alice.send(rtpPacket(i), a, a.localPort);
      await eventually("taken, but not sent", () => a.received.unforwarded === 10);
      await quiet();
      assert.deepEqual([sent(), bob.received.length], [0, 0]);
    });
  }

  const harmless: readonly (readonly [
    name: string,
    direction: "in" | "out",
    selector: string,
    rest: string,
  ])[] = [
    ["of other addresses", "out", "src 10.62.0.1/32 dst 10.62.0.9/32", tunnel],
    ["of another protocol", "out", `${covered.replace("proto udp", "proto tcp")}`, tunnel],
    ["that lets through in clear", "out", covered, "action allow"],
    ["of a tunnel interface of its own", "out", covered, `if_id 7 ${tunnel}`],
  ];
  for (const [name, direction, selector, rest] of harmless) {
    test(`an IPsec policy ${name} is no objection`, async () => {
      policy("add", direction, selector, rest);
      closers.push(() => hosts.ip(hosts.gateway, "xfrm", "policy", "flush"));
      const relay = await kernelOnly();
      const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
      const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
      a.setRemote(remoteAt(alice));
      b.setRemote(remoteAt(bob));
      relay.join(a, b);
      alice.send(rtpPacket(1), a, a.localPort);
      await eventually("relayed", () => bob.received.length === 1);
      assert.equal(relay.programCounts().stray >= 0, true);
    });
  }

  test("with both engines a covered call is user space's: the stack refuses to send in clear, nothing leaves", async () => {
    withPolicy("out", covered, tunnel);
    const relay = await both();
    const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    relay.join(a, b);
    const { sent } = tap();
    for (let i = 0; i < 10; i += 1) alice.send(rtpPacket(i), a, a.localPort);
    await eventually("user space took them", () => a.received.packets === 10);
    await quiet();
    assert.deepEqual([sent(), bob.received.length], [0, 0]);
    assert.ok(relay.counts().sockets > 0);
    assert.ok(a.localPort >= ports.first && a.localPort <= ports.last, "on the ports that were offered");
  });

  test("a far side on this host is user space's, on the same ports, in both directions", async () => {
    const relay = await both();
    const alice = far(hosts.customer, addresses.customer);
    const here = far(hosts.gateway, addresses.gatewayToCarrier);
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
    const [portA, portB] = [a.localPort, b.localPort];
    a.setRemote(remoteAt(alice));
    relay.join(a, b);
    // The answer comes last, after our ports have been told.
    inNamespace(hosts.gateway, () => b.setRemote(remoteAt(here)));
    alice.send(rtpPacket(1), a, portA);
    await eventually("arrives", () => here.received.length === 1);
    assert.equal(here.received[0]?.from.port, portB);
    here.send(rtpPacket(2), b, portB);
    await eventually("comes back", () => alice.received.length === 1);
    assert.deepEqual([a.received.packets, b.received.packets], [1, 1]);
    assert.equal(b.toJournal().partner, a.id);
  });

  test("a call that goes over to user space keeps latch and numbers, and its ports are the kernel's again afterwards", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const relay = await both(clock);
    const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
    a.setPolicy(policyOf("symmetric", [], alice.address));
    a.setRemote({ address: "192.168.1.1", port: 9, rtcpAddress: "192.168.1.1", rtcpPort: 0 });
    b.setRemote(remoteAt(bob));
    relay.join(a, b);
    for (let i = 0; i < 3; i += 1) alice.send(rtpPacket(i), a, a.localPort);
    await eventually("in the kernel", () => bob.received.length === 3);
    const here = far(hosts.gateway, addresses.gatewayToCarrier);
    inNamespace(hosts.gateway, () => b.setRemote(remoteAt(here)));
    here.send(rtpPacket(1), b, b.localPort);
    await eventually("the latch is kept", () => alice.received.length === 1);
    alice.send(rtpPacket(3), a, a.localPort);
    await eventually("now in user space", () => here.received.length === 1);
    assert.equal(a.received.packets, 4);
    const { open, quarantined } = relay.counts();
    a.close();
    b.close();
    assert.deepEqual([relay.counts().open, relay.counts().quarantined], [open - 2, quarantined + 2]);
    clock.advance(2000);
    const opened: number[] = [];
    for (;;) {
      const endpoint = relay.openEndpoint({ mediaInterface: "customers", kind: "rtp" });
      if (endpoint === undefined) break;
      opened.push(endpoint.localPort);
    }
    assert.equal(opened.length, 20);
    assert.equal(opened[9], a.localPort, "last of the kernel's, before those of user space");
  });

  test("a call that goes over to user space keeps its event types, and what the kernel has counted by them", async () => {
    const relay = await both();
    const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    b.setEventTypes([101]);
    relay.join(a, b);
    for (const [index, timestamp] of [0, 0, 800].entries()) {
      alice.send(eventPacket(index + 1, timestamp), a, a.localPort);
    }
    await eventually("in the kernel", () => bob.received.length === 3);
    assert.equal(a.received.events, 2);
    const here = far(hosts.gateway, addresses.gatewayToCarrier);
    inNamespace(hosts.gateway, () => b.setRemote(remoteAt(here)));
    assert.deepEqual(b.toJournal().eventTypes, [101]);
    alice.send(eventPacket(4, 1600), a, a.localPort);
    await eventually("now in user space", () => here.received.length === 1);
    assert.equal(a.received.events, 3);
  });

  test("a call that user space had taken over is there again after a restart, by what the journal says", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const before = await bothEngines(hosts, clock);
    closers.push(() => closeRelay(hosts, before.relay));
    const alice = far(hosts.customer, addresses.customer);
    const here = far(hosts.gateway, addresses.gatewayToCarrier);
    const [a, b] = [endpointOf(before.relay, "customers"), endpointOf(before.relay, "carriers")];
    a.setPolicy(policyOf("symmetric", [], alice.address));
    inNamespace(hosts.gateway, () => b.setRemote(remoteAt(here)));
    inNamespace(hosts.gateway, () => before.relay.join(a, b));
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("in user space", () => here.received.length === 1);
    const journals = [a.toJournal(), b.toJournal()];
    assert.deepEqual(journals[0]?.latched, { address: alice.address, port: alice.port });
    for (const one of before.sockets) await closeRelay(hosts, one);
    const { relay } = await bothEngines(hosts, clock);
    closers.push(() => closeRelay(hosts, relay));
    const adopted = inNamespace(hosts.gateway, () => journals.map((journal) => relay.adopt(journal)));
    assert.deepEqual(
      adopted.map((endpoint) => endpoint?.toJournal()),
      journals,
    );
    here.send(rtpPacket(2), b, b.localPort);
    await eventually("by the latch of the journal", () => alice.received.length === 1);
    alice.send(rtpPacket(3), a, a.localPort);
    await eventually("and back", () => here.received.length === 2);
  });

  test("when the ports can't be bound in user space the call has no media, and its ports come back", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const relay = await both(clock);
    const here = far(hosts.gateway, addresses.gatewayToCarrier);
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "carriers")];
    relay.join(a, b);
    const inTheWay = inNamespace(hosts.gateway, () =>
      FarSide.open(hosts.gateway, b.localAddress, b.localPort),
    );
    closers.push(() => inTheWay.close());
    inNamespace(hosts.gateway, () => b.setRemote(remoteAt(here)));
    assert.deepEqual([b.isOpen, a.isOpen], [false, true]);
    const { open, quarantined } = relay.counts();
    b.close();
    b.close();
    assert.deepEqual([relay.counts().open, relay.counts().quarantined], [open - 1, quarantined + 1]);
  });

  test("a media address that the kernel can't serve has ports of user space; joined with one of the kernel's both are there", async () => {
    const clock = new HandClock({ monotonicMs: 1000 });
    const relay = await both(clock);
    const onLoopback: MediaInterface = {
      name: "local",
      localAddress: addresses.loopback,
      advertisedAddress: addresses.loopback,
    };
    assert.equal(
      inNamespace(hosts.gateway, () => relay.addInterface(onLoopback, 2)),
      undefined,
    );
    assert.match(relay.objectionTo("local") ?? "", /on the loopback device/);
    assert.equal(relay.objectionTo("customers"), undefined);
    const [alice, here] = [far(hosts.customer, addresses.customer), far(hosts.gateway, "127.0.176.2")];
    const [a, b] = [endpointOf(relay, "customers"), endpointOf(relay, "local")];
    assert.ok(b.localPort >= userspacePorts.first);
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(here));
    inNamespace(hosts.gateway, () => relay.join(a, b));
    alice.send(rtpPacket(1), a, a.localPort);
    here.send(rtpPacket(2), b, b.localPort);
    await eventually("both ways", () => here.received.length === 1 && alice.received.length === 1);
    await relay.removeInterface("local");
    assert.deepEqual([b.isOpen, a.isOpen], [false, true]);
    assert.throws(() => relay.openEndpoint({ mediaInterface: "local", kind: "rtp" }), RangeError);
  });

  test("a media address of another machine is refused by its name, at the start and later", async () => {
    const relay = await both();
    const foreign = { name: "foreign", localAddress: "192.0.2.1", advertisedAddress: "192.0.2.1" };
    assert.equal(
      inNamespace(hosts.gateway, () => relay.addInterface(foreign, 1)),
      "EADDRNOTAVAIL",
    );
    const failing = await kernelRelay(hosts, new HandClock(), { interfaces: [foreign], name: "failing" });
    closers.push(() => closeRelay(hosts, failing));
    await assert.rejects(async () => {
      await inNamespace(hosts.gateway, () => failing.open());
    }, /media interface foreign: EADDRNOTAVAIL/);
  });

  test("a line whose address the host's rules put in place of the edge's is served on its device, by the edge's address", async () => {
    hosts.ip(hosts.gateway, "address", "add", "100.127.0.1/32", "dev", "lo");
    hosts.ip(hosts.gateway, "rule", "add", "from", "100.127.0.1", "lookup", "1001");
    hosts.ip(hosts.gateway, "route", "add", "10.61.0.0/24", "dev", devices.toCustomer, "table", "1001");
    hosts.ip(hosts.gateway, "route", "add", "unreachable", "default", "table", "1001");
    const relay = await kernelOnly();
    const line: MediaInterface = {
      name: "customers/TX1",
      localAddress: "100.127.0.1",
      advertisedAddress: "203.0.113.10",
      device: devices.toCustomer,
      wireAddress: "203.0.113.10",
    };
    assert.equal(
      inNamespace(hosts.gateway, () => relay.addInterface(line)),
      undefined,
    );
    const [alice, bob] = [far(hosts.customer, addresses.customer), far(hosts.carrier, addresses.carrier)];
    hosts.ip(hosts.customer, "route", "add", "203.0.113.10/32", "via", addresses.gatewayToCustomer);
    const [a, b] = [endpointOf(relay, line.name), endpointOf(relay, "carriers")];
    a.setRemote(remoteAt(alice));
    b.setRemote(remoteAt(bob));
    relay.join(a, b);
    alice.send(rtpPacket(1), { localAddress: "203.0.113.10" }, a.localPort);
    bob.send(rtpPacket(2), b, b.localPort);
    await eventually("both ways", () => bob.received.length === 1 && alice.received.length === 1);
    assert.equal(alice.received[0]?.from.address, "203.0.113.10");
    // Behind another line, or nowhere: not by this device, whatever the main table says.
    a.setRemote({ address: addresses.carrier, port: 9000, rtcpAddress: addresses.carrier, rtcpPort: 0 });
    bob.send(rtpPacket(3), b, b.localPort);
    await eventually("goes nowhere", () => b.received.unforwarded === 1);
    const customer = inNamespace(hosts.customer, () => new FrameSocket(devices.uplink));
    closers.push(() => customer.close());
    customer.send(
      udpFrame({
        macTo: hosts.macOf(hosts.gateway, devices.toCustomer),
        macFrom: hosts.macOf(hosts.customer, devices.uplink),
        source: addresses.carrier,
        destination: "203.0.113.10",
        sourcePort: 9000,
        destinationPort: a.localPort,
        hopLimit: 64,
        trafficClass: 0,
        payload: rtpPacket(9),
      }),
    );
    await eventually("nor is it taken from there", () => a.received.droppedByReason["no-remote"] === 1);
    assert.equal(bob.received.length, 1);
  });
});
