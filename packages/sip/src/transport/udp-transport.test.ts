import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { describe, type TestContext, test } from "node:test";
import { loopback, TestNode, until } from "./testing/test-node.ts";
import type { TransportInterface } from "./transport-interface.ts";
import type { TransportLayerOptions } from "./transport-layer.ts";

for (const datagrams of ["native", "node"] as const) {
  describe(`${datagrams} sockets`, () => testsOf(datagrams));
}

function testsOf(datagrams: "native" | "node"): void {
  async function opened(
    context: TestContext,
    transportInterface: TransportInterface = loopback("UDP"),
    options: Partial<TransportLayerOptions> = {},
  ): Promise<TestNode> {
    const node = new TestNode([transportInterface], { datagrams, ...options });
    await node.layer.open();
    context.after(() => node.layer.close());
    return node;
  }

  const allBytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");

  test("every byte comes through as one character, with a flow that leads back", async (context) => {
    const a = await opened(context);
    const b = await opened(context);
    const sentOn = a.layer.sendTo(a.targetAt(b, "UDP"), `MESSAGE ${allBytes}`, a.onFailure);
    const { text, flow } = await b.next();
    assert.equal(text, `MESSAGE ${allBytes}`);
    assert.deepEqual(
      [flow.interfaceName, flow.connection, flow.protocol, flow.localAddress, flow.localPort],
      ["one", undefined, "UDP", "127.0.0.1", b.port("UDP")],
    );
    assert.deepEqual([flow.remoteAddress, flow.remotePort], ["127.0.0.1", a.port("UDP")]);
    assert.deepEqual([flow.isReliable, flow.isOpen, flow.isSecure], [false, true, false]);
    assert.equal(flow.id, `udp:127.0.0.1:${b.port("UDP")}-127.0.0.1:${a.port("UDP")}`);
    b.layer.sendOn(flow, "MESSAGE back", b.onFailure);
    const back = await a.next();
    assert.equal(back.text, "MESSAGE back");
    assert.equal(back.flow.id, sentOn?.id);
    assert.deepEqual([a.failures, b.failures], [[], []]);
  });

  test("sent-by is the advertised address and the bound port", async (context) => {
    const node = await opened(context);
    const { host, port } = node.layer.sentBy("one", "UDP");
    assert.equal(host, "192.0.2.1");
    assert.ok(port > 0);
    assert.deepEqual(node.layer.sentBy("one", "TCP"), { host: "192.0.2.1", port: 0 });
    assert.throws(() => node.layer.sentBy("two", "UDP"), /no interface two/);
    const six = new TestNode([{ ...loopback("UDP"), advertisedAddress: "2001:db8::1" }]);
    assert.equal(six.layer.sentBy("one", "UDP").host, "[2001:db8::1]");
  });

  test("the receiver is asked before a datagram is read; one not accepted leaves a count only", async (context) => {
    const a = await opened(context);
    const b = await opened(context);
    b.doesAccept = false;
    a.layer.sendTo(a.targetAt(b, "UDP"), "refused", a.onFailure);
    await until("the datagram is refused", () => b.layer.counts().refusedDatagrams === 1);
    b.doesAccept = true;
    b.privateLine = "TX1";
    a.layer.sendTo(a.targetAt(b, "UDP"), "taken", a.onFailure);
    const { text, flow } = await b.next();
    assert.equal(text, "taken");
    assert.equal(flow.connection, "TX1");
    assert.deepEqual(b.asked, ["127.0.0.1 one UDP", "127.0.0.1 one UDP"]);
  });

  test("without a receiver nothing is taken; a receiver without accept takes all", async (context) => {
    const a = await opened(context);
    const b = await opened(context, loopback("UDP"), { receiver: undefined });
    a.layer.sendTo(a.targetAt(b, "UDP"), "too early", a.onFailure);
    await until("the datagram is refused", () => b.layer.counts().refusedDatagrams === 1);
    const texts: string[] = [];
    b.layer.setReceiver({ onMessage: (text) => texts.push(text) });
    a.layer.sendTo(a.targetAt(b, "UDP"), "now", a.onFailure);
    await until("the message is there", () => texts.length > 0);
    assert.deepEqual(texts, ["now"]);
  });

  test("keep-alives are no messages: up to four bytes of CR, LF and NUL", async (context) => {
    const a = await opened(context);
    const b = await opened(context);
    for (const text of ["\r\n\r\n", "\0", "\r\n", "\r\n\r\n\r", "\0\0\0a"]) {
      a.layer.sendTo(a.targetAt(b, "UDP"), text, a.onFailure);
    }
    assert.equal((await b.next()).text, "\r\n\r\n\r");
    assert.equal((await b.next()).text, "\0\0\0a");
  });

  async function bareSocket(
    context: TestContext,
  ): Promise<{ socket: Socket; port: number; received: string[] }> {
    const socket = createSocket("udp4");
    const received: string[] = [];
    socket.on("message", (datagram) => received.push(datagram.toString("latin1")));
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    context.after(() => socket.close());
    return { socket, port: socket.address().port, received };
  }

  test("a response goes to the source port with rport, else to the port of the sent-by (RFC 3581, RFC 3261 §18.2.2)", async (context) => {
    const node = await opened(context);
    const source = await bareSocket(context);
    const sentBy = await bareSocket(context);
    source.socket.send("OPTIONS", node.port("UDP"), "127.0.0.1");
    const { flow } = await node.next();
    const via = `Via: SIP/2.0/UDP 203.0.113.9:${sentBy.port};branch=z9hG4bK1`;
    const symmetric = `SIP/2.0 200 OK\r\n${via};rport=${source.port}\r\n\r\n`;
    const plain = `SIP/2.0 200 OK\r\n${via}\r\n\r\n`;
    node.layer.sendOn(flow, symmetric, node.onFailure);
    node.layer.sendOn(flow, plain, node.onFailure);
    await until("both responses are there", () => source.received.length + sentBy.received.length === 2);
    assert.deepEqual([source.received, sentBy.received], [[symmetric], [plain]]);
  });

  test("what cannot be sent is told, once, with a code, after the send has returned", async (context) => {
    const a = await opened(context, loopback("UDP"), { limits: { maximumUdpQueueBytes: 70_000 } });
    const to = a.targetAt(a, "UDP");
    const table: [code: string, send: () => unknown][] = [
      ["address-family-mismatch", () => a.layer.sendTo({ ...to, address: "::1" }, "x", a.onFailure)],
      ["invalid-target", () => a.layer.sendTo({ ...to, port: 0 }, "x", a.onFailure)],
      ["invalid-target", () => a.layer.sendTo({ ...to, port: 65_536 }, "x", a.onFailure)],
      ["message-too-large", () => (a.layer.sendTo(to, "x".repeat(65_600), a.onFailure), undefined)],
      ["send-queue-full", () => a.layer.sendTo(to, "x".repeat(70_001), a.onFailure)],
      ["protocol-not-served", () => a.layer.sendTo({ ...to, protocol: "TCP" }, "x", a.onFailure)],
      ["protocol-not-served", () => a.layer.sendTo({ ...to, interfaceName: "two" }, "x", a.onFailure)],
    ];
    for (const [code, send] of table) {
      assert.equal(send(), undefined, code);
      assert.deepEqual(a.failures, [], code);
      assert.equal(await a.nextFailure(), code);
    }
    a.layer.sendTo({ ...to, address: "not numeric" }, "x", a.onFailure);
    assert.equal(await a.nextFailure(), "send-failed");
  });

  test("the queue limit itself may still be sent", async (context) => {
    const a = await opened(context, loopback("UDP"), { limits: { maximumUdpQueueBytes: 10 } });
    a.layer.sendTo(a.targetAt(a, "UDP"), "0123456789", a.onFailure);
    assert.equal((await a.next()).text, "0123456789");
    a.layer.sendTo(a.targetAt(a, "UDP"), "0123456789+", a.onFailure);
    assert.equal(await a.nextFailure(), "send-queue-full");
  });

  test("ports 1 and 65535 are ports", async (context) => {
    const a = await opened(context);
    for (const port of [1, 65_535]) {
      assert.notEqual(a.layer.sendTo(a.targetAt(a, "UDP", { port }), "x", a.onFailure), undefined);
    }
  });

  test("buffers: asked for, and what was granted is told", async (context) => {
    const small = await opened(context, loopback("UDP"), { limits: { udpBufferBytes: 65_536 } });
    const large = await opened(context, loopback("UDP"), { limits: { udpBufferBytes: 131_072 } });
    for (const buffer of ["udpReceiveBufferBytes", "udpSendBufferBytes"] as const) {
      assert.ok(small.layer.counts()[buffer] >= 65_536);
      assert.ok(large.layer.counts()[buffer] > small.layer.counts()[buffer]);
    }
  });

  test("IPv6", async (context) => {
    const six: TransportInterface = {
      name: "one",
      localAddress: "::1",
      advertisedAddress: "::1",
      udpPort: 0,
      tcpPort: 0,
    };
    const a = await opened(context, six);
    const b = await opened(context, six);
    for (const protocol of ["UDP", "TCP"] as const) {
      const target = a.targetAt(b, protocol, { address: "::1" });
      a.layer.sendTo(target, "OPTIONS sip:b SIP/2.0\r\nContent-Length: 0\r\n\r\n", a.onFailure);
      const { flow } = await b.next();
      assert.deepEqual([flow.remoteAddress, flow.localAddress, flow.protocol], ["::1", "::1", protocol]);
      b.layer.sendOn(flow, "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", b.onFailure);
      assert.match((await a.next()).text, /^SIP\/2.0 200/);
    }
    a.layer.sendTo(a.targetAt(b, "UDP"), "x", a.onFailure);
    assert.equal(await a.nextFailure(), "address-family-mismatch");
    a.layer.sendTo(a.targetAt(b, "TCP"), "x", a.onFailure);
    assert.equal(await a.nextFailure(), "address-family-mismatch");
    assert.equal(a.layer.sentBy("one", "UDP").host, "[::1]");
  });

  test("a port that is taken: open rejects and leaves nothing open", async (context) => {
    const first = await opened(context, loopback("UDP", "TCP"));
    const udp = new TestNode([{ ...loopback("UDP"), udpPort: first.port("UDP") }]);
    await assert.rejects(udp.layer.open(), { code: "EADDRINUSE" });
    const tcp = new TestNode([{ ...loopback("UDP"), tcpPort: first.port("TCP") }]);
    await assert.rejects(tcp.layer.open(), { code: "EADDRINUSE" });
    assert.equal(udp.layer.counts().udpSockets + tcp.layer.counts().udpSockets, 0);
  });

  test("closed while it opens: open rejects, and the port is free", async (context) => {
    const first = await opened(context);
    const udpPort = first.port("UDP");
    await first.layer.close();
    const second = new TestNode([{ ...loopback("UDP"), udpPort }], { datagrams });
    const opening = second.layer.open();
    await second.layer.close();
    await assert.rejects(opening, /was closed while it was opened/);
    await opened(context, { ...loopback("UDP"), udpPort });
  });

  test("closed: no socket, sends fail, closing again is no fault", async () => {
    const node = new TestNode([loopback("UDP")], { datagrams });
    await node.layer.open();
    const target = node.targetAt(node, "UDP");
    node.layer.sendTo(target, "self", node.onFailure);
    const { flow } = await node.next();
    assert.equal(node.layer.counts().udpSockets, 1);
    assert.equal(node.layer.counts().nativeUdpSockets, datagrams === "native" ? 1 : 0);
    await node.layer.close();
    await node.layer.close();
    assert.equal(node.layer.counts().udpSockets, 0);
    assert.equal(node.layer.counts().nativeUdpSockets, 0);
    assert.equal(node.layer.counts().udpReceiveBufferBytes, 0);
    assert.equal(flow.isOpen, false);
    node.layer.sendOn(flow, "late", node.onFailure);
    assert.equal(await node.nextFailure(), "closed");
    assert.equal(node.layer.sendTo(target, "late", node.onFailure), undefined);
    assert.equal(await node.nextFailure(), "protocol-not-served");
  });
}
