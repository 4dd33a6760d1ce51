import assert from "node:assert/strict";
import { test } from "node:test";
import { createResponse, type PacketSource, type ResponseOptions } from "./create-response.ts";
import { parseMessage } from "./parse-message.ts";
import { serialize } from "./serialize.ts";
import type { SipRequest } from "./sip-message.ts";

function request(...rows: readonly string[]): SipRequest {
  const parsed = parseMessage(`INVITE sip:h SIP/2.0\r\n${rows.join("\r\n")}\r\n\r\n`, "datagram");
  assert.ok(parsed.ok && parsed.value.isRequest);
  return parsed.value;
}

const invite = request(
  "Via: SIP/2.0/UDP a;branch=z9hG4bK1",
  "Record-Route: <sip:p1;lr>, <sip:p2;lr>",
  "From: <sip:a@h>;tag=f",
  "v: SIP/2.0/UDP b;branch=z9hG4bK2, SIP/2.0/UDP c",
  "To: <sip:b@h>",
  "Record-Route: <sip:p3;lr>",
  "i: c@d",
  "CSeq: 7 INVITE",
  "Timestamp: 54",
  "Contact: <sip:a@1>",
);

function wire(statusCode: number, options?: ResponseOptions): string {
  return serialize(createResponse(invite, statusCode, options));
}

const vias = "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP b;branch=z9hG4bK2, SIP/2.0/UDP c\r\n";
const recordRoutes = "Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\nRecord-Route: <sip:p3;lr>\r\n";
const end = "Call-ID: c@d\r\nCSeq: 7 INVITE\r\n";

test("100 repeats Timestamp and puts no tag into To", () => {
  assert.equal(
    wire(100, { toTag: "t" }),
    `SIP/2.0 100 Trying\r\n${vias}From: <sip:a@h>;tag=f\r\nTo: <sip:b@h>\r\n${end}Timestamp: 54\r\nContent-Length: 0\r\n\r\n`,
  );
});

test("a final response has the tag, and its own reason phrase if given", () => {
  assert.equal(
    wire(486, { toTag: "t" }),
    `SIP/2.0 486 Busy Here\r\n${vias}From: <sip:a@h>;tag=f\r\nTo: <sip:b@h>;tag=t\r\n${end}Content-Length: 0\r\n\r\n`,
  );
  assert.ok(wire(403, { reasonPhrase: "No" }).startsWith("SIP/2.0 403 No\r\n"));
  assert.ok(wire(101, { toTag: "t" }).includes("To: <sip:b@h>;tag=t\r\n"));
});

test("Record-Route is repeated in order where a dialog begins", () => {
  assert.equal(
    wire(180, { toTag: "t", copyRecordRoute: true }),
    `SIP/2.0 180 Ringing\r\n${vias}${recordRoutes}From: <sip:a@h>;tag=f\r\nTo: <sip:b@h>;tag=t\r\n${end}Content-Length: 0\r\n\r\n`,
  );
  assert.ok(!wire(180, { copyRecordRoute: false }).includes("Record-Route"));
});

test("a To that has a tag keeps it; without a tag to put in, To stays as it is", () => {
  const reInvite = request(
    "Via: SIP/2.0/UDP a",
    "From: <sip:a@h>;tag=f",
    "To: <sip:b@h>;tag=x",
    "Call-ID: c",
    "CSeq: 1 INVITE",
  );
  assert.equal(createResponse(reInvite, 200, { toTag: "t" }).headerFields.value("To"), "<sip:b@h>;tag=x");
  assert.equal(createResponse(invite, 200).headerFields.value("To"), "<sip:b@h>");
});

test("folded values are written in one line", () => {
  const folded = request(
    "Via: SIP/2.0/UDP a\r\n ;branch=1",
    "From: <sip:a@h>\r\n\t;tag=f",
    "To:\r\n <sip:b@h>",
    "Call-ID: c",
    "CSeq: 1\r\n INVITE",
  );
  const response = createResponse(folded, 200, {
    toTag: "t",
    receivedFrom: { address: "192.0.2.1", port: 1 },
  });
  assert.deepEqual(
    response.headerFields.rows().map(({ value }) => value),
    ["SIP/2.0/UDP a;branch=1;received=192.0.2.1", "<sip:a@h> ;tag=f", "<sip:b@h>;tag=t", "c", "1 INVITE"],
  );
});

const from4: PacketSource = { address: "192.0.2.1", port: 40_000 };
const from6: PacketSource = { address: "2001:db8::1", port: 40_000 };
const mapped: PacketSource = { address: "::ffff:192.0.2.1", port: 40_000 };

const topVias: readonly (readonly [rule: string, via: string, source: PacketSource, expected: string])[] = [
  ["the same address needs nothing", "192.0.2.1;branch=a", from4, "192.0.2.1;branch=a"],
  ["another port alone needs nothing", "192.0.2.1:5060;branch=a", from4, "192.0.2.1:5060;branch=a"],
  ["another address is noted", "192.0.2.2;branch=a", from4, "192.0.2.2;branch=a;received=192.0.2.1"],
  ["a name is noted", "h.example.com:5060;branch=a", from4, "h.example.com:5060;branch=a;received=192.0.2.1"],
  ["no parameters before", "h", from4, "h;received=192.0.2.1"],
  [
    "rport is filled, and received added even for the same address (RFC 3581 §4)",
    "192.0.2.1;rport;branch=a",
    from4,
    "192.0.2.1;rport=40000;branch=a;received=192.0.2.1",
  ],
  [
    "rport and another address",
    "10.0.0.1;branch=a;rport",
    from4,
    "10.0.0.1;branch=a;rport=40000;received=192.0.2.1",
  ],
  ["an rport with a value is left alone", "192.0.2.1;rport=9", from4, "192.0.2.1;rport=9"],
  [
    "a received of the client's own is dropped",
    "192.0.2.1;received=6.6.6.6;branch=a",
    from4,
    "192.0.2.1;branch=a",
  ],
  [
    "a received of the client's own is replaced",
    "h;Received=6.6.6.6;branch=a",
    from4,
    "h;branch=a;received=192.0.2.1",
  ],
  ["unknown parameters stay", 'h;x="a;b";y;branch=a', from4, 'h;x="a;b";y;branch=a;received=192.0.2.1'],
  ["IPv6, the same", "[2001:DB8::1];branch=a", from6, "[2001:DB8::1];branch=a"],
  [
    "IPv6, another, without brackets (RFC 5118 §4.5)",
    "[2001:db8::2];branch=a",
    from6,
    "[2001:db8::2];branch=a;received=2001:db8::1",
  ],
  ["an IPv4 address as a dual-stack socket shows it", "192.0.2.1;branch=a", mapped, "192.0.2.1;branch=a"],
  ["the same, noted as IPv4", "h;rport", mapped, "h;rport=40000;received=192.0.2.1"],
];

for (const [rule, via, source, expected] of topVias) {
  test(`topmost Via: ${rule}`, () => {
    const some = request(
      `Via: SIP/2.0/UDP ${via}`,
      "Via: SIP/2.0/UDP next;rport",
      "From: x",
      "To: y",
      "Call-ID: c",
      "CSeq: 1 X",
    );
    const response = createResponse(some, 200, { receivedFrom: source });
    assert.deepEqual(response.headerFields.values("Via"), [
      `SIP/2.0/UDP ${expected}`,
      "SIP/2.0/UDP next;rport",
    ]);
  });
}

test("of a list only the topmost value is changed", () => {
  const some = request(
    "Via: SIP/2.0/UDP a;rport, SIP/2.0/UDP b;rport",
    "From: x",
    "To: y",
    "Call-ID: c",
    "CSeq: 1 X",
  );
  const response = createResponse(some, 200, { receivedFrom: from4 });
  assert.deepEqual(response.headerFields.values("Via"), [
    "SIP/2.0/UDP a;rport=40000;received=192.0.2.1, SIP/2.0/UDP b;rport",
  ]);
});

test("a response has the Vias, From, Call-ID and CSeq of its request, as they stand (RFC 3261 §8.2.6.2)", () => {
  const lines = wire(404, { toTag: "t" }).split("\r\n");
  assert.deepEqual(
    lines.filter((line) => line.startsWith("Via: ")),
    ["Via: SIP/2.0/UDP a;branch=z9hG4bK1", "Via: SIP/2.0/UDP b;branch=z9hG4bK2, SIP/2.0/UDP c"],
  );
  for (const line of ["From: <sip:a@h>;tag=f", "Call-ID: c@d", "CSeq: 7 INVITE"]) {
    assert.ok(lines.includes(line), line);
  }
});
