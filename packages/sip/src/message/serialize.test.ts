import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HeaderFields } from "./header-fields.ts";
import { OutgoingRequest, OutgoingResponse } from "./outgoing-message.ts";
import { parseMessage } from "./parse-message.ts";
import { serialize, UnserializableMessageError } from "./serialize.ts";

function withField(name: string, value: string): OutgoingRequest {
  return new OutgoingRequest(
    "OPTIONS",
    "sip:h",
    new HeaderFields([
      { name, value },
      { name: "Z", value: "last" },
    ]),
  );
}

test("a request on the wire", () => {
  const fields = new HeaderFields().append("v", "SIP/2.0/UDP h").append("X-a", "").append("l", "99");
  assert.equal(
    serialize(new OutgoingRequest("INVITE", "sip:a@h", fields, "v=0\r\n\xff\0")),
    "INVITE sip:a@h SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nX-a: \r\nContent-Length: 7\r\n\r\nv=0\r\n\xff\0",
  );
});

test("a response on the wire", () => {
  assert.equal(
    serialize(new OutgoingResponse(486, "Busy Here")),
    "SIP/2.0 486 Busy Here\r\nContent-Length: 0\r\n\r\n",
  );
  assert.equal(serialize(new OutgoingResponse(100, "")), "SIP/2.0 100 \r\nContent-Length: 0\r\n\r\n");
});

const refusedValues: readonly (readonly [rule: string, value: string])[] = [
  ["CR", "a\rb"],
  ["LF", "a\nb"],
  ["CRLF", "a\r\nEvil: b"],
  ["a fold", "a\r\n b"],
  ["CRLF at the end", "a\r\n"],
  ["CR at the end", "a\r"],
  ["LF at the start", "\na"],
  ["an empty line", "a\r\n\r\nevil"],
  ["an empty line with as many lines behind it", "a\r\n\r\n\r\n\r\n"],
  ["two lines whose end looks like the end of the header", "a\r\nb\r\n"],
  ["NUL", "a\0b"],
  ["NUL behind a quoted-pair", '"\\\0\0"'],
  ["a character that latin1 would turn into LF", "a\u010ab"],
  ["a character above U+FFFF", "\u{1f600}"],
];

for (const [rule, value] of refusedValues) {
  test(`no header field value with ${rule} reaches the wire`, () => {
    for (const message of [
      withField("X-a", value),
      withField("Via", value),
      new OutgoingResponse(200, "OK", new HeaderFields([{ name: "X-a", value }])),
      new OutgoingResponse(200, value),
    ]) {
      assert.throws(() => serialize(message), UnserializableMessageError);
    }
  });
}

test("NUL as a quoted-pair may be repeated (RFC 4475 §3.1.1.2)", () => {
  assert.ok(serialize(withField("To", '"\\\0" <sip:a>')).includes('To: "\\\0" <sip:a>\r\n'));
});

for (const name of ["", "a b", "a:", "a\r\nb", "\u010a", "(", "Via "]) {
  test(`no header field is named ${JSON.stringify(name)}`, () => {
    assert.throws(() => serialize(withField(name, "x")), UnserializableMessageError);
  });
}

for (const method of ["", "IN VITE", "INVITE\r\n", "A,B"]) {
  test(`no method is ${JSON.stringify(method)}`, () => {
    assert.throws(() => serialize(new OutgoingRequest(method, "sip:h")), UnserializableMessageError);
  });
}

for (const uri of ["", "sip:a b", "sip:a\r\nX: y", "sip:\0", "sip:\x7f", "sip:\xe9", "sip:\u010a"]) {
  test(`no Request-URI is ${JSON.stringify(uri)}`, () => {
    assert.throws(() => serialize(new OutgoingRequest("INVITE", uri)), UnserializableMessageError);
  });
}

test("all visible ASCII may stand in a Request-URI", () => {
  assert.ok(serialize(new OutgoingRequest("INVITE", "sip:!~@h")).startsWith("INVITE sip:!~@h SIP/2.0\r\n"));
});

for (const [statusCode, isFine] of [
  [99, false],
  [100, true],
  [699, true],
  [700, false],
  [200.5, false],
  [Number.NaN, false],
] as const) {
  test(`status code ${statusCode} is ${isFine ? "written" : "refused"}`, () => {
    const write = (): string => serialize(new OutgoingResponse(statusCode, "x"));
    if (isFine) assert.ok(write().startsWith(`SIP/2.0 ${statusCode} x\r\n`));
    else assert.throws(write, UnserializableMessageError);
  });
}

test("a body that is not latin1 is refused", () => {
  assert.throws(() => serialize(new OutgoingRequest("INVITE", "sip:h", undefined, "\u0416")), {
    code: "message-unserializable",
  });
});

test("what is serialized comes back from the parser", () => {
  const latin1 = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const name = fc.constantFrom("Via", "To", "X-Any", "Route", "Subject", "q");
  const value = fc
    .string({ unit: fc.constantFrom(...'ab <>"\\,;=:\t\xe9'.split("")) })
    .map((text) => text.trim());
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), fc.string({ unit: latin1 }), (pairs, body) => {
      const fields = new HeaderFields();
      for (const [field, text] of pairs) fields.append(field, text);
      const text = serialize(new OutgoingRequest("INVITE", "sip:a@h", fields, body));
      for (const framing of ["datagram", "stream"] as const) {
        const parsed = parseMessage(text, framing);
        assert.ok(parsed.ok && parsed.value.isRequest);
        assert.equal(parsed.value.syntaxFault, undefined);
        assert.deepEqual(parsed.value.rows().slice(0, -1), fields.rows());
        assert.equal(parsed.value.body, body);
      }
    }),
  );
});
