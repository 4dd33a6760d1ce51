import assert from "node:assert/strict";
import { before, type TestContext, test } from "node:test";
import { connect, createServer, type TlsOptions as ServerOptions, type TLSSocket } from "node:tls";
import { makeTestCertificate } from "./testing/test-certificate.ts";
import { BareClient, loopback, TestNode, until } from "./testing/test-node.ts";
import type { TlsKeyPair, TlsOptions } from "./tls-options.ts";
import type { TransportLimits } from "./transport-limits.ts";

let a: TlsKeyPair;
let b: TlsKeyPair;
let wildcard: TlsKeyPair;
let addressed: TlsKeyPair;
let authorities: string;

before(async () => {
  [a, b, wildcard, addressed] = await Promise.all([
    makeTestCertificate("a.test", "DNS:a.test"),
    makeTestCertificate("b.test", "URI:sip:b.test"),
    makeTestCertificate("wild.test", "DNS:*.wild.test"),
    makeTestCertificate("addressed", "IP:127.0.0.1"),
  ]);
  authorities = [a, b, wildcard, addressed].map(({ certificate }) => certificate).join("\n");
});

function options(more: Partial<TlsOptions> = {}): TlsOptions {
  const certificates = [
    { ...a, serverNames: ["a.test"] },
    { ...b, serverNames: ["b.test"] },
    { ...wildcard, serverNames: ["*.wild.test"] },
  ];
  return { certificates, authorities, ...more };
}

async function opened(
  context: TestContext,
  tls = options(),
  limits: Partial<TransportLimits> = {},
): Promise<TestNode> {
  const node = new TestNode([loopback("UDP", "TCP", "TLS")], { tls, limits });
  await node.layer.open();
  context.after(() => node.layer.close());
  return node;
}

const request =
  "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:1;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n";

/** A handshake made by node:tls itself; resolves with the name on the certificate it got, or the error's code. */
async function handshake(
  context: TestContext,
  node: TestNode,
  more: object,
): Promise<{ socket: TLSSocket; got: string }> {
  const socket = connect({ port: node.port("TLS"), host: "127.0.0.1", rejectUnauthorized: false, ...more });
  context.after(() => socket.destroy());
  const got = await new Promise<string>((resolve) => {
    socket.once("secureConnect", () => resolve(String(socket.getPeerCertificate().subject.CN)));
    socket.once("error", (error) => resolve("code" in error ? String(error.code) : error.message));
  });
  return { socket, got };
}

test("a request and its response over TLS, on one connection", async (context) => {
  const client = await opened(context);
  const server = await opened(context);
  const target = client.targetAt(server, "TLS", { serverName: "a.test" });
  const out = client.layer.sendTo(target, request, client.onFailure);
  assert.equal(client.layer.sendTo(target, request, client.onFailure), out);
  const { text, flow } = await server.next();
  assert.equal(text, request);
  assert.deepEqual([flow.protocol, flow.isSecure, flow.isReliable], ["TLS", true, true]);
  assert.deepEqual([flow.localPort, flow.remotePort], [server.port("TLS"), out?.localPort]);
  assert.equal((await server.next()).flow, flow);
  server.layer.sendOn(flow, "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", server.onFailure);
  assert.equal((await client.next()).flow, out);
  assert.deepEqual(server.asked, ["127.0.0.1 one TLS"]);
  assert.deepEqual(client.failures, []);
});

const names: [servername: string | undefined, got: string][] = [
  ["a.test", "a.test"],
  ["b.test", "b.test"],
  ["x.wild.test", "wild.test"],
  ["x.y.wild.test", "a.test"],
  ["unknown.test", "a.test"],
  [undefined, "a.test"],
];
for (const [servername, got] of names) {
  test(`SNI ${servername} gets the certificate of ${got}`, async (context) => {
    const node = await opened(context);
    assert.equal((await handshake(context, node, servername === undefined ? {} : { servername })).got, got);
  });
}

test("TLS 1.2 is spoken, 1.1 is not, in both directions", async (context) => {
  const node = await opened(context, options({ verifyPeers: false }));
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const refused = await handshake(context, node, old);
  // The version itself is refused, not a weak cipher of it.
  assert.equal(refused.got, "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  const spoken = await handshake(context, node, { maxVersion: "TLSv1.2" });
  assert.deepEqual([spoken.got, spoken.socket.getProtocol()], ["a.test", "TLSv1.2"]);
  const server = await listening(context, old);
  node.layer.sendTo({ ...node.targetAt(node, "TLS"), port: server }, request, node.onFailure);
  assert.equal(await node.nextFailure(), "tls-handshake-failed");
});

/** A TLS server of node:tls itself; returns its port. */
async function listening(
  context: TestContext,
  more: ServerOptions,
  onSecure: (socket: TLSSocket) => void = () => {},
): Promise<number> {
  const server = createServer({ cert: a.certificate, key: a.key, ...more }, onSecure);
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

const verdicts: [
  what: string,
  serverName: string | undefined,
  tls: Partial<TlsOptions>,
  failure: string | undefined,
][] = [
  ["right name", "a.test", {}, undefined],
  ["right name in a SIP URI (RFC 5922)", "b.test", {}, undefined],
  ["wildcard", "x.wild.test", {}, undefined],
  ["wrong name", "c.test", {}, "certificate-name-mismatch"],
  ["no name: the address counts", undefined, {}, "certificate-name-mismatch"],
  ["untrusted", "a.test", { authorities: undefined }, "certificate-untrusted"],
  ["wrong name, not verified", "c.test", { verifyPeers: false }, undefined],
  ["untrusted, not verified", "a.test", { authorities: undefined, verifyPeers: false }, undefined],
];
for (const [what, serverName, tls, failure] of verdicts) {
  test(`outgoing, ${what}: ${failure ?? "sent"}`, async (context) => {
    const server = await opened(context);
    const client = await opened(context, options(tls));
    const target = client.targetAt(server, "TLS", serverName === undefined ? {} : { serverName });
    client.layer.sendTo(target, request, client.onFailure);
    if (failure === undefined) assert.equal((await server.next()).text, request);
    else assert.equal(await client.nextFailure(), failure);
    assert.equal(server.messages.length, 0);
  });
}

test("an address as name is verified as an address, and not sent as SNI", async (context) => {
  const server = await opened(context, options({ certificates: [{ ...addressed, serverNames: ["x"] }] }));
  const client = await opened(context);
  client.layer.sendTo(client.targetAt(server, "TLS", { serverName: "127.0.0.1" }), request, client.onFailure);
  assert.equal((await server.next()).text, request);
  client.layer.sendTo(client.targetAt(server, "TLS"), request, client.onFailure);
  assert.equal((await server.next()).text, request);
  client.layer.sendTo(client.targetAt(server, "TLS", { serverName: "127.0.0.2" }), request, client.onFailure);
  assert.equal(await client.nextFailure(), "certificate-name-mismatch");
});

test("the client certificate is shown to a server that asks", async (context) => {
  const shown: string[] = [];
  const port = await listening(context, { requestCert: true, rejectUnauthorized: false }, (socket) => {
    const { subject } = socket.getPeerCertificate();
    shown.push(String(subject?.CN));
    socket.on("error", () => {});
    context.after(() => socket.destroy());
  });
  for (const clientCertificate of [b, undefined]) {
    const client = await opened(context, options({ clientCertificate }));
    const target = { ...client.targetAt(client, "TLS", { serverName: "a.test" }), port };
    client.layer.sendTo(target, request, client.onFailure);
    await until("the server has seen it", () => shown.length === (clientCertificate === undefined ? 2 : 1));
  }
  assert.deepEqual(shown, ["b.test", "undefined"]);
});

test("reload: old connections stay usable, new handshakes get the new certificate", async (context) => {
  const node = await opened(context);
  const old = await handshake(context, node, { servername: "a.test" });
  assert.equal(old.got, "a.test");
  const renewed = await makeTestCertificate("renewed", "DNS:a.test");
  node.layer.reloadTls(options({ certificates: [{ ...renewed, serverNames: ["a.test"] }] }));
  assert.equal((await handshake(context, node, { servername: "a.test" })).got, "renewed");
  assert.equal((await handshake(context, node, {})).got, "renewed");
  old.socket.write(request);
  assert.equal((await node.next()).text, request);
});

test("reload: new outgoing handshakes are verified by the new authorities", async (context) => {
  const server = await opened(context);
  const client = await opened(context);
  const target = client.targetAt(server, "TLS", { serverName: "a.test" });
  const flow = client.layer.sendTo(target, request, client.onFailure);
  await server.next();
  client.layer.reloadTls(options({ authorities: b.certificate }));
  assert.equal(client.layer.sendTo(target, request, client.onFailure), flow);
  await server.next();
  client.layer.sendTo({ ...target, connection: "TX1" }, request, client.onFailure);
  assert.equal(await client.nextFailure(), "certificate-untrusted");
});

test("a bad reload throws and changes nothing", async (context) => {
  const node = await opened(context);
  const broken = { certificate: "no", key: "no", serverNames: [] };
  assert.throws(() => node.layer.reloadTls(options({ certificates: [broken] })));
  assert.throws(() => node.layer.reloadTls(options({ certificates: [] })), /must bring a certificate/);
  assert.equal((await handshake(context, node, { servername: "b.test" })).got, "b.test");
});

test("a TLS port without certificate is a fault", () => {
  assert.throws(() => new TestNode([loopback("TLS")]), /no certificate/);
  assert.throws(() => new TestNode([loopback("TLS")], { tls: { certificates: [] } }), /no certificate/);
});

test("a peer that does not shake hands is closed in time, in both directions", async (context) => {
  const node = await opened(context, options(), { handshakeTimeoutMs: 4000 });
  const mute = new BareClient(node.port("TLS"));
  await until("it is accepted", () => node.layer.counts().pending === 1);
  node.clock.advance(3999);
  assert.equal(node.layer.counts().pending, 1);
  node.clock.advance(1);
  await until("it is closed", () => mute.isClosed);
  assert.deepEqual([mute.received, node.layer.counts().connections], ["", 0]);

  const plain = new TestNode([loopback("TCP")]);
  await plain.layer.open();
  context.after(() => plain.layer.close());
  const target = { ...node.targetAt(node, "TLS", { serverName: "a.test" }), port: plain.port("TCP") };
  const flow = node.layer.sendTo(target, request, node.onFailure);
  await until("it is connected", () => flow?.localPort !== 0);
  node.clock.advance(4000);
  assert.equal(await node.nextFailure(), "handshake-timeout");
  assert.equal(node.clock.pendingTimers, 0);
});

test("plain text to the TLS port ends the connection and nothing else", async (context) => {
  const node = await opened(context);
  const bare = new BareClient(node.port("TLS"));
  bare.send(request);
  await until("it is closed", () => bare.isClosed);
  await until("it is forgotten", () => node.layer.counts().connections === 0);
  assert.deepEqual([node.messages, node.closedFlows], [[], []]);
  assert.equal((await handshake(context, node, {})).got, "a.test");
});

test("a stranger gets no byte of a handshake", async (context) => {
  const node = await opened(context);
  node.doesAccept = false;
  assert.equal((await handshake(context, node, {})).got, "ECONNRESET");
  assert.equal(node.layer.counts().refusedConnections, 1);
});
