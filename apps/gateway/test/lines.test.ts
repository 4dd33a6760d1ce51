/** A real gateway on loopback, its customers behind private lines: sockets, media and failover as they are. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { SystemClock } from "@tandem/clock";
import type { GatewayConfiguration, Snapshot } from "@tandem/contracts";
import { UserspaceRelay } from "@tandem/media";
import type { DnsAnswer } from "@tandem/sip/locate";
import { parsedRequest, type RequestParts, request, responseTo } from "@tandem/sip/testing";
import { Gateway } from "../src/gateway.ts";
import { mediaInterface } from "../src/media-interface.ts";
import {
  connectionSid,
  exampleCarrier,
  exampleConnection,
  exampleGateway,
  exampleSnapshot,
  exampleTrunk,
  exampleUrl,
} from "../src/testing/example-snapshot.ts";
import { configurationOf } from "../src/testing/gateway-script.ts";
import { LedgerDouble } from "../src/testing/ledger-double.ts";
import { deadLine, lineReport } from "../src/testing/line-report.ts";
import { SipPeer, until } from "./sip-peer.ts";

const nothing = async (): Promise<DnsAnswer<never>> => ({ ok: false, code: "NXDOMAIN", ttlSeconds: 30 });
const [one, two] = [connectionSid(1), connectionSid(2)];
const number = "+15550001111";

interface Scene {
  readonly gateway: Gateway;
  readonly ledger: LedgerDouble;
  readonly carrier: SipPeer;
  /** Of the carriers' interface. */
  readonly carrierPort: number;
  /** Of the customers' interface, and so of every line. */
  readonly customerPort: number;
  readonly call: (callId: string) => void;
}

/** Gateway at 127.0.N.1 (customers) and .2 (carriers), the carrier at .99. */
async function scene(
  context: TestContext,
  network: number,
  lineAttribution: "kernel" | "address",
  snapshot: Partial<Snapshot>,
): Promise<Scene> {
  const clock = new SystemClock();
  const ledger = new LedgerDouble();
  const configuration: GatewayConfiguration = configurationOf({
    lineAttribution,
    interfaces: [
      { name: "customers", roles: ["private"], localAddress: `127.0.${network}.1`, udpPort: 0 },
      { name: "carriers", roles: ["carrier"], localAddress: `127.0.${network}.2`, udpPort: 0 },
    ],
    mediaPorts: { first: 30_000, last: 30_199 },
  });
  const relay = new UserspaceRelay({
    clock,
    interfaces: configuration.interfaces.map(mediaInterface),
    ports: configuration.mediaPorts,
    preboundEndpoints: 1,
  });
  const gateway = new Gateway({
    configuration,
    clock,
    resolver: { naptr: nothing, srv: nothing, a: nothing, aaaa: nothing },
    relay,
    ledger,
    tls: undefined,
    random: () => 0,
    onEvent: () => {},
  });
  const carrier = await SipPeer.open(`127.0.${network}.99`);
  context.after(async () => {
    gateway.endAllCalls();
    await gateway.close();
    await relay.close();
    await carrier.close();
    clock.close();
  });
  gateway.applySnapshot(
    exampleSnapshot({
      carriers: [carrierAt(carrier)],
      ...snapshot,
    }),
  );
  await gateway.open();
  await relay.open();
  const carrierPort = gateway.transport.sentBy("carriers", "UDP").port;
  const customerPort = gateway.transport.sentBy("customers", "UDP").port;
  const call = (callId: string): void =>
    carrier.send(
      invite(carrier, `sip:${number}@127.0.${network}.2`, callId),
      carrierPort,
      `127.0.${network}.2`,
    );
  return { gateway, ledger, carrier, carrierPort, customerPort, call };
}

function carrierAt({ address, port }: SipPeer): ReturnType<typeof exampleCarrier> {
  const gateways = [exampleGateway({ sipUrl: `sip:${address}:${port}` })];
  return exampleCarrier({ sourceNetworks: [`${address}/32`], gateways });
}

function sdp(address: string, port: number): string {
  return `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
}

const withSdp: RequestParts["headerFields"] = [["Content-Type", "application/sdp"]];

function invite(from: SipPeer, requestUri: string, callId: string): string {
  return request("INVITE", {
    requestUri,
    callId,
    branch: `z9hG4bK-${callId}`,
    from: "<sip:+442071838750@bigtel.example>",
    sentBy: `${from.address}:${from.port}`,
    contact: `<sip:${from.address}:${from.port}>`,
    headerFields: withSdp ?? [],
    body: sdp(from.address, 4000),
  });
}

async function peer(context: TestContext, address: string, port = 0): Promise<SipPeer> {
  const opened = await SipPeer.open(address, port);
  context.after(() => opened.close());
  return opened;
}

const origination = (...sipUrls: readonly string[]): Partial<Snapshot> => ({
  trunks: [
    exampleTrunk({
      originationUrls: sipUrls.map((sipUrl, index) =>
        exampleUrl({ sid: `OU${index}`, sipUrl, priority: index }),
      ),
    }),
  ],
});

test("address: calls in and out are of the line whose routes hold the customer, media included", async (context) => {
  const first = await peer(context, "127.0.162.17");
  const second = await peer(context, "127.0.162.33");
  const { gateway, ledger, carrier, call, customerPort } = await scene(context, 162, "address", {
    connections: [
      exampleConnection(1, { routes: ["127.0.162.16/28"] }),
      exampleConnection(2, { routes: ["127.0.162.32/28"] }),
    ],
    ipAccessControlLists: [{ sid: "AL1", networks: ["127.0.162.0/24"], connectionSid: two }],
    ...origination(
      `sip:127.0.162.77:5080;edge=ashburn-ix`,
      `sip:${second.address}:${second.port};edge=ashburn-ix`,
    ),
  });
  call("out-1");
  const received = await second.next("INVITE");
  assert.equal(received.from.address, "127.0.162.1");
  second.reply(
    received,
    responseTo(received.text, 200, {
      toTag: "second",
      contact: `<sip:${second.address}:${second.port}>`,
      headerFields: withSdp ?? [],
      body: sdp(second.address, 4002),
    }),
  );
  const ok = await carrier.next("SIP/2.0 200", "out-1");
  assert.match(ok.text, /c=IN IP4 127\.0\.162\.2\r\n/);
  assert.match(parsedRequest(received.text).body, /c=IN IP4 127\.0\.162\.1\r\n/);
  await second.next("ACK");
  gateway.endAllCalls();
  await until("the record is there", () => ledger.records.length === 1);
  assert.deepEqual(
    ledger.records[0]?.attempts.map(({ result, connection, reason }) => [result, connection, reason?.code]),
    [
      ["skipped", null, 90241],
      ["answered", two, undefined],
    ],
  );
  // The access control list is bound to the second line: the first's customer is refused.
  const host = "sip:+15557654321@acme.pstn.tandem.test";
  first.send(invite(first, host, "in-1"), customerPort, "127.0.162.1");
  await first.next("SIP/2.0 403");
  second.send(invite(second, host, "in-2"), customerPort, "127.0.162.1");
  await second.next("SIP/2.0 100", "in-2");
  gateway.endAllCalls();
  await until("the second record is there", () => ledger.records.length === 2);
  assert.deepEqual(
    [ledger.records[1]?.ingressConnection, ledger.records[1]?.ingressInterface],
    [two, "customers"],
  );
});

test("kernel: tnx leaves by the sockets of its line; when that dies the call is elsewhere in less than a second", async (context) => {
  const sbc = await peer(context, "127.0.163.17");
  const { gateway, ledger, call, customerPort } = await scene(context, 163, "kernel", {
    connections: [
      exampleConnection(1, { localAddress: "127.0.163.101", routes: ["127.0.163.16/28"] }),
      exampleConnection(2, { localAddress: "127.0.163.102", routes: ["127.0.163.16/28"] }),
    ],
    ...origination(`sip:127.0.163.17:${sbc.port};tnx=${two}`, `sip:127.0.163.17:${sbc.port};tnx=${one}`),
  });
  gateway.lines.onAgent([lineReport(one), lineReport(two)]);
  call("out-1");
  const bySecond = await sbc.next("INVITE");
  assert.deepEqual([bySecond.from.address, bySecond.from.port], ["127.0.163.102", customerPort]);
  assert.match(
    parsedRequest(bySecond.text).body,
    /c=IN IP4 127\.0\.163\.1\r\n/,
    "shown as the private interface",
  );
  const diedMs = performance.now();
  gateway.lines.onAgent([lineReport(one), deadLine(two)]);
  const byFirst = await sbc.next("INVITE");
  const tookMs = performance.now() - diedMs;
  assert.equal(byFirst.from.address, "127.0.163.101");
  assert.ok(tookMs < 1000, `${tookMs} ms`);
  gateway.endAllCalls();
  await until("the record is there", () => ledger.records.length === 1);
  assert.deepEqual(
    ledger.records[0]?.attempts.map(({ connection, interface: by }) => [connection, by]),
    [
      [two, `customers/${two}`],
      [one, `customers/${one}`],
    ],
  );
});

test("kernel: a line comes and goes while the gateway runs; its sockets are those of its address", async (context) => {
  const lines = [1, 2].map((digit) =>
    exampleConnection(digit, { localAddress: `127.0.164.10${digit}`, routes: ["127.0.164.16/28"] }),
  );
  const { gateway } = await scene(context, 164, "kernel", { connections: lines.slice(0, 1) });
  assert.equal((gateway.transport.counts() as { udpSockets: number }).udpSockets, 3);
  const { table } = gateway.snapshots;
  assert.ok(table !== undefined);
  gateway.applySnapshot({ ...table.document(), version: 8, connections: lines });
  await until(
    "the second line is bound",
    () => gateway.lines.interfaceByName(`customers/${two}`) !== undefined,
  );
  const inTheWay = await SipPeer.open("127.0.164.103", gateway.transport.sentBy("customers", "UDP").port);
  const third = exampleConnection(3, { localAddress: "127.0.164.103" });
  gateway.applySnapshot({ ...table.document(), version: 9, connections: [...lines, third] });
  await until("the third can't be bound", () => gateway.state().connections[2]?.state === "unprovisioned");
  assert.match(gateway.state().connections[2]?.reason ?? "", /^127\.0\.164\.103: EADDRINUSE$/);
  await inTheWay.close();
  await until("it is tried again", () => gateway.state().connections[2]?.state !== "unprovisioned");
});
