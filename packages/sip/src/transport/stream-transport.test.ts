import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { BareClient, loopback, TestNode, until } from "./testing/test-node.ts";
import type { TransportLimits } from "./transport-limits.ts";

async function opened(context: TestContext, limits: Partial<TransportLimits> = {}): Promise<TestNode> {
  const node = new TestNode([loopback("UDP", "TCP")], { limits });
  await node.layer.open();
  context.after(() => node.layer.close());
  return node;
}

function request(name: string, via = "SIP/2.0/TCP 127.0.0.1:5999;branch=z9hG4bK1"): string {
  return `OPTIONS sip:${name} SIP/2.0\r\nVia: ${via}\r\nContent-Length: 0\r\n\r\n`;
}

function response(name: string, via: string): string {
  return `SIP/2.0 200 OK\r\nVia: ${via}\r\nTo: ${name}\r\nContent-Length: 0\r\n\r\n`;
}

function client(context: TestContext, node: TestNode, localAddress?: string): BareClient {
  const bare = new BareClient(node.port("TCP"), "127.0.0.1", localAddress);
  context.after(() => bare.close());
  return bare;
}

test("requests to one target share a connection, also while it is being made; responses come back on it", async (context) => {
  const a = await opened(context);
  const b = await opened(context);
  const target = a.targetAt(b, "TCP");
  const flow = a.layer.sendTo(target, request("one"), a.onFailure);
  assert.equal(a.layer.sendTo(target, request("two"), a.onFailure), flow);
  assert.deepEqual(
    [a.layer.counts().connections, a.layer.counts().pending, a.layer.counts().outgoingConnections],
    [1, 1, 1],
  );
  const first = await b.next();
  assert.equal(first.text, request("one"));
  assert.equal((await b.next()).flow, first.flow);
  assert.equal(a.layer.sendTo(target, request("three"), a.onFailure), flow);
  assert.equal((await b.next()).flow, first.flow);
  b.layer.sendOn(first.flow, response("one", "SIP/2.0/TCP 127.0.0.1:1"), b.onFailure);
  const back = await a.next();
  assert.equal(back.flow, flow);
  assert.deepEqual([a.layer.counts().pending, b.layer.counts().acceptedConnections], [0, 1]);
  assert.deepEqual(b.asked, ["127.0.0.1 one TCP"]);
  assert.deepEqual([a.failures, b.failures], [[], []]);
});

test("the port of the sent-by takes connections: a response may come on one of its own (RFC 3261 §18.1.1)", async (context) => {
  const node = await opened(context);
  const text = response("one", `SIP/2.0/TCP 192.0.2.1:${node.port("TCP")}`);
  client(context, node).send(text);
  assert.equal((await node.next()).text, text);
});

test("the flow of a connection tells both ends and the private line", async (context) => {
  const a = await opened(context);
  const b = await opened(context);
  b.privateLine = "TX1";
  const out = a.layer.sendTo(a.targetAt(b, "TCP", { connection: "TX2" }), request("one"), a.onFailure);
  const { flow } = await b.next();
  assert.ok(out !== undefined);
  assert.deepEqual([flow.interfaceName, flow.connection, flow.protocol], ["one", "TX1", "TCP"]);
  assert.deepEqual([flow.isReliable, flow.isSecure, flow.isOpen], [true, false, true]);
  assert.deepEqual([out.connection, out.remotePort, out.localAddress], ["TX2", b.port("TCP"), "127.0.0.1"]);
  assert.deepEqual([flow.localPort, flow.remotePort], [b.port("TCP"), out.localPort]);
  const other = a.layer.sendTo(a.targetAt(b, "TCP"), request("one"), a.onFailure);
  assert.deepEqual([out.id, other?.id], ["tcp:1", "tcp:2"]);
});

test("connection, address, port and interface each make a connection of their own", async (context) => {
  const two = { ...loopback("TCP"), name: "two", localAddress: "127.0.0.2" };
  const a = new TestNode([loopback("TCP"), two]);
  await a.layer.open();
  context.after(() => a.layer.close());
  const b = new TestNode([{ ...loopback("TCP"), localAddress: "0.0.0.0" }]);
  await b.layer.open();
  context.after(() => b.layer.close());
  const c = await opened(context);
  const target = a.targetAt(b, "TCP");
  const targets = [
    target,
    { ...target, connection: "TX1" },
    { ...target, address: "127.0.0.9" },
    { ...target, port: c.port("TCP") },
    { ...target, interfaceName: "two" },
    { ...target, serverName: "b.test" },
  ];
  const flows = targets.map((each) => a.layer.sendTo(each, request("x"), a.onFailure));
  assert.equal(new Set(flows).size, 6);
  assert.equal(a.layer.counts().connections, 6);
  const sources = new Set<string>();
  for (let count = 0; count < 5; count++) sources.add((await b.next()).flow.remoteAddress);
  // Each leaves from the address of its interface.
  assert.deepEqual([...sources].toSorted(), ["127.0.0.1", "127.0.0.2"]);
});

test("nobody listens: connection-refused, once per message, and the connection is forgotten", async (context) => {
  const a = await opened(context);
  const b = new TestNode([loopback("TCP")]);
  await b.layer.open();
  const target = a.targetAt(b, "TCP");
  await b.layer.close();
  a.layer.sendTo(target, request("one"), a.onFailure);
  a.layer.sendTo(target, request("two"), a.onFailure);
  assert.deepEqual(a.failures, []);
  assert.equal(await a.nextFailure(), "connection-refused");
  assert.equal(await a.nextFailure(), "connection-refused");
  assert.deepEqual(a.failures, []);
  assert.equal(a.layer.counts().connections, 0);
  assert.deepEqual(a.closedFlows, []);
  assert.equal(a.clock.pendingTimers, 0);
});

test("targets that are none", async (context) => {
  const a = await opened(context);
  const target = a.targetAt(a, "TCP");
  for (const wrong of [{ address: "b.test" }, { port: 0 }, { port: 65_536 }, { port: Number.NaN }]) {
    assert.equal(a.layer.sendTo({ ...target, ...wrong }, request("x"), a.onFailure), undefined);
    assert.equal(await a.nextFailure(), "invalid-target");
  }
  assert.equal(a.layer.counts().connections, 0);
});

test("the limit of outgoing connections", async (context) => {
  const a = await opened(context, { maximumOutgoingConnections: 2 });
  const b = await opened(context);
  const target = a.targetAt(b, "TCP");
  for (const connection of ["TX1", "TX2"]) {
    assert.notEqual(a.layer.sendTo({ ...target, connection }, request("x"), a.onFailure), undefined);
  }
  assert.equal(a.layer.sendTo({ ...target, connection: "TX3" }, request("x"), a.onFailure), undefined);
  assert.equal(await a.nextFailure(), "too-many-connections");
  assert.notEqual(a.layer.sendTo({ ...target, connection: "TX2" }, request("x"), a.onFailure), undefined);
});

test("the limit of accepted connections; outgoing ones do not count", async (context) => {
  const node = await opened(context, { maximumAcceptedConnections: 2 });
  const other = await opened(context);
  node.layer.sendTo(node.targetAt(other, "TCP"), request("out"), node.onFailure);
  await other.next();
  const kept = [client(context, node), client(context, node)];
  for (const [index, one] of kept.entries()) {
    one.send(request(`kept ${index}`));
    assert.match((await node.next()).text, /kept/);
  }
  assert.equal(node.layer.counts().acceptedConnections, 2);
  const refused = client(context, node);
  await until("the third is closed", () => refused.isClosed);
  assert.equal(refused.received, "");
  assert.equal(node.layer.counts().refusedConnections, 1);
  kept[0]?.close();
  await until("one is gone", () => node.layer.counts().acceptedConnections === 1);
  const later = client(context, node);
  later.send(request("later"));
  assert.match((await node.next()).text, /later/);
});

test("at the limit the oldest connection without a message gives way, whatever keep-alives it sends", async (context) => {
  const node = await opened(context, { maximumAcceptedConnections: 3, maximumAcceptedPerAddress: 2 });
  const speaker = client(context, node, "127.0.0.3");
  speaker.send(request("speaker"));
  assert.match((await node.next()).text, /speaker/);
  const silent: ReturnType<typeof client>[] = [];
  for (let index = 0; index < 2; index += 1) {
    const one = client(context, node, "127.0.0.4");
    one.send("\r\n\r\n");
    await until("its keep-alive is answered", () => one.received === "\r\n");
    silent.push(one);
  }
  const greedy = client(context, node, "127.0.0.4");
  await until("an address that has its share makes nobody give way", () => greedy.isClosed);
  const later = client(context, node, "127.0.0.5");
  later.send(request("later"));
  assert.match((await node.next()).text, /later/);
  await until("the oldest silent one is gone", () => silent[0]?.isClosed === true);
  assert.deepEqual([silent[1]?.isClosed, speaker.isClosed], [false, false]);
  assert.equal(node.layer.counts().acceptedConnections, 3);
});

test("the limit of accepted connections per remote address", async (context) => {
  const node = await opened(context, { maximumAcceptedPerAddress: 1 });
  const first = client(context, node, "127.0.0.3");
  await until("one is kept", () => node.layer.counts().acceptedConnections === 1);
  const refused = client(context, node, "127.0.0.3");
  await until("the second is closed", () => refused.isClosed);
  client(context, node, "127.0.0.4").send(request("other address"));
  assert.match((await node.next()).text, /other address/);
  assert.equal(node.layer.counts().acceptedAddresses, 2);
  first.close();
  await until("one is gone", () => node.layer.counts().acceptedConnections === 1);
  assert.equal(node.layer.counts().acceptedAddresses, 1);
  client(context, node, "127.0.0.3").send(request("again"));
  assert.match((await node.next()).text, /again/);
});

test("a stranger's connection is closed without a byte", async (context) => {
  const node = await opened(context);
  node.doesAccept = false;
  const stranger = client(context, node);
  stranger.send(request("x"));
  await until("it is closed", () => stranger.isClosed);
  assert.equal(stranger.received, "");
  assert.deepEqual(node.messages, []);
  assert.deepEqual([node.layer.counts().connections, node.layer.counts().refusedConnections], [0, 1]);
});

test("a double CRLF gets a single one, on a real socket too", async (context) => {
  const node = await opened(context);
  const bare = client(context, node);
  bare.send("\r\n\r\n");
  await until("the pong is there", () => bare.received !== "");
  assert.equal(bare.received, "\r\n");
});

test("pings go out on a real connection, and the peer's layer answers them", async (context) => {
  const a = await opened(context);
  const b = await opened(context);
  a.layer.sendTo(a.targetAt(b, "TCP"), request("x"), a.onFailure);
  await b.next();
  // Two rounds, so that a knows a peer that pongs; then b must pong within 10 s of a's clock.
  for (let round = 0; round < 2; round++) a.clock.advance(30_000);
  a.layer.sendTo(a.targetAt(b, "TCP"), request("y"), a.onFailure);
  const { flow } = await b.next();
  b.layer.sendOn(flow, response("y", "SIP/2.0/TCP 127.0.0.1:1"), b.onFailure);
  // TCP keeps order: the pongs came before this response.
  await a.next();
  a.clock.advance(29_999);
  assert.equal(a.layer.counts().connections, 1);
});

test("a peer that stops reading is closed, and what it did not take fails", async (context) => {
  const node = await opened(context, { maximumBufferedBytes: 200_000 });
  const bare = client(context, node);
  bare.send(request("x"));
  const { flow } = await node.next();
  bare.socket.pause();
  const text = `NOTIFY sip:x SIP/2.0\r\nContent-Length: 100000\r\n\r\n${"x".repeat(100_000)}`;
  for (let sent = 0; sent < 1000 && flow.isOpen; sent++) node.layer.sendOn(flow, text, node.onFailure);
  assert.equal(flow.isOpen, false);
  assert.deepEqual(node.closedFlows, ["slow-reader"]);
  assert.equal(await node.nextFailure(), "slow-reader");
  assert.equal(node.layer.counts().connections, 0);
});

test("closeFlow ends the connection of a flow; UDP has none", async (context) => {
  const node = await opened(context);
  const bare = client(context, node);
  bare.send(request("x"));
  const { flow } = await node.next();
  node.layer.closeFlow(flow);
  assert.equal(flow.isOpen, false);
  await until("the peer sees it", () => bare.isClosed);
  const udp = node.layer.sendTo(node.targetAt(node, "UDP"), request("self"), node.onFailure);
  assert.ok(udp !== undefined);
  node.layer.closeFlow(udp);
  assert.equal(udp.isOpen, true);
});

test("garbage is told and closes", async (context) => {
  const node = await opened(context);
  const bare = client(context, node);
  bare.send("GET / HTTP/1.0\r\n\r\n");
  await until("it is closed", () => bare.isClosed);
  assert.deepEqual(node.garbage, ["content-length-missing"]);
  assert.deepEqual(node.closedFlows, ["content-length-missing"]);
});

test("a response on a lost connection goes to the source address at the port of the sent-by (RFC 3261 §18.2.2)", async (context) => {
  const a = await opened(context);
  const b = await opened(context);
  const via = `SIP/2.0/TCP 203.0.113.9:${a.port("TCP")};branch=z9hG4bK1`;
  const bare = client(context, b);
  bare.send(request("x", via));
  const { flow } = await b.next();
  bare.close();
  await until("the flow is closed", () => !flow.isOpen);
  b.layer.sendOn(flow, response("x", via), b.onFailure);
  const back = await a.next();
  assert.equal(back.text, response("x", via));
  assert.equal(back.flow.remoteAddress, "127.0.0.1");
  b.layer.sendOn(flow, request("in dialog"), b.onFailure);
  assert.equal(await b.nextFailure(), "closed");
});

test("closing: connections, waiting messages and timers are gone", async (context) => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  context.after(() => silent.close());
  const sockets: Socket[] = [];
  silent.on("connection", (socket) => sockets.push(socket));
  const a = await opened(context);
  const b = await opened(context);
  a.layer.sendTo(a.targetAt(b, "TCP"), request("x"), a.onFailure);
  await b.next();
  const address = silent.address();
  assert.ok(address !== null && typeof address === "object");
  a.layer.sendTo(a.targetAt(b, "TCP", { port: address.port }), request("waits"), a.onFailure);
  await a.layer.close();
  const { connections, pending, udpSockets, acceptedConnections, outgoingConnections } = a.layer.counts();
  assert.deepEqual(
    [connections, pending, udpSockets, acceptedConnections, outgoingConnections],
    [0, 0, 0, 0, 0],
  );
  assert.equal(a.clock.pendingTimers, 0);
  assert.equal(await a.nextFailure(), "transport-closed");
  assert.deepEqual(a.closedFlows, ["transport-closed"]);
  await until("the peer sees it", () => b.layer.counts().connections === 0);
  assert.deepEqual(b.closedFlows, ["closed-by-peer"]);
  for (const socket of sockets) socket.destroy();
});

test("after close nobody listens any more", async () => {
  const node = new TestNode([loopback("TCP")]);
  await node.layer.open();
  const port = node.port("TCP");
  await node.layer.close();
  const bare = new BareClient(port);
  await until("it is refused", () => bare.isClosed);
  assert.deepEqual(node.asked, []);
});

test("two interfaces of one name are a fault", () => {
  assert.throws(() => new TestNode([loopback("UDP"), loopback("TCP")]), /two interfaces are named one/);
});
