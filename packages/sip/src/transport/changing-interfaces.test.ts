import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { loopback, TestNode, until } from "./testing/test-node.ts";
import type { TransportInterface } from "./transport-interface.ts";

async function opened(context: TestContext, transportInterface: TransportInterface): Promise<TestNode> {
  const node = new TestNode([transportInterface]);
  await node.layer.open();
  context.after(() => node.layer.close());
  return node;
}

const line: TransportInterface = { ...loopback("UDP", "TCP"), name: "line", localAddress: "127.0.160.2" };

test("an interface that is added sends and receives by its own address, as the others go on", async (context) => {
  const node = await opened(context, loopback("UDP", "TCP"));
  const peer = await opened(context, loopback("UDP", "TCP"));
  await node.layer.addInterface(line);
  assert.equal(node.layer.counts().udpSockets, 2);
  for (const protocol of ["UDP", "TCP"] as const) {
    const target = node.targetAt(peer, protocol, { interfaceName: "line", connection: "TX1" });
    node.layer.sendTo(target, "OPTIONS by line\r\nContent-Length: 0\r\n\r\n", node.onFailure);
    const { flow } = await peer.next();
    assert.equal(flow.remoteAddress, "127.0.160.2");
    peer.layer.sendOn(flow, "OPTIONS back\r\nContent-Length: 0\r\n\r\n", peer.onFailure);
    assert.equal((await node.next()).flow.interfaceName, "line");
    node.layer.sendTo(
      node.targetAt(peer, protocol),
      "OPTIONS as before\r\nContent-Length: 0\r\n\r\n",
      node.onFailure,
    );
    assert.equal((await peer.next()).flow.remoteAddress, "127.0.0.1");
  }
  assert.deepEqual(node.failures, []);
});

test("an address that is not of this host is refused with the system's code, and can be had later", async (context) => {
  const node = await opened(context, loopback("UDP", "TCP"));
  const elsewhere = { ...line, localAddress: "192.0.2.1" };
  await assert.rejects(node.layer.addInterface(elsewhere), { code: "EADDRNOTAVAIL" });
  assert.throws(() => node.layer.sentBy("line", "UDP"), /no interface line/);
  assert.equal(node.layer.counts().udpSockets, 1);
  await node.layer.addInterface(line);
  assert.equal(node.layer.sentBy("line", "TCP").host, "192.0.2.1");
});

test("a name is taken once, while it is being bound too", async (context) => {
  const node = await opened(context, loopback("UDP"));
  const first = node.layer.addInterface(line);
  await assert.rejects(node.layer.addInterface(line), /two interfaces are named line/);
  await first;
  await assert.rejects(node.layer.addInterface(line), /two interfaces are named line/);
  await assert.rejects(node.layer.addInterface({ ...line, name: "one" }), /two interfaces are named one/);
});

test("a removed interface takes its connections along and nobody else's; its name can be used again", async (context) => {
  const node = await opened(context, loopback("UDP", "TCP"));
  const peer = await opened(context, loopback("UDP", "TCP"));
  await node.layer.addInterface(line);
  for (const interfaceName of ["line", "one"]) {
    const target = node.targetAt(peer, "TCP", { interfaceName });
    node.layer.sendTo(target, "OPTIONS x\r\nContent-Length: 0\r\n\r\n", node.onFailure);
    await peer.next();
  }
  await node.layer.removeInterface("line");
  await node.layer.removeInterface("line");
  await until("the connection is gone", () => node.layer.counts().connections === 1);
  assert.equal(node.layer.counts().udpSockets, 1);
  const target = node.targetAt(peer, "UDP", { interfaceName: "line" });
  assert.equal(node.layer.sendTo(target, "x", node.onFailure), undefined);
  assert.equal(await node.nextFailure(), "protocol-not-served");
  await node.layer.addInterface(line);
  node.layer.sendTo(target, "again", node.onFailure);
  assert.equal((await peer.next()).text, "again");
});

test("nothing is added to a layer that has closed", async () => {
  const node = new TestNode([loopback("UDP")]);
  await node.layer.open();
  const adding = node.layer.addInterface(line);
  const closing = node.layer.close();
  await assert.rejects(adding, /not open/);
  await closing;
  await assert.rejects(node.layer.addInterface(line), /not open/);
  assert.equal(node.layer.counts().udpSockets, 0);
});
