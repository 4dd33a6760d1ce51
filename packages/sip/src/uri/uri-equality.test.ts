import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSipUri } from "./sip-uri.ts";
import { uriEquals } from "./uri-equality.ts";

/** RFC 3261 §19.1.4 lists most of these. */
const equal: readonly (readonly [a: string, b: string])[] = [
  ["sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"],
  ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
  ["sip:carol@chicago.com", "sip:carol@chicago.com;security=on"],
  [
    "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
    "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
  ],
  [
    "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
    "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
  ],
  ["sip:h?Subject=a", "sip:h?subject=a"],
  ["sip:a%3bb@h", "sip:a%3Bb@h"],
  ["sip:h;%6C%72=1", "sip:h;lr=1"],
  ["sip:h;x=%61", "sip:h;X=A"],
  ["sip:a:%70@h", "sip:a:p@h"],
  ["sip:h;transport=TCP", "sip:h;transport=tcp"],
  ["tel:+1", "tel:+1"],
  // No parameter may come twice; one that does is still equal to itself.
  ["sip:h;ttl=1;ttl=15", "sip:h;ttl=1;ttl=15"],
  ["sip:h;x=1;x=2", "sip:h;x=2;x=1"],
];

const different: readonly (readonly [a: string, b: string])[] = [
  ["SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
  ["sip:h;ttl=1;ttl=15", "sip:h;ttl=1"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
  ["sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
  ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
  ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
  ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
  ["sip:h;x", "sip:h;x=1"],
  ["sip:h;x=1", "sip:h;X=2"],
  ["sip:a@h", "sips:a@h"],
  ["sip:a@h", "sip:h"],
  ["sip:a:b@h", "sip:a@h"],
  ["sip:a:b@h", "sip:a:c@h"],
  ["sip:a:B@h", "sip:a:b@h"],
  ["sip:h;user=phone", "sip:h"],
  ["sip:h;ttl=1", "sip:h"],
  ["sip:h;method=INVITE", "sip:h"],
  ["sip:h;maddr=192.0.2.1", "sip:h"],
  ["sip:h;transport=tcp", "sip:h;transport=tls"],
  ["sip:a%3Bb@h", "sip:a;b@h"],
  ["sip:a%2525@h", "sip:a%25@h"],
  ["sip:%00@h", "sip:%00%00@h"],
  ["sip:h?a=1", "sip:h?a=1&b=2"],
  ["sip:h?a=x", "sip:h?a=X"],
  ["tel:+1", "tel:+2"],
  ["tel:+1", "sip:h"],
];

for (const [a, b] of equal) {
  test(`${a} equals ${b}`, () => {
    assert.ok(uriEquals(a, b));
    assert.ok(uriEquals(b, a));
  });
}

for (const [a, b] of different) {
  test(`${a} differs from ${b}`, () => {
    assert.ok(!uriEquals(a, b));
    assert.ok(!uriEquals(b, a));
  });
}

test("parsed URIs compare like their texts", () => {
  const a = parseSipUri("sip:a@H;x=1");
  const b = parseSipUri("sip:%61@h;x=1");
  assert.ok(a.ok && b.ok);
  assert.ok(uriEquals(a.value, b.value));
  assert.ok(uriEquals(a.value, "sip:a@h"));
});
