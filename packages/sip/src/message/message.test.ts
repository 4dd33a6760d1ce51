import assert from "node:assert/strict";
import { test } from "node:test";
import { headerField, unknownHeaderField } from "./header-field-name.ts";
import { parseMessage } from "./parse-message.ts";
import type { SipMessage } from "./sip-message.ts";

function message(...rows: readonly string[]): SipMessage {
  const parsed = parseMessage(`OPTIONS sip:h SIP/2.0\r\n${rows.join("\r\n")}\r\n\r\n`, "datagram");
  assert.ok(parsed.ok);
  return parsed.value;
}

const nothing = message("Q: 1");

test("value is the first row, values are all, by any form of the name", () => {
  const some = message("v: 1", "q: 2", "VIA: 3", "Q: 4");
  assert.equal(some.value("Via"), "1");
  assert.equal(some.value("v"), "1");
  assert.deepEqual(some.values("via"), ["1", "3"]);
  assert.deepEqual(some.values("Q"), ["2", "4"]);
  assert.equal(some.value("g"), undefined);
  assert.deepEqual(some.values("To"), []);
  assert.ok(some.has("Via"));
  assert.ok(some.has("Q"));
  assert.ok(!some.has("To"));
  assert.ok(!some.has("G"));
  assert.ok(!some.has("QQ"));
});

test("list splits all rows at commas outside quotes and brackets", () => {
  const some = message('Route: <sip:a,b>, "c,d" <sip:e>', "Route: <sip:f>", "Allow: INVITE , ACK,BYE");
  assert.deepEqual(some.list("Route"), ["<sip:a,b>", '"c,d" <sip:e>', "<sip:f>"]);
  assert.deepEqual(some.list("Allow"), ["INVITE", "ACK", "BYE"]);
  assert.deepEqual(some.list("Supported"), []);
});

test("typed header fields are parsed once", () => {
  const some = message("Via: SIP/2.0/UDP h", "From: <sip:a>", "To: <sip:b>", "CSeq: 1 X", "Contact: <sip:c>");
  assert.equal(some.via(), some.via());
  assert.equal(some.vias(), some.vias());
  assert.equal(some.from(), some.from());
  assert.equal(some.to(), some.to());
  assert.equal(some.cseq(), some.cseq());
  assert.equal(some.contact(), some.contact());
  const vias = some.vias();
  const via = some.via();
  assert.ok(vias.ok && via.ok);
  assert.equal(vias.value[0], via.value);
});

test("the conveniences speak of their own header field", () => {
  const some = message(
    "Via: SIP/2.0/UDP h;branch=z9hG4bKa, SIP/2.0/UDP i;branch=z9hG4bKb",
    "From: <sip:a>;tag=f",
    "To: <sip:b>;tag=t",
    "Call-ID: c@d",
    "CSeq: 7 OPTIONS",
  );
  assert.equal(some.callId, "c@d");
  assert.equal(some.fromTag, "f");
  assert.equal(some.toTag, "t");
  assert.equal(some.cseqNumber, 7);
  assert.equal(some.cseqMethod, "OPTIONS");
  assert.equal(some.branch, "z9hG4bKa");
});

for (const [state, some] of [
  ["absent", nothing],
  ["malformed", message("Via: x", "From: x", "To: x", "CSeq: x", "Max-Forwards: x", "Content-Type: x")],
  ["without the parameter", message("Via: SIP/2.0/UDP h", "From: <sip:a>", "To: <sip:b>")],
] as const) {
  test(`the conveniences are empty when the header field is ${state}`, () => {
    assert.equal(some.callId, "");
    assert.equal(some.fromTag, "");
    assert.equal(some.toTag, "");
    assert.equal(some.cseqNumber, -1);
    assert.equal(some.cseqMethod, "");
    assert.equal(some.branch, "");
    assert.equal(some.contentType(), undefined);
    assert.equal(some.maxForwards(), undefined);
  });
}

test("a header field is found in the first row and in the last", () => {
  const rows = [
    "Via: SIP/2.0/UDP h",
    "From: <sip:a>",
    "To: <sip:b>",
    "CSeq: 1 X",
    "Contact: <sip:c>",
    "Call-ID: d",
  ];
  const more = ["Max-Forwards: 7", "Content-Type: a/b", "Route: <sip:r>", "Q: 9"];
  const all = [...rows, ...more];
  for (let turn = 0; turn < all.length; turn++) {
    const some = message(...all.slice(turn), ...all.slice(0, turn));
    for (const parsed of [some.via(), some.vias(), some.from(), some.to(), some.cseq()]) assert.ok(parsed.ok);
    const contact = some.contact();
    assert.ok(contact.ok && contact.value !== undefined && contact.value !== "*");
    const routes = some.nameAddrs("Route");
    assert.ok(routes.ok);
    assert.equal(routes.value.length, 1);
    assert.deepEqual(
      [some.callId, some.maxForwards(), some.contentType(), some.value("q"), some.values("Q").length],
      ["d", 7, "a/b", "9", 1],
    );
    assert.deepEqual(some.list("Route"), ["<sip:r>"]);
  }
});

test("missing mandatory header fields are errors of their own", () => {
  const codes = [nothing.via(), nothing.vias(), nothing.from(), nothing.to(), nothing.cseq()].map((parsed) =>
    parsed.ok ? "" : parsed.error.code,
  );
  assert.deepEqual(codes, ["via-missing", "via-missing", "from-missing", "to-missing", "cseq-missing"]);
});

test("vias come in order over rows, lists and folds, and fail together", () => {
  const some = message(
    "Via: SIP/2.0/UDP a;branch=1 ,SIP/2.0/TCP b",
    "Q: x",
    "v: SIP/2.0/TLS\r\n c,\r\n SIP/2.0/UDP d",
  );
  const vias = some.vias();
  assert.ok(vias.ok);
  assert.deepEqual(
    vias.value.map((via) => `${via.protocol} ${via.host}`),
    ["UDP a", "TCP b", "TLS c", "UDP d"],
  );
  assert.ok(!message("Via: SIP/2.0/UDP a", "Via: x").vias().ok);
  assert.ok(!message("Via: SIP/2.0/UDP a,").vias().ok);
  assert.ok(message("Via: SIP/2.0/UDP a,").via().ok);
});

test("From takes one value only", () => {
  assert.ok(!message("From: <sip:a>, <sip:b>").from().ok);
  const folded = message("From: <sip:a>\r\n ;tag=1");
  assert.equal(folded.fromTag, "1");
});

test("contact is the first value, contacts are all", () => {
  const some = message("Contact: <sip:a>;q=1, <sip:b>", "m: sip:c;expires=5");
  const first = some.contact();
  assert.ok(first.ok && first.value !== undefined && first.value !== "*");
  assert.equal(first.value.addrSpec, "sip:a");
  const all = some.contacts();
  assert.ok(all.ok && all.value !== "*");
  assert.deepEqual(
    all.value.map((contact) => contact.addrSpec),
    ["sip:a", "sip:b", "sip:c"],
  );
  assert.deepEqual(nothing.contact(), { ok: true, value: undefined });
  assert.deepEqual(nothing.contacts(), { ok: true, value: [] });
  assert.ok(!message("Contact: <sip:a>, x").contacts().ok);
  assert.ok(!message("Contact: x").contact().ok);
});

test("a star is alone (RFC 3261 §20.10)", () => {
  assert.deepEqual(message("Contact: *").contact(), { ok: true, value: "*" });
  assert.deepEqual(message("Contact: *").contacts(), { ok: true, value: "*" });
  assert.deepEqual(message("Contact:\r\n *").contact(), { ok: true, value: "*" });
  assert.ok(!message("Contact: *, <sip:a>").contacts().ok);
  assert.ok(!message("Contact: *", "Contact: *").contacts().ok);
  assert.ok(!message("Contact: **").contact().ok);
});

test("an empty row of name-addrs is malformed", () => {
  assert.ok(!message("Route:").nameAddrs("Route").ok);
  assert.ok(!message("Route: <sip:a>,").nameAddrs("Route").ok);
  assert.ok(!message("Route: <sip:a>", "Route: <sip:b>, x").nameAddrs("Route").ok);
  assert.deepEqual(nothing.nameAddrs("Route"), { ok: true, value: [] });
});

const maxForwards: readonly (readonly [value: string, expected: number | undefined])[] = [
  ["0", 0],
  ["70", 70],
  ["0068", 68],
  ["255", 255],
  ["256", undefined],
  ["-1", undefined],
  ["7 0", undefined],
  ["\r\n 69", 69],
];

for (const [value, expected] of maxForwards) {
  test(`Max-Forwards ${JSON.stringify(value)} is ${expected}`, () => {
    assert.equal(message(`Max-Forwards: ${value}`).maxForwards(), expected);
  });
}

test("the media type is in lower case and without parameters", () => {
  assert.equal(message("c: Application/SDP;x=1").contentType(), "application/sdp");
  assert.equal(message("Content-Type: application/\r\n sdp").contentType(), "application/sdp");
});

test("the text is the message itself", () => {
  const text = "OPTIONS sip:h SIP/2.0\r\nQ: 1\r\n\r\nbody";
  const parsed = parseMessage(text, "datagram");
  assert.ok(parsed.ok);
  assert.equal(parsed.value.text, text);
});

test("a walk over the rows sees what rows() sees, with ids", () => {
  const text =
    "OPTIONS sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nX-One:  1 \r\nt: <sip:a@b>\r\n ;x=y\r\n\r\n";
  const parsed = parseMessage(text, "datagram");
  assert.ok(parsed.ok);
  const message = parsed.value;
  const walked: [number, string, string][] = [];
  for (let row = 0; row < message.rowCount; row++) {
    walked.push([message.idAt(row), message.nameAt(row), message.valueAt(row)]);
  }
  assert.deepEqual(walked, [
    [headerField.via, "Via", "SIP/2.0/UDP h;branch=z9hG4bK1"],
    [unknownHeaderField, "X-One", "1"],
    [headerField.to, "To", "<sip:a@b> ;x=y"],
  ]);
  assert.deepEqual(
    message.rows(),
    walked.map(([, name, value]) => ({ name, value })),
  );
});

test("the Request-URI is parsed once, and says when it is none of ours", () => {
  const request = (uri: string): SipMessage => {
    const parsed = parseMessage(`OPTIONS ${uri} SIP/2.0\r\n\r\n`, "datagram");
    assert.ok(parsed.ok);
    return parsed.value;
  };
  const sip = request("sip:alice@Example.com:5070");
  assert.ok(sip.isRequest);
  const uri = sip.uri();
  assert.ok(uri.ok);
  assert.deepEqual([uri.value.user, uri.value.host, uri.value.port], ["alice", "example.com", 5070]);
  assert.equal(sip.uri(), uri);
  const tel = request("tel:+15551234567");
  assert.ok(tel.isRequest);
  assert.equal(tel.uri().ok, false);
});
