import assert from "node:assert/strict";
import { test } from "node:test";
import {
  defaultPort,
  findTopVia,
  hasViaParameter,
  sentByHost,
  sentByPort,
  type TopVia,
  wantsSymmetricResponse,
} from "./top-via.ts";

function found(text: string): TopVia {
  const via = findTopVia(text);
  assert.ok(via !== undefined);
  return via;
}

function response(via: string): string {
  return `SIP/2.0 200 OK\r\n${via}\r\nVia: SIP/2.0/TLS second.test:7;alias\r\nCSeq: 1 INVITE\r\n\r\n`;
}

test("the top Via is found wherever its row stands and however it is spelled", () => {
  const spellings = [
    "Via: SIP/2.0/UDP a.test:5070;branch=z9hG4bK1",
    "v:SIP/2.0/UDP a.test:5070;branch=z9hG4bK1",
    "V : SIP / 2.0 / UDP a.test:5070;branch=z9hG4bK1",
    "vIA\t:\tSIP/2.0/UDP\ta.test:5070 ;branch=z9hG4bK1",
    "Call-ID: v\r\nVia-Extra: x\r\nVersion: 1\r\nVia: SIP/2.0/UDP a.test:5070;branch=z9hG4bK1",
    "Via: SIP/2.0/UDP a.test:5070;branch=z9hG4bK1, SIP/2.0/TCP b.test;alias",
  ];
  for (const spelling of spellings) {
    const text = response(spelling);
    const via = found(text);
    assert.equal(text.slice(via.protocolStart, via.protocolEnd), "UDP", spelling);
    assert.equal(text.slice(via.sentByStart, via.sentByEnd), "a.test:5070", spelling);
    assert.equal(hasViaParameter(text, via, "branch"), true, spelling);
    assert.equal(hasViaParameter(text, via, "alias"), false, spelling);
  }
});

test("no Via, a broken one, or one in the body only: nothing is found", () => {
  const texts = [
    "",
    "SIP/2.0 200 OK",
    "SIP/2.0 200 OK\r\n\r\nVia: SIP/2.0/UDP a.test\r\n",
    "SIP/2.0 200 OK\r\nVia: a.test\r\n\r\n",
    "SIP/2.0 200 OK\r\nVia: SIP/2.0\r\nX: a/b/c d\r\n\r\n",
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/\r\n\r\n",
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP\r\n\r\n",
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP ;branch=1\r\n\r\n",
    "SIP/2.0 200 OK\r\nXia: SIP/2.0/UDP a.test\r\n\r\n",
    "SIP/2.0 200 OK\r\nVib: SIP/2.0/UDP a.test\r\n\r\n",
    "SIP/2.0 200 OK\r\nVia SIP/2.0/UDP a.test\r\n\r\n",
  ];
  for (const text of texts) assert.equal(findTopVia(text), undefined, text);
});

test("a Via row that the text ends with is found too", () => {
  const text = "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP a.test:1";
  assert.equal(sentByPort(text, found(text), "TCP"), 1);
});

const ports: [sentBy: string, protocol: "UDP" | "TCP" | "TLS", port: number, host: string][] = [
  ["a.test:5070", "UDP", 5070, "a.test"],
  ["a.test", "UDP", 5060, "a.test"],
  ["a.test", "TCP", 5060, "a.test"],
  ["a.test", "TLS", 5061, "a.test"],
  ["[2001:db8::1]", "UDP", 5060, "[2001:db8::1]"],
  ["[2001:db8::1]:5080", "UDP", 5080, "[2001:db8::1]"],
  ["a.test:1", "UDP", 1, "a.test"],
  ["a.test:65535", "UDP", 65535, "a.test"],
  ["a.test:65536", "UDP", -1, "a.test"],
  ["a.test:0", "UDP", -1, "a.test"],
  ["a.test:", "UDP", -1, "a.test"],
  ["a.test:50x", "UDP", -1, "a.test"],
  ["a.test:99999999999999999999", "UDP", -1, "a.test"],
];
for (const [sentBy, protocol, port, host] of ports) {
  test(`sent-by ${sentBy} over ${protocol} is port ${port}`, () => {
    const text = response(`Via: SIP/2.0/${protocol} ${sentBy};branch=z9hG4bK1`);
    assert.equal(sentByPort(text, found(text), protocol), port);
    assert.equal(sentByHost(text, found(text)), host);
  });
}

test("a parameter is found by its whole name, with or without value, in any case", () => {
  const parameters: [string, boolean][] = [
    [";rport", true],
    [";RPort=5060", true],
    ["; rport =5060", true],
    [";branch=z9hG4bK1;rport", true],
    [";rport;branch=z9hG4bK1", true],
    [";rports=1", false],
    [";xrport", false],
    [";tport", false],
    [";rporx", false],
    [";branch=rport", false],
    ["", false],
  ];
  for (const [text, isThere] of parameters) {
    const message = response(`Via: SIP/2.0/UDP a.test${text}`);
    assert.equal(wantsSymmetricResponse(message, found(message)), isThere, text);
  }
});

test("default ports (RFC 3261 §18.2.2)", () => {
  assert.deepEqual([defaultPort("UDP"), defaultPort("TCP"), defaultPort("TLS")], [5060, 5060, 5061]);
});
