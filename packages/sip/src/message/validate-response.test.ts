import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMessage } from "./parse-message.ts";
import { validateResponse } from "./validate-response.ts";

const fields: Readonly<Record<string, string>> = {
  Via: "SIP/2.0/UDP h;branch=z9hG4bK1",
  From: "<sip:a@h>;tag=f",
  To: "<sip:b@h>",
  "Call-ID": "c@d",
  CSeq: "1 INVITE",
  "Content-Length": "0",
};

function codeOf(
  change: Readonly<Record<string, string | undefined>>,
  ...rows: readonly string[]
): string | undefined {
  const kept = Object.entries({ ...fields, ...change }).filter(([, value]) => value !== undefined);
  const lines = ["SIP/2.0 200 OK", ...kept.map(([name, value]) => `${name}: ${value}`), ...rows, "", ""];
  const parsed = parseMessage(lines.join("\r\n"), "datagram");
  assert.ok(parsed.ok && !parsed.value.isRequest);
  return validateResponse(parsed.value)?.code;
}

const cases: readonly (readonly [rule: string, found: string | undefined, code: string | undefined])[] = [
  ["correct", codeOf({}), undefined],
  ["no Content-Length", codeOf({ "Content-Length": undefined }), undefined],
  ["no Via", codeOf({ Via: undefined }), "via-missing"],
  ["no From", codeOf({ From: undefined }), "from-missing"],
  ["no To", codeOf({ To: undefined }), "to-missing"],
  ["no Call-ID", codeOf({ "Call-ID": undefined }), "call-id-missing"],
  ["no CSeq", codeOf({ CSeq: undefined }), "cseq-missing"],
  ["two Via rows", codeOf({}, "Via: SIP/2.0/UDP 255.255.255.255"), "via-repeated"],
  ["two Via values", codeOf({ Via: "SIP/2.0/UDP h, SIP/2.0/UDP i" }), "via-repeated"],
  ["two From", codeOf({}, "f: <sip:a>"), "from-repeated"],
  ["two To", codeOf({}, "t: <sip:a>"), "to-repeated"],
  ["two Call-ID", codeOf({}, "i: x"), "call-id-repeated"],
  ["two CSeq", codeOf({}, "CSeq: 1 INVITE"), "cseq-repeated"],
  ["Via malformed", codeOf({ Via: "x" }), "via-malformed-protocol"],
  ["From malformed", codeOf({ From: "x" }), "name-addr-malformed-uri"],
  ["To malformed", codeOf({ To: "<sip:a" }), "name-addr-unclosed-bracket"],
  ["Call-ID empty", codeOf({ "Call-ID": "" }), "call-id-malformed"],
  ["CSeq out of range", codeOf({ CSeq: "2147483648 INVITE" }), "cseq-out-of-range"],
  ["Content-Length too large", codeOf({ "Content-Length": "1" }), "content-length-too-large"],
  ["a bare LF", codeOf({}, "Q: a\nb"), "bare-line-break"],
];

for (const [rule, found, code] of cases) {
  test(`validating a response: ${rule}`, () => assert.equal(found, code));
}

test("the error of a malformed From or To says which", () => {
  const parsed = parseMessage(
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\nFrom: x\r\nTo: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 X\r\n\r\n",
    "datagram",
  );
  assert.ok(parsed.ok && !parsed.value.isRequest);
  assert.equal(validateResponse(parsed.value)?.headerField, "From");
});
