import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMessage } from "./parse-message.ts";
import type { SipRequest } from "./sip-message.ts";
import { validateRequest } from "./validate-request.ts";

const fields: Readonly<Record<string, string>> = {
  Via: "SIP/2.0/UDP h;branch=z9hG4bK1",
  "Max-Forwards": "70",
  From: "<sip:a@h>;tag=f",
  To: "<sip:b@h>",
  "Call-ID": "c@d",
  CSeq: "1 INVITE",
  Contact: "<sip:a@1>",
  "Content-Type": "application/sdp",
  "Content-Length": "0",
};

/** A correct INVITE with one header field changed (undefined: left out), rows added, or another start line. */
function request(
  change: Readonly<Record<string, string | undefined>>,
  rows: readonly string[] = [],
  startLine = "INVITE sip:b@h SIP/2.0",
): SipRequest {
  const kept = Object.entries({ ...fields, ...change }).filter(([, value]) => value !== undefined);
  const lines = [startLine, ...kept.map(([name, value]) => `${name}: ${value}`), ...rows, "", ""];
  const parsed = parseMessage(lines.join("\r\n"), "datagram");
  assert.ok(parsed.ok && parsed.value.isRequest);
  return parsed.value;
}

type Case = readonly [
  rule: string,
  request: SipRequest,
  reasonPhrase: string | undefined,
  mayAnswer?: boolean,
];

const cases: readonly Case[] = [
  ["a correct INVITE", request({}), undefined],
  ["SIP-Version compares without case", request({}, [], "INVITE sip:b@h sip/2.0"), undefined],
  ["no version", request({}, [], "INVITE sip:b@h"), "Malformed Request-Line"],
  ["version HTTP/1.1", request({}, [], "GET / HTTP/1.1"), "Malformed Request-Line"],
  ["version SIP/2", request({}, [], "INVITE sip:b@h SIP/2"), "Malformed Request-Line"],
  ["version SIP/2.x", request({}, [], "INVITE sip:b@h SIP/2.x"), "Malformed Request-Line"],
  ["version SIP/.0", request({}, [], "INVITE sip:b@h SIP/.0"), "Malformed Request-Line"],
  ["Request-URI empty", request({}, [], "INVITE  SIP/2.0"), "Malformed Request-URI"],
  ["Request-URI in brackets", request({}, [], "INVITE <sip:b@h> SIP/2.0"), "Malformed Request-URI"],
  ["Request-URI with a space", request({}, [], "INVITE sip:b@h; lr SIP/2.0"), "Malformed Request-URI"],
  ["Request-URI with a tab", request({}, [], "INVITE sip:b@h\t SIP/2.0"), "Malformed Request-URI"],
  ["Request-URI not ASCII", request({}, [], "INVITE sip:\xe9@h SIP/2.0"), "Malformed Request-URI"],
  ["Request-URI without scheme", request({}, [], "INVITE b@h SIP/2.0"), "Malformed Request-URI"],
  ["Request-URI of another scheme", request({}, [], "INVITE tel:+1 SIP/2.0"), undefined],
  ["Request-URI of an unknown scheme", request({}, [], "INVITE x:y SIP/2.0"), undefined],
  [
    "SIPS Request-URI checked too",
    request({}, [], "INVITE sips:h:0 SIP/2.0"),
    "Malformed Request-URI: Malformed port in URI",
  ],
  [
    "Request-URI with port 0",
    request({}, [], "INVITE sip:h:0 SIP/2.0"),
    "Malformed Request-URI: Malformed port in URI",
  ],
  ["Request-URI with headers", request({}, [], "INVITE sip:h?a=b SIP/2.0"), "Request-URI has a headers part"],
  ["no Via", request({ Via: undefined }), "Missing Via header field", false],
  ["no From", request({ From: undefined }), "Missing From header field", false],
  ["no To", request({ To: undefined }), "Missing To header field", false],
  ["no Call-ID", request({ "Call-ID": undefined }), "Missing Call-ID header field", false],
  ["no CSeq", request({ CSeq: undefined }), "Missing CSeq header field", false],
  ["no Max-Forwards (RFC 2543)", request({ "Max-Forwards": undefined }), undefined],
  ["no Contact", request({ Contact: undefined }), undefined],
  ["no Content-Type", request({ "Content-Type": undefined }), undefined],
  ["no From tag (RFC 2543)", request({ From: "<sip:a@h>" }), undefined],
  ["two From", request({}, ["From: <sip:a@h>"]), "More than one From header field"],
  ["two To, one compact", request({}, ["t: <sip:a@h>"]), "More than one To header field"],
  ["two Call-ID", request({}, ["i: x"]), "More than one Call-ID header field"],
  ["two CSeq", request({}, ["CSeq: 1 INVITE"]), "More than one CSeq header field"],
  ["two Max-Forwards", request({}, ["Max-Forwards: 70"]), "More than one Max-Forwards header field"],
  ["two Content-Length", request({}, ["l: 0"]), "More than one Content-Length header field"],
  ["two Content-Type", request({}, ["c: a/b"]), "More than one Content-Type header field"],
  ["two Expires", request({}, ["Expires: 1", "Expires: 1"]), "More than one Expires header field"],
  [
    "two Min-Expires",
    request({}, ["Min-Expires: 1", "Min-Expires: 1"]),
    "More than one Min-Expires header field",
  ],
  [
    "two Session-Expires",
    request({}, ["x: 90", "Session-Expires: 90"]),
    "More than one Session-Expires header field",
  ],
  ["two Min-SE", request({}, ["Min-SE: 90", "Min-SE: 90"]), "More than one Min-SE header field"],
  [
    "two Retry-After",
    request({}, ["Retry-After: 1", "Retry-After: 1"]),
    "More than one Retry-After header field",
  ],
  ["two Refer-To", request({}, ["Refer-To: <sip:a>", "r: <sip:a>"]), "More than one Refer-To header field"],
  ["two Contact", request({}, ["Contact: <sip:b>"]), undefined],
  ["two Via", request({}, ["Via: SIP/2.0/UDP i"]), undefined],
  ["two unknown", request({}, ["X-a: 1", "X-a: 1"]), undefined],
  ["two Date, and bad ones", request({}, ["Date: x", "Date: Fri, 01 Jan 2010 16:00:00 EST"]), undefined],
  ["top Via malformed", request({ Via: "SIP/2.0/UDP" }), "Malformed Via sent-protocol", false],
  [
    "top Via with empty parameter",
    request({ Via: "SIP/2.0/UDP h;;x" }),
    "Malformed Via header field: empty parameter",
  ],
  ["second Via malformed", request({}, ["Via: x"]), "Malformed Via sent-protocol"],
  [
    "second Via with empty parameter",
    request({}, ["Via: SIP/2.0/UDP h;;x"]),
    "Malformed Via header field: empty parameter",
  ],
  ["branch of the cookie alone", request({ Via: "SIP/2.0/UDP h;branch=z9hG4bK" }), "Via branch is empty"],
  [
    "branch of the cookie alone, other case",
    request({ Via: "SIP/2.0/UDP h;branch=Z9HG4BK" }),
    "Via branch is empty",
  ],
  ["branch without value", request({ Via: "SIP/2.0/UDP h;branch" }), "Via branch is empty"],
  ["branch of one character more", request({ Via: "SIP/2.0/UDP h;branch=z9hG4bK1" }), undefined],
  ["branch of RFC 2543", request({ Via: "SIP/2.0/UDP h;branch=1" }), undefined],
  ["no branch (RFC 2543)", request({ Via: "SIP/2.0/UDP h" }), undefined],
  [
    "From malformed",
    request({ From: '"a <sip:a@h>' }),
    "Malformed From header field: Quoted string is not closed",
  ],
  ["To malformed", request({ To: "<sip:a@h" }), "Malformed To header field: Angle bracket is not closed"],
  ["To empty", request({ To: "" }), "Malformed To header field: Malformed URI"],
  ["Call-ID empty", request({ "Call-ID": "" }), "Malformed Call-ID header field"],
  ["Call-ID with a space", request({ "Call-ID": "a b" }), "Malformed Call-ID header field"],
  ["Call-ID with DEL", request({ "Call-ID": "a\x7f" }), "Malformed Call-ID header field"],
  ["Call-ID of odd characters", request({ "Call-ID": '!~%()<>:\\"/[]?{}' }), undefined],
  ["CSeq malformed", request({ CSeq: "INVITE" }), "Malformed CSeq header field"],
  ["CSeq at its limit", request({ CSeq: "2147483647 INVITE" }), undefined],
  ["CSeq beyond its limit", request({ CSeq: "2147483648 INVITE" }), "CSeq number is out of range"],
  ["CSeq of another method", request({ CSeq: "1 ACK" }), "CSeq method does not match"],
  ["CSeq method in other case", request({ CSeq: "1 invite" }), "CSeq method does not match"],
  ["Max-Forwards 0", request({ "Max-Forwards": "0" }), undefined],
  ["Max-Forwards 255", request({ "Max-Forwards": "255" }), undefined],
  ["Max-Forwards 256", request({ "Max-Forwards": "256" }), "Malformed Max-Forwards header field"],
  ["Max-Forwards negative", request({ "Max-Forwards": "-1" }), "Malformed Max-Forwards header field"],
  [
    "Contact malformed",
    request({ Contact: "sip:a@h?x=y" }),
    "Malformed Contact header field: URI needs angle brackets",
  ],
  [
    "second Contact malformed",
    request({}, ["Contact: <sip:a"]),
    "Malformed Contact header field: Angle bracket is not closed",
  ],
  [
    "Contact later in the list malformed",
    request({ Contact: "<sip:a>, <sip:b" }),
    "Malformed Contact header field: Angle bracket is not closed",
  ],
  ["Contact star", request({ Contact: "*" }), undefined],
  ["Route malformed", request({}, ["Route: <sip:a>, b"]), "Malformed Route header field: Malformed URI"],
  ["Route fine", request({}, ["Route: <sip:a;lr>, <sip:b;lr>"]), undefined],
  [
    "Record-Route malformed",
    request({}, ["Record-Route: <sip:a"]),
    "Malformed Record-Route header field: Angle bracket is not closed",
  ],
  ["Content-Type malformed", request({ "Content-Type": "sdp" }), "Malformed Content-Type header field"],
  [
    "Content-Length too large",
    request({ "Content-Length": "1" }),
    "Content-Length is larger than the datagram",
  ],
  ["Content-Length negative", request({ "Content-Length": "-999" }), "Malformed Content-Length header field"],
  ["a line without colon", request({}, ["nonsense"]), "Malformed header field line"],
  ["a bare LF", request({}, ["Q: a\nb"]), "CR or LF inside a header field", false],
  ["a bare CR", request({}, ["Q: a\rb"]), "CR or LF inside a header field", false],
  ["a NUL", request({}, ["Q: a\0b"]), "NUL inside a header field", false],
];

for (const [rule, some, reasonPhrase, mayAnswer = true] of cases) {
  test(`validating a request: ${rule}`, () => {
    const fault = validateRequest(some);
    assert.deepEqual(
      fault,
      reasonPhrase === undefined ? undefined : { statusCode: 400, reasonPhrase, mayAnswer },
    );
  });
}

for (const version of ["SIP/7.0", "SIP/2.1", "sip/3.0", "SIP/10.12", "SIP/9.0", "SIP/0.9"]) {
  test(`validating a request: version ${version} is not supported`, () => {
    assert.deepEqual(validateRequest(request({}, [], `INVITE sip:b@h ${version}`)), {
      statusCode: 505,
      reasonPhrase: "Version Not Supported",
      mayAnswer: true,
    });
  });
}

test("validating a request: 505 for one that may not be answered", () => {
  assert.equal(validateRequest(request({ To: undefined }, [], "INVITE sip:b@h SIP/7.0"))?.mayAnswer, false);
});

test("validating a request on a stream: Content-Length is needed", () => {
  const text = request({ "Content-Length": undefined }).text;
  const parsed = parseMessage(text, "stream");
  assert.ok(parsed.ok && parsed.value.isRequest);
  assert.equal(validateRequest(parsed.value)?.reasonPhrase, "Missing Content-Length header field");
});
