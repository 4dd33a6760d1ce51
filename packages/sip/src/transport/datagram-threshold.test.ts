import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { loopback, TestNode, until } from "./testing/test-node.ts";
import type { TransportInterface } from "./transport-interface.ts";
import type { TransportLimits } from "./transport-limits.ts";

async function opened(
  context: TestContext,
  transportInterface: TransportInterface,
  limits: Partial<TransportLimits> = {},
): Promise<TestNode> {
  const node = new TestNode([transportInterface], { limits });
  await node.layer.open();
  context.after(() => node.layer.close());
  return node;
}

/** A peer with UDP and TCP on one port, as SIP has it. */
async function openedOnOnePort(context: TestContext): Promise<TestNode> {
  for (;;) {
    const probe = await opened(context, loopback("UDP"));
    const node = new TestNode([
      { ...loopback("UDP"), tcpPort: probe.port("UDP"), udpPort: probe.port("UDP") },
    ]);
    await probe.layer.close();
    try {
      await node.layer.open();
    } catch {
      continue;
    }
    context.after(() => node.layer.close());
    return node;
  }
}

/** A request of exactly this many bytes with the node's Via for UDP. */
function requestOf(node: TestNode, bytes: number, protocol = "UDP"): string {
  const { host, port } = node.layer.sentBy("one", protocol === "UDP" ? "UDP" : "TCP");
  const udpPort = String(node.port("UDP"));
  const head = `INVITE sip:b SIP/2.0\r\nVia: SIP/2.0/${protocol} ${host}:${port};branch=z9hG4bK1\r\nContent-Length: `;
  const sizeOfUdpHead = head.length - String(port).length + udpPort.length;
  const bodyBytes = bytes - sizeOfUdpHead - "1000\r\n\r\n".length;
  assert.equal(String(bodyBytes).length, 4);
  return `${head}${bodyBytes}\r\n\r\n${"x".repeat(bodyBytes)}`;
}

test("1300 bytes go by UDP, 1301 by TCP with the topmost Via rewritten (RFC 3261 §18.1.1)", async (context) => {
  const a = await opened(context, loopback("UDP", "TCP"));
  const b = await openedOnOnePort(context);
  const target = a.targetAt(b, "UDP");
  const short = requestOf(a, 1300);
  assert.equal(short.length, 1300);
  assert.equal(a.layer.sendTo(target, short, a.onFailure)?.protocol, "UDP");
  assert.equal((await b.next()).text, short);
  const long = requestOf(a, 1301);
  assert.equal(long.length, 1301);
  const flow = a.layer.sendTo(target, long, a.onFailure);
  assert.deepEqual([flow?.protocol, flow?.isReliable], ["TCP", true]);
  const received = await b.next();
  assert.equal(received.flow.protocol, "TCP");
  assert.equal(received.text, requestOf(a, 1301, "TCP"));
});

test("the threshold is configuration", async (context) => {
  const a = await opened(context, loopback("UDP", "TCP"), { datagramThresholdBytes: 2000 });
  const b = await openedOnOnePort(context);
  a.layer.sendTo(a.targetAt(b, "UDP"), requestOf(a, 2000), a.onFailure);
  assert.equal((await b.next()).flow.protocol, "UDP");
  a.layer.sendTo(a.targetAt(b, "UDP"), requestOf(a, 2001), a.onFailure);
  assert.equal((await b.next()).flow.protocol, "TCP");
});

test("an interface without TCP sends long requests by UDP, and so are responses sent", async (context) => {
  const a = await opened(context, loopback("UDP"));
  const b = await openedOnOnePort(context);
  const long = requestOf(a, 3000);
  a.layer.sendTo(a.targetAt(b, "UDP"), long, a.onFailure);
  const { text, flow } = await b.next();
  assert.equal(text, long);
  const response = `SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;rport\r\n\r\n${"x".repeat(3000)}`;
  b.layer.sendOn(flow, response, b.onFailure);
  assert.equal((await a.next()).text, response);
});

test("TCP refused: UDP after all, unchanged, and no failure; the refusal is remembered for its time", async (context) => {
  const a = await opened(context, loopback("UDP", "TCP"), { refusedUpgradeMemoryMs: 300_000 });
  const b = await openedOnOnePort(context);
  const port = b.port("UDP");
  await b.layer.close();
  const udpOnly = await opened(context, { ...loopback("UDP"), udpPort: port });
  const target = a.targetAt(udpOnly, "UDP");
  const long = requestOf(a, 1301);
  a.layer.sendTo(target, long, a.onFailure);
  const { text, flow } = await udpOnly.next();
  assert.deepEqual([text, flow.protocol, a.failures], [long, "UDP", []]);

  const withTcp = new TestNode([{ ...loopback(), tcpPort: port }]);
  await withTcp.layer.open();
  context.after(() => withTcp.layer.close());
  a.clock.advance(299_999);
  assert.equal(a.layer.sendTo(target, long, a.onFailure)?.protocol, "UDP");
  assert.equal((await udpOnly.next()).flow.protocol, "UDP");
  a.clock.advance(1);
  assert.equal(a.layer.sendTo(target, long, a.onFailure)?.protocol, "TCP");
  assert.equal((await withTcp.next()).flow.protocol, "TCP");
});

test("our own limit of connections sends a long request by UDP without blaming the remote", async (context) => {
  const a = await opened(context, loopback("UDP", "TCP"), { maximumOutgoingConnections: 1 });
  const b = await openedOnOnePort(context);
  const other = a.layer.sendTo(a.targetAt(a, "TCP"), requestOf(a, 1300, "TCP"), a.onFailure);
  a.layer.sendTo(a.targetAt(b, "UDP"), requestOf(a, 1301), a.onFailure);
  assert.equal((await b.next()).flow.protocol, "UDP");
  a.clock.advance(1_800_000);
  await until("the other connection is idle", () => other?.isOpen === false);
  a.layer.sendTo(a.targetAt(b, "UDP"), requestOf(a, 1301), a.onFailure);
  assert.equal((await b.next()).flow.protocol, "TCP");
});

test("without a Via to rewrite a long request goes by UDP", async (context) => {
  const a = await opened(context, loopback("UDP", "TCP"));
  const b = await openedOnOnePort(context);
  a.layer.sendTo(a.targetAt(b, "UDP"), "x".repeat(1301), a.onFailure);
  assert.equal((await b.next()).flow.protocol, "UDP");
});
