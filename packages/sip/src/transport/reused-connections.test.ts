/** Requests on connections that peers have opened (RFC 5923). */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, type TestContext, test } from "node:test";
import { connect } from "node:tls";
import { HandClock } from "@tandem/clock/testing";
import type { Flow } from "./flow.ts";
import { makeTestCertificate } from "./testing/test-certificate.ts";
import { BareClient, loopback, TestNode, until } from "./testing/test-node.ts";
import type { TlsKeyPair, TlsOptions } from "./tls-options.ts";

const dayMs = 86_400_000;
let server: TlsKeyPair;
let authority: TlsKeyPair;
/** Issued by that authority, for pbx.test. */
let known: TlsKeyPair;
/** For pbx.test too, by a certificate that is no authority's. */
let forged: TlsKeyPair;
/** For pbx.test too, by itself. */
let unknown: TlsKeyPair;
let issuedMs: number;

before(async () => {
  [server, authority, unknown] = await Promise.all([
    makeTestCertificate("server", "DNS:server.test"),
    makeTestCertificate("authority", "DNS:authority.test"),
    makeTestCertificate("pbx", "DNS:pbx.test"),
  ]);
  known = await makeTestCertificate("pbx", "URI:sip:pbx.test", authority);
  forged = await makeTestCertificate("pbx", "DNS:pbx.test", known);
  issuedMs = new X509Certificate(known.certificate).validFromDate.getTime();
});

function request(name: string, via: string): string {
  return `OPTIONS sip:${name} SIP/2.0\r\nVia: ${via}\r\nContent-Length: 0\r\n\r\n`;
}

function response(via: string): string {
  return `SIP/2.0 200 OK\r\nVia: ${via}\r\nTo: x\r\nContent-Length: 0\r\n\r\n`;
}

/** A node on which an alias over TCP counts, unless the test says otherwise. */
async function overTcp(context: TestContext, tcpConnectionReuse?: boolean): Promise<TestNode> {
  const node = new TestNode([{ ...loopback("TCP"), tcpConnectionReuse }]);
  await node.layer.open();
  context.after(() => node.layer.close());
  return node;
}

function client(context: TestContext, node: TestNode): BareClient {
  const bare = new BareClient(node.port("TCP"));
  context.after(() => bare.close());
  return bare;
}

/** What a request to this port leaves on; there is nobody at it. */
function flowTo(node: TestNode, protocol: "TCP" | "TLS", more: object = {}): Flow | undefined {
  const target = { interfaceName: "one", connection: undefined, protocol, address: "127.0.0.1", port: 5999 };
  return node.layer.sendTo({ ...target, ...more }, request("back", `SIP/2.0/${protocol} h`), () => undefined);
}

test("TCP: an alias is not heeded unless the interface says so: nothing proves who says it", async (context) => {
  for (const tcpConnectionReuse of [undefined, false, true]) {
    const node = await overTcp(context, tcpConnectionReuse);
    const bare = client(context, node);
    bare.send(request("alias", "SIP/2.0/TCP 127.0.0.1:5999;alias"));
    const { flow } = await node.next();
    assert.equal(flowTo(node, "TCP") === flow, tcpConnectionReuse === true, String(tcpConnectionReuse));
    const answer = response("SIP/2.0/TCP 127.0.0.1:5999;alias");
    node.layer.sendOn(flow, answer, node.onFailure);
    await until("the response comes back on it all the same", () => bare.received.includes(answer));
  }
});

test("requests go back on the accepted connection only when the peer's Via says so", async (context) => {
  const node = await overTcp(context, true);
  const other = await overTcp(context);
  const port = other.port("TCP");
  const target = node.targetAt(other, "TCP");
  const bare = client(context, node);
  bare.send(request("plain", `SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bK1`));
  const { flow } = await node.next();
  const own = node.layer.sendTo(target, request("own", "SIP/2.0/TCP h"), node.onFailure);
  assert.notEqual(own, flow);
  await other.next();
  await other.layer.close();
  await until("that is closed", () => own?.isOpen === false);

  bare.send(response(`SIP/2.0/TCP 127.0.0.1:${port};alias`));
  bare.send(request("alias", `SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bK2;alias`));
  await node.next();
  await node.next();
  const back = request("back", "SIP/2.0/TCP h");
  assert.equal(node.layer.sendTo(target, back, node.onFailure), flow);
  await until("the request is there", () => bare.received === back);
  assert.notEqual(flowTo(node, "TCP", { port: port === 1 ? 2 : port - 1 }), flow);
  assert.notEqual(flowTo(node, "TCP", { port, connection: "TX1" }), flow);
  bare.close();
  await until("the flow is closed", () => !flow.isOpen);
  assert.notEqual(node.layer.sendTo(target, back, node.onFailure), flow);
  assert.equal(await node.nextFailure(), "connection-refused");
});

test("an alias said again by a newer connection is the newer one's, whichever closes", async (context) => {
  const alias = request("alias", "SIP/2.0/TCP 127.0.0.1:5999;alias");
  for (const closes of ["older", "newer"] as const) {
    const node = await overTcp(context, true);
    const [older, newer] = [client(context, node), client(context, node)];
    older.send(alias);
    const olderFlow = (await node.next()).flow;
    newer.send(alias);
    const newerFlow = (await node.next()).flow;
    assert.equal(flowTo(node, "TCP"), newerFlow);
    const [gone, left] = closes === "older" ? [olderFlow, newerFlow] : [newerFlow, olderFlow];
    (closes === "older" ? older : newer).close();
    await until("it is closed", () => !gone.isOpen);
    assert.equal(flowTo(node, "TCP"), left);
  }
});

test("an alias without port is that of the default port", async (context) => {
  const node = await overTcp(context, true);
  client(context, node).send(request("alias", "SIP/2.0/TCP 127.0.0.1;alias"));
  const { flow } = await node.next();
  assert.equal(flowTo(node, "TCP", { port: 5060 }), flow);
});

async function overTls(context: TestContext, more: Partial<TlsOptions> = {}): Promise<TestNode> {
  const tls = tlsOptions(more);
  const clock = new HandClock({ wallMs: issuedMs + dayMs });
  const node = new TestNode([loopback("TLS")], { tls, clock });
  await node.layer.open();
  context.after(() => node.layer.close());
  return Object.assign(node, { clock });
}

function tlsOptions(more: Partial<TlsOptions> = {}): TlsOptions {
  return { certificates: [{ ...server, serverNames: [] }], authorities: authority.certificate, ...more };
}

/** A client that shows this certificate and says `alias`. */
async function alias(context: TestContext, node: TestNode, shown: TlsKeyPair | undefined): Promise<Flow> {
  const pair = shown === undefined ? {} : { cert: shown.certificate, key: shown.key };
  const socket = connect({ port: node.port("TLS"), host: "127.0.0.1", rejectUnauthorized: false, ...pair });
  context.after(() => socket.destroy());
  socket.on("error", () => undefined);
  socket.write(request("alias", "SIP/2.0/TLS 127.0.0.1:5999;alias"));
  return (await node.next()).flow;
}

test("TLS: to whom the certificate names, by the authorities of servers, and to nobody else", async (context) => {
  for (const verifyPeers of [true, false]) {
    const node = await overTls(context, { verifyPeers });
    const flow = await alias(context, node, known);
    assert.equal(flowTo(node, "TLS", { serverName: "pbx.test" }), flow);
    assert.notEqual(flowTo(node, "TLS", { serverName: "other.test" }), flow);
    assert.notEqual(flowTo(node, "TLS"), flow, "nor to the address");
  }
});

test("TLS: whoever shows none, or one that nobody knows, gets no requests", async (context) => {
  for (const shown of [undefined, unknown, forged] as const) {
    const node = await overTls(context, { authorities: authority.certificate + known.certificate });
    const flow = await alias(context, node, shown);
    assert.notEqual(flowTo(node, "TLS", { serverName: "pbx.test" }), flow);
  }
  const trusting = await overTls(context, { authorities: undefined, verifyPeers: false });
  const flow = await alias(context, trusting, known);
  assert.notEqual(flowTo(trusting, "TLS", { serverName: "pbx.test" }), flow, "without authorities of ours");
});

test("TLS: a newer one of somebody else at the same address takes nothing away", async (context) => {
  const node = await overTls(context);
  const flow = await alias(context, node, known);
  await alias(context, node, unknown);
  assert.equal(flowTo(node, "TLS", { serverName: "pbx.test" }), flow);
});

test("TLS: a certificate counts while it is valid, however long the connection lasts", async (context) => {
  const node = await overTls(context);
  const flow = await alias(context, node, known);
  const { validToDate } = new X509Certificate(known.certificate);
  const shift = (toMs: number) => node.clock.setWall(toMs - node.clock.wallMs());
  const used = (toMs: number) => {
    shift(toMs);
    return flowTo(node, "TLS", { serverName: "pbx.test" }) === flow;
  };
  // A refused one dials, and what was dialled is found first: the good moments come before.
  assert.deepEqual([used(issuedMs), used(validToDate.getTime())], [true, true]);
  assert.equal(used(validToDate.getTime() + 1), false);
  const early = await overTls(context);
  const other = await alias(context, early, known);
  early.clock.setWall(issuedMs - 1 - early.clock.wallMs());
  assert.notEqual(flowTo(early, "TLS", { serverName: "pbx.test" }), other);
});

test("TLS: authorities that are taken away are trusted no longer", async (context) => {
  const node = await overTls(context);
  const flow = await alias(context, node, known);
  assert.equal(flowTo(node, "TLS", { serverName: "pbx.test" }), flow);
  node.layer.reloadTls(tlsOptions({ authorities: server.certificate }));
  assert.notEqual(flowTo(node, "TLS", { serverName: "pbx.test" }), flow);
});
