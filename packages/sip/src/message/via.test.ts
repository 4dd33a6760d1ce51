import assert from "node:assert/strict";
import { test } from "node:test";
import { parseVia, viaIn } from "./via.ts";

/** protocol host port branch received rport; absent parts as "-". */
const wellFormed: readonly (readonly [value: string, parts: string])[] = [
  ["SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1", "UDP 192.0.2.1 5060 z9hG4bK1 - -"],
  ["SIP/2.0/tcp Example.COM", "TCP example.com - - - -"],
  ["SIP/2.0/TLS h;BRANCH=a;Received=192.0.2.9;RPort=1234", "TLS h - a 192.0.2.9 1234"],
  ["SIP/2.0/UDP h;rport;branch=a", "UDP h - a - true"],
  ["SIP/2.0/UDP h;rport=65535", "UDP h - - - 65535"],
  ["SIP / 2.0 /\tUDP   h : 5061 ; branch = a ", "UDP h 5061 a - -"],
  ["SIP/2.0/UDP [2001:DB8::1]:5070;received=2001:db8::2", "UDP [2001:db8::1] 5070 - 2001:db8::2 -"],
  ["SIP/7.0/UDP h", "UDP h - - - -"],
  ["SIP/2.0/X-new h;a=1", "X-NEW h - - - -"],
  ["SIP/2.0/UDP h;branch=", "error"],
  ["SIP/2.0/UDP h;;branch=a", "UDP h - a - -"],
];

for (const [value, parts] of wellFormed) {
  test(`Via "${value}"`, () => {
    const parsed = parseVia(value);
    if (parts === "error") {
      assert.ok(!parsed.ok);
      return;
    }
    assert.ok(parsed.ok);
    const { protocol, host, port, branch, received, rport } = parsed.value;
    assert.equal(
      [protocol, host, port ?? "-", branch ?? "-", received ?? "-", rport ?? "-"].join(" "),
      parts,
    );
    assert.equal(parsed.value.text, value.trim());
    assert.equal(parsed.value.hasEmptyParameters, value.includes(";;"));
  });
}

const malformed: readonly (readonly [value: string, code: string])[] = [
  ["", "via-malformed-protocol"],
  ["SIP", "via-malformed-protocol"],
  ["SIP/2.0", "via-malformed-protocol"],
  ["SIP/2.0/", "via-malformed-protocol"],
  ["SIP/2.0/UDP", "via-malformed-protocol"],
  ["SIP/2.0/UDP;branch=a", "via-malformed-protocol"],
  ["SIP//UDP h", "via-malformed-protocol"],
  ["/2.0/UDP h", "via-malformed-protocol"],
  ["SIP/2.0/UDP[::1]", "via-malformed-protocol"],
  ["SIP/2.0/UDP ;branch=a", "via-malformed-sent-by"],
  ["SIP/2.0/UDP [::1", "via-malformed-sent-by"],
  ["SIP/2.0/UDP h:", "via-malformed-sent-by"],
  ["SIP/2.0/UDP h:0", "via-malformed-sent-by"],
  ["SIP/2.0/UDP h:65536", "via-malformed-sent-by"],
  ["SIP/2.0/UDP h:5060x", "via-malformed-sent-by"],
  ["SIP/2.0/UDP h i", "via-malformed-sent-by"],
  ["SIP/2.0/UDP h, SIP/2.0/UDP i", "via-malformed-sent-by"],
  ["SIP/2.0/UDP h;branch=a b", "via-malformed-parameter"],
  ["SIP/2.0/UDP h;branch=a;branch=b", "via-malformed-parameter"],
  ["SIP/2.0/UDP h;rport=65536", "via-malformed-parameter"],
  ["SIP/2.0/UDP h;rport=x", "via-malformed-parameter"],
  ['SIP/2.0/UDP h;x="a', "via-malformed-parameter"],
];

for (const [value, code] of malformed) {
  test(`no Via: "${value}" (${code})`, () => {
    const parsed = parseVia(value);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.code, code);
    assert.equal(parsed.error.headerField, "Via");
  });
}

test("the first of two received counts", () => {
  const parsed = parseVia("SIP/2.0/UDP h;received=a;received=b;rport=1;rport=2");
  assert.ok(parsed.ok);
  assert.equal(parsed.value.received, "a");
  assert.equal(parsed.value.rport, 1);
});

test("a Via ends within its part of the text", () => {
  const text = "x,SIP/2.0/UDP host:5060;branch=abc,y";
  const whole = viaIn(text, 2, 34);
  assert.ok(whole.ok);
  assert.equal(whole.value.branch, "abc");
  const partial: readonly (readonly [end: number, expected: string])[] = [
    [33, "host 5060 ab"],
    [23, "host 5060 -"],
    [22, "host 506 -"],
    [18, "host - -"],
    [17, "hos - -"],
    [14, "via-malformed-protocol"],
    [10, "via-malformed-protocol"],
    [5, "via-malformed-protocol"],
  ];
  for (const [end, expected] of partial) {
    const parsed = viaIn(text, 2, end);
    const found = parsed.ok
      ? `${parsed.value.host} ${parsed.value.port ?? "-"} ${parsed.value.branch ?? "-"}`
      : parsed.error.code;
    assert.equal(found, expected, `${end}`);
  }
});
