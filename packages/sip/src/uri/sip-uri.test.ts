import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Parameters } from "./parameters.ts";
import { parseSipUri, serializeSipUri } from "./sip-uri.ts";

/** scheme, user, password, host, port, parameters, headers; joined by "|", absent parts as "-". */
const wellFormed: readonly (readonly [uri: string, parts: string])[] = [
  ["sip:example.com", "sip|-|-|example.com|-||"],
  ["SIPS:Alice@Example.COM", "sips|Alice|-|example.com|-||"],
  ["sip:alice:secret@192.0.2.1:5061", "sip|alice|secret|192.0.2.1|5061||"],
  ["sip:alice:@h", "sip|alice||h|-||"],
  ["sip:+15551230001@h;user=phone;lr", "sip|+15551230001|-|h|-|;user=phone;lr|"],
  ["sip:h:1", "sip|-|-|h|1||"],
  ["sip:h:65535", "sip|-|-|h|65535||"],
  ["sip:[2001:DB8::1]", "sip|-|-|[2001:db8::1]|-||"],
  ["sip:a@[::ffff:192.0.2.2]:5070;transport=tcp", "sip|a|-|[::ffff:192.0.2.2]|5070|;transport=tcp|"],
  ["sip:a@[2001:db8:::1]", "sip|a|-|[2001:db8::1]|-||"],
  ["sip:h?Subject=a&Priority=urgent", "sip|-|-|h|-||Subject=a&Priority=urgent"],
  ["sip:h;lr?Route=%3Csip:x%3E", "sip|-|-|h|-|;lr|Route=%3Csip:x%3E"],
  ["sip:h:5060?a=", "sip|-|-|h|5060||a="],
  ["sip:user;par=u%40example.net@example.com", "sip|user;par=u%40example.net|-|example.com|-||"],
  ["sip:*21#@h", "sip|*21#|-|h|-||"],
  ["sip:a/b?c,d&e=f$g@h", "sip|a/b?c,d&e=f$g|-|h|-||"],
  ["sip:under_score.example.com.", "sip|-|-|under_score.example.com.|-||"],
  ["sip:h;x=a==", "sip|-|-|h|-|;x=a==|"],
  ["sip:h;%6C%72", "sip|-|-|h|-|;%6C%72|"],
];

for (const [uri, parts] of wellFormed) {
  test(`SIP URI ${uri}`, () => {
    const parsed = parseSipUri(uri);
    assert.ok(parsed.ok);
    const { scheme, user, password, host, port, parameters, headers } = parsed.value;
    const found = [scheme, user ?? "-", password ?? "-", host, port ?? "-", parameters.toString(), headers];
    assert.equal(found.join("|"), parts);
  });
}

const malformed: readonly (readonly [uri: string, code: string])[] = [
  ["", "uri-scheme-not-sip"],
  ["sip", "uri-scheme-not-sip"],
  ["tel:+1555", "uri-scheme-not-sip"],
  ["sipx:h", "uri-scheme-not-sip"],
  [" sip:h", "uri-scheme-not-sip"],
  ["sip:", "uri-malformed-host"],
  ["sip:@h", "uri-malformed-user"],
  ["sip:a b@h", "uri-malformed-user"],
  ["sip:a%4@h", "uri-malformed-user"],
  ["sip:a%zz@h", "uri-malformed-user"],
  ['sip:"a"@h', "uri-malformed-user"],
  ["sip:\xe9@h", "uri-malformed-user"],
  ["sip:a:b:c@h", "uri-malformed-user"],
  ["sip:a:b%4@h", "uri-malformed-user"],
  ["sip::pass@h", "uri-malformed-user"],
  ["sip:a@", "uri-malformed-host"],
  ["sip:a@h@i", "uri-malformed-host"],
  ["sip:a@h i", "uri-malformed-host"],
  ["sip:a@h<", "uri-malformed-host"],
  ["sip:a@h%61", "uri-malformed-host"],
  ["sip:[2001:db8::1", "uri-malformed-host"],
  ["sip:[1]", "uri-malformed-host"],
  ["sip:[:]", "uri-malformed-host"],
  ["sip:[2001:db8::g]", "uri-malformed-host"],
  ["sip:[]", "uri-malformed-host"],
  ["sip:2001:db8::10", "uri-malformed-port"],
  ["sip:h:", "uri-malformed-port"],
  ["sip:h:0", "uri-malformed-port"],
  ["sip:h:65536", "uri-malformed-port"],
  ["sip:h:-1", "uri-malformed-port"],
  ["sip:h:50 60", "uri-malformed-port"],
  ["sip:h;", "uri-malformed-parameter"],
  ["sip:h;;lr", "uri-malformed-parameter"],
  ["sip:h;=x", "uri-malformed-parameter"],
  ["sip:h;a=", "uri-malformed-parameter"],
  ["sip:h; lr", "uri-malformed-parameter"],
  ["sip:h;a=%4", "uri-malformed-parameter"],
  ["sip:h;a=b,c", "uri-malformed-parameter"],
  ["sip:h?", "uri-malformed-headers"],
  ["sip:h?a", "uri-malformed-headers"],
  ["sip:h?=b", "uri-malformed-headers"],
  ["sip:h?a=b&", "uri-malformed-headers"],
  ["sip:h?a=b=c", "uri-malformed-headers"],
  ["sip:h?a=%zz", "uri-malformed-headers"],
  ["sip:h?a=<b>", "uri-malformed-headers"],
];

for (const [uri, code] of malformed) {
  test(`no SIP URI: "${uri}" (${code})`, () => {
    const parsed = parseSipUri(uri);
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.code, code);
  });
}

test("a SIP URI is serialized from its parts", () => {
  assert.equal(serializeSipUri({ host: "h" }), "sip:h");
  assert.equal(serializeSipUri({ host: "h", headers: "" }), "sip:h");
  assert.equal(
    serializeSipUri({
      scheme: "sips",
      user: "a",
      password: "b",
      host: "h",
      port: 5061,
      parameters: Parameters.from([["lr", undefined]]),
      headers: "x=y",
    }),
    "sips:a:b@h:5061;lr?x=y",
  );
});

test("parsing and serializing a SIP URI keeps it, but for the case of scheme and host", () => {
  for (const [uri] of wellFormed) {
    const parsed = parseSipUri(uri);
    assert.ok(parsed.ok);
    const text = serializeSipUri(parsed.value);
    assert.equal(text.toLowerCase(), uri.replace(":::", "::").toLowerCase());
    const again = parseSipUri(text);
    assert.ok(again.ok);
    assert.equal(serializeSipUri(again.value), text);
  }
});

test("parseSipUri returns, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."sip:@;=?&[]%4h.: 1<\x00\xff".split("")) }), (text) => {
      const parsed = parseSipUri(`sip:${text}`);
      if (parsed.ok) assert.ok(parseSipUri(serializeSipUri(parsed.value)).ok);
      return true;
    }),
    { numRuns: 500 },
  );
});
