import assert from "node:assert/strict";
import { test } from "node:test";
import type { Flow, TransportProtocol } from "./flow.ts";
import { datagramResponsePort, streamResponseTarget } from "./response-destination.ts";

function flow(protocol: TransportProtocol): Flow {
  return {
    interfaceName: "customers",
    connection: "TX1",
    protocol,
    localAddress: "192.0.2.1",
    localPort: 5060,
    remoteAddress: "198.51.100.7",
    remotePort: 40000,
    isReliable: protocol !== "UDP",
    isOpen: false,
    isSecure: protocol === "TLS",
    id: "x",
  };
}

function response(via: string): string {
  return `SIP/2.0 486 Busy Here\r\nVia: ${via}\r\n\r\n`;
}

const datagramPorts: [rule: string, text: string, port: number][] = [
  [
    "rport: the source port (RFC 3581 §4)",
    response("SIP/2.0/UDP a.test:5070;rport=40000;received=198.51.100.7"),
    40000,
  ],
  [
    "no rport: the sent-by port (RFC 3261 §18.2.2)",
    response("SIP/2.0/UDP a.test:5070;received=198.51.100.7"),
    5070,
  ],
  ["no rport, no port: 5060", response("SIP/2.0/UDP a.test"), 5060],
  ["no port at all: the source port", response("SIP/2.0/UDP a.test:0"), 40000],
  ["no Via: the source port", "SIP/2.0 486 Busy Here\r\n\r\n", 40000],
  ["a request: the source port", "BYE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a.test:5070\r\n\r\n", 40000],
];
for (const [rule, text, port] of datagramPorts) {
  test(`UDP response, ${rule}`, () => assert.equal(datagramResponsePort(flow("UDP"), text), port));
}

test("a response on a lost TCP connection goes to the source address and the sent-by port", () => {
  assert.deepEqual(streamResponseTarget(flow("TCP"), response("SIP/2.0/TCP a.test:5070;alias")), {
    interfaceName: "customers",
    connection: "TX1",
    protocol: "TCP",
    address: "198.51.100.7",
    port: 5070,
  });
});

test("a response on a lost TLS connection goes to 5061, verified by the name of the sent-by", () => {
  assert.deepEqual(streamResponseTarget(flow("TLS"), response("SIP/2.0/TLS a.test")), {
    interfaceName: "customers",
    connection: "TX1",
    protocol: "TLS",
    address: "198.51.100.7",
    port: 5061,
    serverName: "a.test",
  });
  for (const numeric of ["198.51.100.7", "[2001:db8::1]"]) {
    const target = streamResponseTarget(flow("TLS"), response(`SIP/2.0/TLS ${numeric}:5061`));
    assert.equal(target?.serverName, undefined);
  }
});

test("requests, UDP, and responses without a usable Via have no such way", () => {
  assert.equal(
    streamResponseTarget(flow("TCP"), "BYE sip:a SIP/2.0\r\nVia: SIP/2.0/TCP a:1\r\n\r\n"),
    undefined,
  );
  assert.equal(streamResponseTarget(flow("UDP"), response("SIP/2.0/UDP a:1")), undefined);
  assert.equal(streamResponseTarget(flow("TCP"), response("SIP/2.0/TCP a:0")), undefined);
  assert.equal(streamResponseTarget(flow("TCP"), "SIP/2.0 200 OK\r\n\r\n"), undefined);
});
