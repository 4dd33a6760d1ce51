/** What only the kernel engine has: what it does to headers, to ports that are not its own, and what it leaves alone. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { KernelRelay } from "@tandem/media";
import { maximumControlPackets, writeFlowKey } from "../src/kernel/layout/index.ts";
import { addressText } from "../src/kernel/mapped-address.ts";
import { type Frame, frameOf, udpFrame, udpSumOf } from "./kernel/frame.ts";
import { FrameSocket, inNamespace, sendJoined } from "./kernel/host-calls.ts";
import { missingForKernelTests } from "./kernel/requirements.ts";
import { endpointOf, joinedCall, policyOf, quiet, remoteAt, type Stage, setStage } from "./kernel/stage.ts";
import { addresses, addresses6, devices, ThreeHosts } from "./kernel/three-hosts.ts";
import { eventually, rtcpPacket, rtpPacket } from "./wire.ts";

/** Of the partner in `struct flow_terms`; kernel-layout.test.ts holds layout/ against the program. */
const partnerAt = 136;

describe("the kernel's program", { skip: missingForKernelTests() ?? false }, () => {
  let hosts: ThreeHosts;
  let stage: Stage;
  let sockets: FrameSocket[] = [];
  before(() => {
    hosts = new ThreeHosts();
  });
  after(() => hosts.close());
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.close();
    await stage.close();
  });

  const begin = async (): Promise<KernelRelay> => {
    stage = await setStage(hosts, "kernel");
    return stage.relay as KernelRelay;
  };

  const framesAt = (namespace: string): FrameSocket => {
    const socket = inNamespace(namespace, () => new FrameSocket(devices.uplink));
    sockets = [...sockets, socket];
    return socket;
  };

  /** The first UDP frame with this source. */
  const nextFrame = async (socket: FrameSocket, source: string): Promise<Frame> => {
    let found: Frame | undefined;
    await eventually(`a frame from ${source}`, () => {
      found = socket
        .drain()
        .flatMap((bytes) => frameOf(bytes) ?? [])
        .find((frame) => frame.source === source);
      return found !== undefined;
    });
    return found as Frame;
  };

  const handMade = (more: Partial<Frame>): Buffer =>
    udpFrame({
      macTo: hosts.macOf(hosts.gateway, devices.toCustomer),
      macFrom: hosts.macOf(hosts.customer, devices.uplink),
      source: addresses.customer,
      destination: addresses.gatewayToCustomer,
      sourcePort: 7000,
      destinationPort: 20_000,
      hopLimit: 64,
      trafficClass: 0,
      payload: rtpPacket(1),
      ...more,
    });

  for (const family of ["", "6"] as const) {
    const version = family === "" ? "IPv4" : "IPv6";
    const own = family === "" ? addresses : addresses6;

    test(`${version}: one hop less, the DSCP of the policy, ECN kept, and a checksum that is right`, async () => {
      await begin();
      const { a, b, alice, bob } = joinedCall(stage, "rtp", family);
      b.setPolicy({ ...policyOf("address"), dscp: 46 });
      const carrier = framesAt(hosts.carrier);
      const customer = framesAt(hosts.customer);
      const to = {
        source: alice.address,
        destination: a.localAddress,
        sourcePort: alice.port,
        destinationPort: a.localPort,
      };
      customer.send(handMade({ ...to, hopLimit: 9, trafficClass: (12 << 2) | 1 }));
      const frame = await nextFrame(carrier, own.gatewayToCarrier);
      assert.deepEqual(
        [frame.destination, frame.sourcePort, frame.destinationPort, frame.hopLimit, frame.trafficClass],
        [own.carrier, b.localPort, bob.port, 8, (46 << 2) | 1],
      );
      assert.deepEqual(frame.payload, rtpPacket(1));
      assert.equal(frame.checksum, udpSumOf(frame), "computed in full: the frame came with a full one");
      assert.equal(frame.isHeaderSumRight, true);
      await eventually("the carrier's stack takes it", () => bob.received.length === 1);
    });

    test(`${version}: a checksum that the device was to complete is still to be completed`, async () => {
      await begin();
      const { a, alice, bob } = joinedCall(stage, "rtp", family);
      const carrier = framesAt(hosts.carrier);
      alice.send(rtpPacket(1), a, a.localPort);
      const frame = await nextFrame(carrier, own.gatewayToCarrier);
      assert.equal(frame.checksum, frame.pseudoHeaderSum);
      await eventually("the carrier's stack takes it", () => bob.received.length === 1);
    });
  }

  test("no UDP checksum stays none, and a wrong one stays wrong", async () => {
    await begin();
    const { a, alice, bob } = joinedCall(stage);
    const carrier = framesAt(hosts.carrier);
    const customer = framesAt(hosts.customer);
    const to = { sourcePort: alice.port, destinationPort: a.localPort };
    customer.send(handMade({ ...to, checksum: 0 }));
    assert.equal((await nextFrame(carrier, addresses.gatewayToCarrier)).checksum, 0);
    await eventually("taken", () => bob.received.length === 1);
    const right = frameOf(handMade(to))?.checksum as number;
    customer.send(handMade({ ...to, checksum: right ^ 0x0101 }));
    const frame = await nextFrame(carrier, addresses.gatewayToCarrier);
    assert.notEqual(frame.checksum, udpSumOf(frame));
    await quiet();
    assert.equal(bob.received.length, 1);
  });

  test("a packet at the end of its hops is dropped and counted", async () => {
    const relay = await begin();
    const { a, alice, bob } = joinedCall(stage);
    const before = relay.programCounts().expired;
    framesAt(hosts.customer).send(
      handMade({ sourcePort: alice.port, destinationPort: a.localPort, hopLimit: 1 }),
    );
    await eventually("counted", () => relay.programCounts().expired === before + 1);
    assert.equal(bob.received.length, 0);
  });

  test("fragments are left to the stack and counted; they reach nobody", async () => {
    const relay = await begin();
    const { a, alice, bob } = joinedCall(stage, "opaque");
    const before = relay.programCounts().fragments;
    alice.send(Buffer.alloc(4000, 1), a, a.localPort);
    await eventually("three fragments", () => relay.programCounts().fragments === before + 3);
    alice.send(Buffer.alloc(1400, 1), a, a.localPort);
    await eventually("a whole one passes", () => bob.received.length === 1);
    assert.equal(a.received.packets, 1);
  });

  test("what does not fit the other device is dropped and counted", async () => {
    const relay = await begin();
    const { a, alice, bob } = joinedCall(stage, "opaque");
    const before = relay.programCounts().tooBig;
    hosts.ip(hosts.gateway, "link", "set", devices.toCarrier, "mtu", "1300");
    try {
      alice.send(Buffer.alloc(1400, 1), a, a.localPort);
      await eventually("counted", () => relay.programCounts().tooBig === before + 1);
      alice.send(Buffer.alloc(1200, 1), a, a.localPort);
      await eventually("a smaller one passes", () => bob.received.length === 1);
    } finally {
      hosts.ip(hosts.gateway, "link", "set", devices.toCarrier, "mtu", "1500");
    }
  });

  test("packets that the sender's kernel has joined are each counted and each forwarded", async () => {
    await begin();
    const { a, alice, bob } = joinedCall(stage);
    const packets = [1, 2, 3, 4].map((sequence) => rtpPacket(sequence));
    inNamespace(hosts.customer, () => sendJoined(packets, alice.address, a.localAddress, a.localPort));
    await eventually("all four", () => bob.received.length === 4);
    assert.deepEqual(
      bob.received.map(({ data }) => data),
      packets,
    );
    const { packets: counted, bytes, lost, reordered } = a.received;
    assert.deepEqual([counted, bytes, lost, reordered], [4, 64, 0, 0]);
    inNamespace(hosts.customer, () =>
      sendJoined([rtpPacket(9), rtpPacket(10)], alice.address, a.localAddress, a.localPort),
    );
    await eventually("two more", () => bob.received.length === 6);
    assert.equal(a.received.lost, 4);
  });

  test("ports outside the partition are the stack's, also on a media address", async () => {
    const relay = await begin();
    const alice = stage.at("customer");
    const before = relay.programCounts().stray;
    for (const port of [19_999, 20_020]) {
      const service = stage.at("gatewayToCustomer", port);
      alice.send(Buffer.from("hello"), service, port);
      await eventually(`port ${port} is reached`, () => service.received.length === 1);
    }
    for (const port of [20_000, 20_019]) {
      const service = stage.at("gatewayToCustomer", port);
      alice.send(Buffer.from("hello"), service, port);
      await quiet();
      assert.equal(service.received.length, 0);
    }
    assert.equal(relay.programCounts().stray, before + 2);
  });

  test("a packet for one interface's address that comes by another reaches nobody", async () => {
    await begin();
    const { a, bob } = joinedCall(stage);
    const carrier = framesAt(hosts.carrier);
    a.setPolicy(policyOf("symmetric", ["0.0.0.0/0"]));
    carrier.send(
      handMade({
        macTo: hosts.macOf(hosts.gateway, devices.toCarrier),
        macFrom: hosts.macOf(hosts.carrier, devices.uplink),
        source: addresses.carrier,
        destinationPort: a.localPort,
      }),
    );
    await quiet();
    assert.deepEqual([bob.received.length, a.received.packets, a.received.dropped], [0, 0, 0]);
  });

  test("IP forwarding is off all the while", async () => {
    await begin();
    const { a, alice, bob } = joinedCall(stage);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("heard", () => bob.received.length === 1);
    assert.equal(hosts.execute(hosts.gateway, "sysctl", "-n", "net.ipv4.ip_forward").trim(), "0");
  });

  test("joined flows must name each other: half a join sends nothing", async () => {
    const relay = await begin();
    const { a, b, alice, bob } = joinedCall(stage);
    const c = endpointOf(relay, "carriers");
    c.setRemote(remoteAt(stage.at("carrier")));
    relay.join(b, c);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("goes nowhere", () => a.received.unforwarded === 1);
    assert.equal(bob.received.length, 0);
  });

  test("a flow whose partner names another one sends nothing, as a gateway that died in between leaves it", async () => {
    const relay = await begin();
    const { a, b, alice, bob } = joinedCall(stage);
    // Its latch says where packets go, so that they ask for its terms.
    b.setPolicy(policyOf("symmetric", [], addresses.carrier));
    bob.send(rtpPacket(1), b, b.localPort);
    await eventually("latched", () => alice.received.length === 1);
    alice.send(rtpPacket(1), a, a.localPort);
    await eventually("heard", () => bob.received.length === 1);
    const { flows } = relay.maps;
    const own = [...flows.keys()].find(
      ({ port, address }) => port === b.localPort && addressText(address) === b.localAddress,
    );
    assert.ok(own !== undefined && flows.read(own));
    flows.terms.copy(flows.changed);
    writeFlowKey(flows.changed, partnerAt, { ...own, port: b.localPort + 2 });
    assert.ok(flows.change());
    alice.send(rtpPacket(2), a, a.localPort);
    await eventually("goes nowhere", () => a.received.unforwarded === 1);
    assert.equal(bob.received.length, 1);
  });

  test("copies RTCP for the gateway up to a limit, and relays what is past it too", async () => {
    const relay = await begin();
    const { a, alice, bobRtcp } = joinedCall(stage);
    a.setRemote(remoteAt(alice, alice));
    const sent = maximumControlPackets + 6;
    for (let count = 1; count <= sent; count += 1) {
      alice.send(rtcpPacket(), a, a.rtcpPort);
      if (count % 50 === 0) await eventually("they are taken", () => a.received.rtcpPackets === count);
    }
    await eventually("all are taken", () => a.received.rtcpPackets === sent);
    assert.equal(a.received.unforwarded, 0);
    await eventually("bob has some", () => bobRtcp.received.length > 0);
    let copies = 0;
    while (relay.maps.control.take()) copies += 1;
    assert.equal(copies, maximumControlPackets);
    alice.send(rtcpPacket(), a, a.rtcpPort);
    await eventually("there is room again", () => relay.maps.control.take());
  });
});
