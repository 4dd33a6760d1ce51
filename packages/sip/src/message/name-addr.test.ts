import assert from "node:assert/strict";
import { test } from "node:test";
import { nameAddrIn, parseNameAddr } from "./name-addr.ts";

/** display name, URI, tag, parameters; absent parts as "-". */
const wellFormed: readonly (readonly [value: string, parts: readonly [string, string, string, string]])[] = [
  ["<sip:a@h>", ["-", "sip:a@h", "-", ""]],
  ["sip:a@h", ["-", "sip:a@h", "-", ""]],
  ["<sip:a@h>;tag=1", ["-", "sip:a@h", "1", ";tag=1"]],
  ["sip:a@h;tag=1;x", ["-", "sip:a@h", "1", ";tag=1;x"]],
  ["<sip:a@h;lr>;TAG=1", ["-", "sip:a@h;lr", "1", ";TAG=1"]],
  ['"Alice" <sip:a@h>', ["Alice", "sip:a@h", "-", ""]],
  ['"Alice"<sip:a@h>', ["Alice", "sip:a@h", "-", ""]],
  ['"" <sip:a@h>', ["", "sip:a@h", "-", ""]],
  ['"A \\"B\\" \\\\ <x>, y" <sip:a@h>;tag=1', ['A "B" \\ <x>, y', "sip:a@h", "1", ";tag=1"]],
  ["Alice <sip:a@h>", ["Alice", "sip:a@h", "-", ""]],
  ["A. G. Bell \t<sip:a@h>", ["A. G. Bell", "sip:a@h", "-", ""]],
  ["caller<sip:a@h>;tag=323", ["caller", "sip:a@h", "323", ";tag=323"]],
  ["\x80 <sip:a@h>", ["\x80", "sip:a@h", "-", ""]],
  ["J\xc3\xb6rg <sip:a@h>", ["J\xc3\xb6rg", "sip:a@h", "-", ""]],
  [" \t<sip:a@h> ;\ttag = 1 ", ["-", "sip:a@h", "1", ";tag=1"]],
  ["<sip:a@h?Route=%3Csip:x%3E>", ["-", "sip:a@h?Route=%3Csip:x%3E", "-", ""]],
  ["<sip:a,b@h>", ["-", "sip:a,b@h", "-", ""]],
  ["isbn:2983792873", ["-", "isbn:2983792873", "-", ""]],
  ["<tel:+1555;npdi>", ["-", "tel:+1555;npdi", "-", ""]],
  ['sip:a@h;x="<"', ["-", "sip:a@h", "-", ';x="<"']],
  ['<sip:a@h>;+sip.instance="<urn:uuid:1>"', ["-", "sip:a@h", "-", ';+sip.instance="<urn:uuid:1>"']],
];

for (const [value, parts] of wellFormed) {
  test(`name-addr ${value}`, () => {
    const parsed = parseNameAddr(value);
    assert.ok(parsed.ok);
    const { displayName, addrSpec, tag, parameters } = parsed.value;
    assert.deepEqual([displayName ?? "-", addrSpec, tag ?? "-", parameters.toString()], parts);
    assert.equal(parsed.value.text, value.trim());
  });
}

const malformed: readonly (readonly [value: string, code: string])[] = [
  ["", "name-addr-malformed-uri"],
  ["<>", "name-addr-malformed-uri"],
  ["<1sip:a@h>", "name-addr-malformed-uri"],
  ["<s_ip:a@h>", "name-addr-malformed-uri"],
  ["<sip:>", "name-addr-malformed-uri"],
  ["alan@jasomi.com", "name-addr-malformed-uri"],
  ["<alan@jasomi.com>", "name-addr-malformed-uri"],
  ["< sip:a@h>", "name-addr-malformed-uri"],
  ["<sip:a@h >", "name-addr-malformed-uri"],
  ["<sip:a b@h>", "name-addr-malformed-uri"],
  ["<<sip:a@h>>", "name-addr-malformed-uri"],
  ['<sip:"a"@h>', "name-addr-malformed-uri"],
  ["<sip:\xe9@h>", "name-addr-malformed-uri"],
  ["<sip:a\x7f@h>", "name-addr-malformed-uri"],
  ["<sip:a@h", "name-addr-unclosed-bracket"],
  ['"Alice <sip:a@h>', "name-addr-unclosed-quote"],
  ['"Alice\\" <sip:a@h>', "name-addr-unclosed-quote"],
  ['"Alice" sip:a@h', "name-addr-malformed-display-name"],
  ['"Alice"', "name-addr-malformed-display-name"],
  ['"Alice" Bob <sip:a@h>', "name-addr-malformed-display-name"],
  ["Bell, Alexander <sip:a@h>", "name-addr-malformed-display-name"],
  ['A "B" <sip:a@h>', "name-addr-malformed-display-name"],
  ["sip:a@h <sip:b@h>", "name-addr-malformed-display-name"],
  ["sip:a@h?Subject=x", "name-addr-brackets-missing"],
  ["sip:a@h,sip:b@h", "name-addr-brackets-missing"],
  ["<sip:a@h>,<sip:b@h>", "name-addr-malformed-parameter"],
  ["<sip:a@h> x", "name-addr-malformed-parameter"],
  ["<sip:a@h>;;x", "name-addr-malformed-parameter"],
  ["<sip:a@h>;x=", "name-addr-malformed-parameter"],
  ["sip:a@h x", "name-addr-malformed-parameter"],
  ["<sip:a@h>;tag", "name-addr-malformed-tag"],
  ['<sip:a@h>;tag="1"', "name-addr-malformed-tag"],
  ["<sip:a@h>;tag=a@b", "name-addr-malformed-tag"],
  ["<sip:a@h>;tag=1;tag=2", "name-addr-malformed-tag"],
];

for (const [value, code] of malformed) {
  test(`no name-addr: ${value} (${code})`, () => {
    const parsed = parseNameAddr(value);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.code, code);
  });
}

test("a name-addr ends within its part of the text", () => {
  const text = 'x"A" <sip:a>;tag=12,y';
  const whole = nameAddrIn(text, 1, 19);
  assert.ok(whole.ok);
  assert.equal(whole.value.text, '"A" <sip:a>;tag=12');
  assert.equal(whole.value.tag, "12");
  const shorter = nameAddrIn(text, 1, 18);
  assert.ok(shorter.ok);
  assert.equal(shorter.value.tag, "1");
  assert.ok(!nameAddrIn(text, 1, 11).ok);
  assert.ok(!nameAddrIn(text, 1, 3).ok);
  assert.ok(!nameAddrIn(text, 1, 5).ok);
  const bare = nameAddrIn("sip:a <sip:b>", 0, 5);
  assert.ok(bare.ok);
  assert.equal(bare.value.addrSpec, "sip:a");
});
