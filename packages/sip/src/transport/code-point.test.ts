/** Where packets get their code point: every kind of socket, of both families. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { DatagramKind } from "./datagrams/open-datagram-port.ts";
import type { TransportProtocol } from "./flow.ts";
import { codePointsAt } from "./testing/code-points.ts";
import { loopback, TestNode } from "./testing/test-node.ts";

interface Wishes {
  readonly localAddress: string;
  readonly codePoint?: number;
  readonly datagrams?: DatagramKind;
}

async function opened(context: TestContext, { datagrams = "native", ...wishes }: Wishes): Promise<TestNode> {
  const { localAddress: advertisedAddress } = wishes;
  const node = new TestNode([{ ...loopback("UDP", "TCP"), ...wishes, advertisedAddress }], { datagrams });
  await node.layer.open();
  context.after(() => node.layer.close());
  return node;
}

/** A message each way. The port that the first one came from. */
async function exchange(
  from: TestNode,
  to: TestNode,
  protocol: TransportProtocol,
  address: string,
): Promise<number> {
  const target = from.targetAt(to, protocol, { address });
  from.layer.sendTo(target, "OPTIONS out\r\nContent-Length: 0\r\n\r\n", from.onFailure);
  const { flow: heard } = await to.next();
  to.layer.sendOn(heard, "OPTIONS back\r\nContent-Length: 0\r\n\r\n", to.onFailure);
  await from.next();
  assert.deepEqual([...from.failures, ...to.failures], []);
  return heard.remotePort;
}

for (const localAddress of ["127.0.0.1", "::1"]) {
  for (const datagrams of ["native", "node"] as const) {
    test(`datagrams of ${localAddress} by ${datagrams} sockets are marked, and go and come as others`, async (context) => {
      const marked = await opened(context, { localAddress, codePoint: 26, datagrams });
      const plain = await opened(context, { localAddress, datagrams });
      assert.deepEqual(codePointsAt(marked.port("UDP")), [26]);
      assert.deepEqual(codePointsAt(plain.port("UDP")), [0]);
      await exchange(marked, plain, "UDP", localAddress);
      await exchange(plain, marked, "UDP", localAddress);
    });
  }

  test(`connections of ${localAddress} are marked, accepted and outgoing ones`, async (context) => {
    const marked = await opened(context, { localAddress, codePoint: 40 });
    const plain = await opened(context, { localAddress });
    await exchange(plain, marked, "TCP", localAddress);
    assert.deepEqual(codePointsAt(marked.port("TCP")), [40, 40]);
    assert.deepEqual(codePointsAt(await exchange(marked, plain, "TCP", localAddress)), [40]);
    assert.deepEqual(codePointsAt(plain.port("TCP")), [0, 0]);
  });
}

test("a port that is taken is told as ever", async (context) => {
  for (const localAddress of ["127.0.0.1", "::1"]) {
    const first = await opened(context, { localAddress });
    const second = new TestNode([
      { ...loopback("UDP"), localAddress, udpPort: first.port("UDP"), codePoint: 24 },
    ]);
    await assert.rejects(second.layer.open(), { code: "EADDRINUSE", address: localAddress });
  }
});
