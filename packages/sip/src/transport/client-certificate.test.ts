/** What a client shows of itself in the handshake, by openssl's own rules of TLS 1.2 and 1.3. */
import assert from "node:assert/strict";
import { before, type TestContext, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { makeTestCertificate } from "./testing/test-certificate.ts";
import { loopback, TestNode } from "./testing/test-node.ts";
import type { TlsKeyPair } from "./tls-options.ts";

let server: TlsKeyPair;
let client: TlsKeyPair;
before(async () => {
  [server, client] = await Promise.all([
    makeTestCertificate("server", "DNS:server.test"),
    makeTestCertificate("client", "URI:sip:client.test"),
  ]);
});

const request =
  "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:1;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n";

async function opened(context: TestContext): Promise<TestNode> {
  const tls = { certificates: [{ ...server, serverNames: [] }] };
  const node = new TestNode([loopback("TLS", "TCP", "UDP")], { tls });
  await node.layer.open();
  context.after(() => node.layer.close());
  return node;
}

/** Connects and sends one request. */
async function talk(context: TestContext, node: TestNode, more: object): Promise<TLSSocket> {
  const socket = connect({ port: node.port("TLS"), host: "127.0.0.1", rejectUnauthorized: false, ...more });
  context.after(() => socket.destroy());
  socket.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", () => resolve());
    socket.once("error", reject);
  });
  socket.write(request);
  return socket;
}

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  const versions = { minVersion: version, maxVersion: version } as const;

  test(`${version}: a certificate that nobody knows is no obstacle, and stands on the flow`, async (context) => {
    const node = await opened(context);
    await talk(context, node, { ...versions, cert: client.certificate, key: client.key });
    const { flow } = await node.next();
    assert.equal(flow.peerCertificate?.subject, "CN=client");
    assert.equal(flow.peerCertificate?.subjectAltName, "URI:sip:client.test");
  });

  test(`${version}: who has none comes in all the same`, async (context) => {
    const node = await opened(context);
    await talk(context, node, versions);
    assert.equal((await node.next()).flow.peerCertificate, undefined);
  });

  test(`${version}: a session that is taken up again shows what it had shown`, async (context) => {
    const node = await opened(context);
    const options = { ...versions, cert: client.certificate, key: client.key };
    const first = connect({
      port: node.port("TLS"),
      host: "127.0.0.1",
      rejectUnauthorized: false,
      ...options,
    });
    context.after(() => first.destroy());
    const session = new Promise<Buffer>((resolve) => first.once("session", resolve));
    first.once("secureConnect", () => first.write(request));
    await node.next();
    const second = await talk(context, node, { ...options, session: await session });
    assert.equal(second.isSessionReused(), true);
    assert.equal((await node.next()).flow.peerCertificate?.subject, "CN=client");
  });
}

test("there is none without TLS", async (context) => {
  const node = await opened(context);
  for (const protocol of ["UDP", "TCP"] as const) {
    node.layer.sendTo(node.targetAt(node, protocol), request, node.onFailure);
    assert.equal((await node.next()).flow.peerCertificate, undefined);
  }
});
