import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumKeptFlows, UdpFlows } from "./udp-flows.ts";
import type { UdpSocket } from "./udp-socket.ts";

const socket = { interfaceName: "public", localAddress: "192.0.2.1", localPort: 5060 } as UdpSocket;

test("datagrams between the same two ends share one flow, and only those", () => {
  const flows = new UdpFlows(socket);
  const first = flows.from("TX1", "192.0.2.7", 5060);
  assert.equal(flows.from("TX1", "192.0.2.7", 5060), first);
  const { socket: own, connection, remoteAddress, remotePort } = first;
  assert.deepEqual([own, connection, remoteAddress, remotePort], [socket, "TX1", "192.0.2.7", 5060]);
  for (const other of [
    flows.from("TX1", "192.0.2.7", 5062),
    flows.from("TX1", "192.0.2.8", 5060),
    flows.from("TX2", "192.0.2.8", 5060),
    flows.from(undefined, "192.0.2.8", 5060),
  ]) {
    assert.notEqual(other, first);
  }
  const last = flows.from(undefined, "192.0.2.8", 5060);
  assert.deepEqual([last.connection, last.remoteAddress, last.remotePort], [undefined, "192.0.2.8", 5060]);
});

test("not more flows are kept than the limit", () => {
  const flows = new UdpFlows(socket);
  for (let port = 1; port <= maximumKeptFlows; port++) flows.from(undefined, "192.0.2.7", port);
  assert.equal(flows.size, maximumKeptFlows);
  // Another address at a known port takes its place.
  flows.from(undefined, "192.0.2.8", 1);
  assert.equal(flows.size, maximumKeptFlows);
  const beyond = flows.from(undefined, "192.0.2.7", maximumKeptFlows + 1);
  assert.equal(beyond.remotePort, maximumKeptFlows + 1);
  assert.equal(flows.size, 1);
});
