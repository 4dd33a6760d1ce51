import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseMessage } from "./parse-message.ts";
import type { SipMessage } from "./sip-message.ts";

function parsed(text: string, framing: "datagram" | "stream" = "datagram"): SipMessage {
  const message = parseMessage(text, framing);
  assert.ok(message.ok);
  return message.value;
}

/** method | Request-URI | version, or statusCode | reason phrase, or the error code. */
const startLines: readonly (readonly [line: string, parts: string])[] = [
  ["INVITE sip:a@h SIP/2.0", "INVITE|sip:a@h|SIP/2.0"],
  ["invite sip:a@h sip/2.0", "invite|sip:a@h|sip/2.0"],
  ["X-new.1 tel:+1 SIP/3.0", "X-new.1|tel:+1|SIP/3.0"],
  ["INVITE  sip:a@h SIP/2.0", "INVITE| sip:a@h|SIP/2.0"],
  ["INVITE sip:a@h; lr SIP/2.0", "INVITE|sip:a@h; lr|SIP/2.0"],
  ["INVITE sip:a@h SIP/2.0 ", "INVITE|sip:a@h SIP/2.0|"],
  ["INVITE sip:a@h", "INVITE|sip:a@h|"],
  ["INVITE ", "INVITE||"],
  ["INVITE", "request-line-malformed"],
  ["INV,ITE sip:a@h SIP/2.0", "request-line-malformed"],
  ["INVITE\tsip:a@h SIP/2.0", "request-line-malformed"],
  [" INVITE sip:a@h SIP/2.0", "request-line-malformed"],
  ["\0\0\0\0", "request-line-malformed"],
  ["SIP/2.0 200 OK", "200|OK"],
  ["sip/2.0 200 OK", "200|OK"],
  ["SIP/2.0 100 ", "100|"],
  ["SIP/2.0 100", "100|"],
  ["SIP/2.0 699 a  b ", "699|a  b "],
  ["SIP/2.0 486 \xd0\xbd", "486|\xd0\xbd"],
  ["SIP/2.0 099 x", "status-line-malformed"],
  ["SIP/2.0 700 x", "status-line-malformed"],
  ["SIP/2.0 20 OK", "status-line-malformed"],
  ["SIP/2.0 2000 OK", "status-line-malformed"],
  ["SIP/2.0 4294967301 x", "status-line-malformed"],
  ["SIP/2.0 2x0 OK", "status-line-malformed"],
  ["SIP/2.0 20x OK", "status-line-malformed"],
  ["SIP/2.0 200OK", "status-line-malformed"],
  ["SIP/2.0  200 OK", "status-line-malformed"],
  ["SIP/7.0 200 OK", "status-line-malformed"],
  ["SIP/2.0", "status-line-malformed"],
  ["RIP/2.0 200 OK", "request-line-malformed"],
  ["SHP/2.0 200 OK", "request-line-malformed"],
  ["SIQ/2.0 200 OK", "request-line-malformed"],
  ["SIP 2.0 200 OK", "SIP|2.0 200|OK"],
];

for (const [line, parts] of startLines) {
  test(`start line ${JSON.stringify(line)}`, () => {
    const message = parseMessage(`${line}\r\nX: 1\r\n\r\n`, "datagram");
    if (!message.ok) assert.equal(message.error.code, parts);
    else if (message.value.isRequest) {
      const { method, requestUri, sipVersion } = message.value;
      assert.equal(`${method}|${requestUri}|${sipVersion}`, parts);
    } else assert.equal(`${message.value.statusCode}|${message.value.reasonPhrase}`, parts);
  });
}

test("line breaks before the start line are ignored; nothing else is a message", () => {
  const message = parsed("\r\n\r\nOPTIONS sip:h SIP/2.0\r\nQ: 1\r\n\r\nbody");
  assert.equal(message.value("Q"), "1");
  assert.equal(message.body, "body");
  for (const text of ["", "\r\n", "\r\n\r\n"]) {
    const empty = parseMessage(text, "datagram");
    assert.ok(!empty.ok);
    assert.equal(empty.error.code, "message-empty");
  }
  const endless = parseMessage("OPTIONS sip:h SIP/2.0", "datagram");
  assert.ok(!endless.ok);
  assert.equal(endless.error.code, "start-line-unterminated");
});

test("a control character in the reason phrase is a fault", () => {
  for (const phrase of ["a\0", "a\rb", "a\nb", "\x1f", "\x7f"]) {
    assert.equal(parsed(`SIP/2.0 200 ${phrase}\r\n\r\n`).syntaxFault?.code, "reason-phrase-malformed");
  }
  assert.equal(parsed("SIP/2.0 200 a\tb\x80 ~\r\n\r\n").syntaxFault, undefined);
});

const bodies: readonly (readonly [
  rule: string,
  framing: "datagram" | "stream",
  headerFields: string,
  rest: string,
  body: string,
  fault: string | undefined,
])[] = [
  ["exact", "datagram", "Content-Length: 4\r\n", "body", "body", undefined],
  ["compact form", "datagram", "l:4\r\n", "body", "body", undefined],
  ["folded", "datagram", "Content-Length:\r\n 4\r\n", "body", "body", undefined],
  ["shorter than the rest", "datagram", "Content-Length: 3\r\n", "body", "bod", undefined],
  ["zero", "datagram", "Content-Length: 0\r\n", "body", "", undefined],
  ["one more than the rest", "datagram", "Content-Length: 5\r\n", "body", "body", "content-length-too-large"],
  ["missing", "datagram", "", "body", "body", undefined],
  ["negative", "datagram", "Content-Length: -1\r\n", "body", "body", "content-length-malformed"],
  ["not a number", "datagram", "Content-Length: four\r\n", "body", "body", "content-length-malformed"],
  ["empty", "datagram", "Content-Length:\r\n", "body", "body", "content-length-malformed"],
  ["a list", "datagram", "Content-Length: 4,4\r\n", "body", "body", "content-length-malformed"],
  ["beyond 32 bits", "datagram", "Content-Length: 4294967296\r\n", "", "", "content-length-malformed"],
  ["twice", "datagram", "Content-Length: 4\r\nl: 4\r\n", "body", "body", "content-length-repeated"],
  ["exact", "stream", "Content-Length: 4\r\n", "body", "body", undefined],
  ["zero", "stream", "Content-Length: 0\r\n", "", "", undefined],
  ["missing", "stream", "", "", "", "content-length-missing"],
  ["one more than the rest", "stream", "Content-Length: 5\r\n", "body", "body", "content-length-mismatch"],
  ["one less than the rest", "stream", "Content-Length: 3\r\n", "body", "body", "content-length-mismatch"],
];

for (const [rule, framing, headerFields, rest, body, fault] of bodies) {
  test(`Content-Length in a ${framing}: ${rule}`, () => {
    const message = parsed(`OPTIONS sip:h SIP/2.0\r\nQ: 1\r\n${headerFields}\r\n${rest}`, framing);
    assert.equal(message.body, body);
    assert.equal(message.syntaxFault?.code, fault);
  });
}

test("parsing returns, whatever the bytes, and so does everything lazy", () => {
  const piece = fc.constantFrom(
    ...'INVITE |sip:a@h| SIP/2.0|\r\n|\r\n\r\n|SIP/2.0 200 |Via: |v:|SIP/2.0/UDP h;branch=|To: |<|>|"|\\|,|;|=|tag|*|m: |CSeq: 1 |Content-Length: |\0|\xff|\r|\n|%'.split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, isStream) => {
      const message = parseMessage(pieces.join(""), isStream ? "stream" : "datagram");
      if (!message.ok) return;
      const { value } = message;
      for (const row of value.rows()) {
        assert.equal(value.value(row.name), value.values(row.name)[0]);
        value.list(row.name);
      }
      for (const typed of [value.via(), value.vias(), value.from(), value.to(), value.cseq()]) void typed.ok;
      for (const typed of [value.contact(), value.contacts(), value.nameAddrs("Route")]) void typed.ok;
      value.contentType();
      value.maxForwards();
    }),
    { numRuns: 500 },
  );
});
