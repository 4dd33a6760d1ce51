import assert from "node:assert/strict";
import { test } from "node:test";
import { HandClock } from "@tandem/clock/testing";
import type { InterfaceConfiguration, Snapshot } from "@tandem/contracts";
import { RelayDouble } from "@tandem/media/testing";
import { RoutingTable } from "@tandem/routing";
import { connectionSid, exampleConnection, exampleSnapshot } from "../testing/example-snapshot.ts";
import { configurationOf } from "../testing/gateway-script.ts";
import { deadLine, lineReport } from "../testing/line-report.ts";
import { TransportDouble } from "../testing/transport-double.ts";
import { lineInterface } from "./line-interface.ts";
import { Lines } from "./lines.ts";

const shared: InterfaceConfiguration = {
  name: "customers",
  roles: ["private", "carrier"],
  localAddress: "10.0.0.4",
  advertisedAddress: "203.0.113.64",
  udpPort: 0,
  tcpPort: 0,
};

const table = (...connections: Snapshot["connections"]): RoutingTable =>
  RoutingTable.from(exampleSnapshot({ connections }));

function script(lineAttribution: "kernel" | "address" = "kernel", interfaces = [shared]) {
  const clock = new HandClock();
  const transport = new TransportDouble();
  transport.sentByPorts.UDP = 15_060;
  transport.sentByPorts.TCP = 15_061;
  const relay = new RelayDouble();
  const events: string[] = [];
  const changes: string[] = [];
  const lines = new Lines({
    clock,
    configuration: configurationOf({ lineAttribution, interfaces: [...interfaces] }),
    transport,
    relay,
    isInUse: () => false,
    onChange: ({ sid, after }, connection) =>
      changes.push(`${sid === connection?.sid ? connection.friendlyName : sid} ${after}`),
    onEvent: (event) => events.push(event),
  });
  return { clock, transport, relay, lines, events, changes };
}

const first = exampleConnection(1);

test("nothing is bound before the transport is open; then all lines at once", async () => {
  const { lines, transport } = script();
  lines.apply(table(first));
  assert.equal(transport.added.size, 0);
  assert.equal(lines.interfaceOf(first), undefined);
  await lines.open(new Set());
  const bound = lines.interfaceOf(first);
  assert.deepEqual(bound, {
    name: `customers/${connectionSid(1)}`,
    roles: ["private"],
    localAddress: "100.127.0.1",
    advertisedAddress: "203.0.113.64",
    advertisedMediaAddress: "203.0.113.64",
    mediaDevice: "line1",
    mediaWireAddress: "203.0.113.64",
    udpPort: 15_060,
    tcpPort: 15_061,
  });
  assert.equal(lines.interfaceByName(bound.name), bound);
  assert.deepEqual(transport.added.get(bound.name)?.udpPort, 15_060);
});

test("media of a line are shown as those of the private interface", () => {
  const ports = { udpPort: 5060 };
  const rows: readonly (readonly [Partial<InterfaceConfiguration>, string, string])[] = [
    [{}, "203.0.113.64", "203.0.113.64"],
    [{ mediaAddress: "10.0.0.5" }, "203.0.113.64", "10.0.0.5"],
    [{ mediaAddress: "10.0.0.5", advertisedMediaAddress: "203.0.113.65" }, "203.0.113.64", "203.0.113.65"],
  ];
  for (const [changes, signaling, media] of rows) {
    const made = lineInterface({ ...shared, ...changes }, ports, first);
    assert.deepEqual([made.advertisedAddress, made.advertisedMediaAddress], [signaling, media]);
    assert.equal(made.mediaAddress, undefined, "bound to the line's address");
  }
  const { advertisedAddress: _left, ...bare } = shared;
  assert.equal(lineInterface(bare, ports, first).advertisedAddress, "10.0.0.4");
});

test("what holds for signaling of the private interface holds on its lines", () => {
  const made = lineInterface({ ...shared, signalingDscp: 0, tcpConnectionReuse: true }, {}, first);
  assert.deepEqual([made.signalingDscp, made.tcpConnectionReuse], [0, true]);
});

test("with kernel attribution the private interface keeps its other roles only", () => {
  assert.deepEqual(script("kernel").lines.interfaceByName("customers")?.roles, ["carrier"]);
  assert.deepEqual(script("address").lines.interfaceByName("customers")?.roles, ["private", "carrier"]);
});

test("with address attribution all lines share the private interface, those of another edge have none", () => {
  const { lines } = script("address");
  lines.apply(table(first));
  assert.equal(lines.interfaceOf(first)?.name, "customers");
  assert.equal(lines.interfaceOf(exampleConnection(2, { edge: "san-jose-ix" })), undefined);
  assert.equal(script("address", []).lines.interfaceOf(first), undefined);
});

test("lines of calls that go on are bound whatever their status", async () => {
  const { lines, transport } = script();
  const inactive = exampleConnection(2, { status: "pending-deletion" });
  lines.apply(table(first, inactive, exampleConnection(3, { status: "inactive" })));
  await lines.open(new Set([inactive.sid]));
  assert.deepEqual(
    [...transport.added.keys()],
    [`customers/${connectionSid(1)}`, `customers/${connectionSid(2)}`],
  );
});

test("the agent's word moves the health of the line, and unbound lines are tried at once", async () => {
  const { lines, transport, changes } = script();
  transport.missingAddresses.add("100.127.0.1");
  lines.apply(table(first));
  await lines.open(new Set());
  assert.deepEqual(changes, ["line 1 unprovisioned"]);
  assert.equal(lines.objectionTo(first.sid)?.mayBeTried, false);
  transport.missingAddresses.clear();
  lines.onAgent([lineReport(first.sid)]);
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  assert.deepEqual(changes, ["line 1 unprovisioned", "line 1 up"]);
  let told = 0;
  lines.onHealthChange = () => (told += 1);
  lines.onAgent([deadLine(first.sid)]);
  assert.equal(changes.at(-1), "line 1 down");
  assert.equal(told, 1);
  lines.onAgent([deadLine(first.sid)]);
  assert.equal(told, 1, "nothing new");
});

test("which line: by the interface with kernel attribution, whatever the address; by the address otherwise", async () => {
  const kernel = script("kernel");
  kernel.lines.apply(table(first));
  await kernel.lines.open(new Set());
  assert.equal(kernel.lines.connectionOf("192.0.2.1", `customers/${first.sid}`), first.sid);
  assert.equal(kernel.lines.connectionOf("172.56.42.1", "customers"), undefined);
  const byAddress = script("address");
  assert.equal(byAddress.lines.connectionOf("172.56.42.1", "customers"), undefined, "no snapshot yet");
  byAddress.lines.apply(table(first));
  assert.equal(byAddress.lines.connectionOf("172.56.42.1", "customers"), first.sid);
  assert.equal(byAddress.lines.connectionOf("172.56.42.1", "elsewhere"), undefined);
});

test("lines that overlap are told once for each snapshot", () => {
  const { lines, events } = script("address");
  const overlapping = table(first, exampleConnection(2));
  lines.apply(overlapping);
  for (let times = 0; times < 3; times += 1) lines.connectionOf("172.56.42.1", "customers");
  assert.deepEqual(events, ["lines-overlap"]);
  lines.apply(overlapping);
  lines.connectionOf("172.56.42.1", "customers");
  assert.equal(events.length, 2);
});

test("two routes of one line are no overlap", () => {
  const { lines, events } = script("address");
  lines.apply(table(exampleConnection(1, { routes: ["172.56.42.0/24", "172.56.42.128/25"] })));
  assert.equal(lines.connectionOf("172.56.42.129", "customers"), first.sid);
  assert.deepEqual(events, []);
});

test("the interface of the line that leads to an address, where lines have interfaces", async () => {
  const { lines } = script("kernel");
  lines.apply(table(first));
  assert.equal(lines.interfaceAt("172.56.42.1"), undefined);
  await lines.open(new Set());
  assert.equal(lines.interfaceAt("172.56.42.1")?.name, `customers/${first.sid}`);
  assert.equal(lines.interfaceAt("192.0.2.1"), undefined);
  const shares = script("address").lines;
  shares.apply(table(first));
  assert.equal(shares.interfaceAt("172.56.42.1"), undefined);
});

test("snapshots in quick succession: the line of the last one is known by its name from the first packet on", async () => {
  const { lines, transport, changes } = script();
  await lines.open(new Set());
  for (const connections of [[], [exampleConnection(1)], [], [exampleConnection(1)]]) {
    lines.apply(table(...connections));
  }
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  assert.equal(lines.connectionOf("192.0.2.1", `customers/${first.sid}`), first.sid);
  assert.notEqual(lines.health.describe()[0]?.state, "unprovisioned");
  assert.equal(transport.added.size, 1);
  assert.equal(changes.length, 0);
});
