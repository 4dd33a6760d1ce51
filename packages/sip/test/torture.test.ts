/**
 * All messages of RFC 4475 and RFC 5118, each with what this stack makes of it. The tables are literal: a change of
 * behaviour has to be written down here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  createResponse,
  optionTagsOf,
  parseMessage,
  type SipMessage,
  type SipRequest,
  serialize,
  validateRequest,
  validateResponse,
} from "../src/message/index.ts";
import { parseSipUri, schemeOf, uriEquals } from "../src/uri/index.ts";

type Verdict =
  /** Nothing wrong with the message itself. */
  | "accept"
  /** Refused with this status and reason phrase. */
  | `${number} ${string}`
  /** The same, but there is not enough of it to build a response of. */
  | `unanswerable ${number} ${string}`
  /** Dropped, with the code of the reason. */
  | `drop ${string}`;

const rfc4475: readonly (readonly [name: string, verdict: Verdict])[] = [
  ["wsinv", "accept"],
  ["intmeth", "accept"],
  ["esc01", "accept"],
  ["escnull", "accept"],
  ["esc02", "accept"],
  ["lwsdisp", "accept"],
  ["longreq", "accept"],
  ["dblreq", "accept"],
  ["semiuri", "accept"],
  ["transports", "accept"],
  ["mpart01", "accept"],
  ["unreason", "accept"],
  ["noreason", "accept"],
  ["badinv01", "400 Malformed Via header field: empty parameter"],
  ["clerr", "400 Content-Length is larger than the datagram"],
  ["ncl", "400 Malformed Content-Length header field"],
  ["scalar02", "400 CSeq number is out of range"],
  ["scalarlg", "drop cseq-out-of-range"],
  ["quotbal", "400 Malformed To header field: Quoted string is not closed"],
  ["ltgtruri", "400 Malformed Request-URI"],
  ["lwsruri", "400 Malformed Request-URI"],
  ["lwsstart", "400 Malformed Request-URI"],
  ["trws", "400 Malformed Request-Line"],
  ["escruri", "400 Request-URI has a headers part"],
  ["baddate", "accept"],
  ["regbadct", "400 Malformed Contact header field: URI needs angle brackets"],
  ["badaspec", "400 Malformed To header field: Malformed URI"],
  ["baddn", "400 Missing empty line after the header fields"],
  ["badvers", "505 Version Not Supported"],
  ["mismatch01", "400 CSeq method does not match"],
  ["mismatch02", "400 CSeq method does not match"],
  ["bigcode", "drop status-line-malformed"],
  ["badbranch", "400 Via branch is empty"],
  ["insuf", "unanswerable 400 Missing From header field"],
  // 416, 420, 415, 401, 483 and 406 are for the UAS, which knows what it can do.
  ["unkscm", "accept"],
  ["novelsc", "accept"],
  ["unksm2", "accept"],
  ["bext01", "accept"],
  ["invut", "accept"],
  ["regaut01", "accept"],
  ["multi01", "400 More than one From header field"],
  ["mcl01", "400 More than one Content-Length header field"],
  ["bcast", "drop via-repeated"],
  ["zeromf", "accept"],
  ["cparam01", "accept"],
  ["cparam02", "accept"],
  ["regescrt", "accept"],
  ["sdp01", "accept"],
  ["inv2543", "accept"],
  ["test", "unanswerable 400 Malformed Request-Line"],
];

const rfc5118: readonly (readonly [name: string, verdict: Verdict])[] = [
  ["ipv6-good", "accept"],
  ["ipv6-bad", "400 Malformed Request-URI: Malformed port in URI"],
  ["port-ambiguous", "accept"],
  ["port-unambiguous", "accept"],
  ["via-received-param-with-delim", "accept"],
  ["via-received-param-no-delim", "accept"],
  // As printed in the RFC its Content-Length does not fit; the corrected one follows.
  ["ipv6-in-sdp", "400 Content-Length is larger than the datagram"],
  ["ipv6-in-sdp.cl-fixed", "accept"],
  ["mult-ip-in-header", "accept"],
  ["mult-ip-in-sdp", "accept"],
  ["mult-ip-in-sdp.cl-fixed", "accept"],
  ["ipv4-mapped-ipv6", "accept"],
  ["ipv4-mapped-ipv6.cl-fixed", "accept"],
  ["ipv6-bug-abnf-3-colons", "accept"],
  ["ipv6-correct-abnf-2-colons", "accept"],
];

function read(set: string, name: string): string {
  return readFileSync(new URL(`../testdata/${set}/${name}.dat`, import.meta.url), "latin1");
}

function parsed(set: string, name: string): SipMessage {
  const message = parseMessage(read(set, name), "datagram");
  assert.ok(message.ok, name);
  return message.value;
}

function request(set: string, name: string): SipRequest {
  const message = parsed(set, name);
  assert.ok(message.isRequest, name);
  return message;
}

function verdictOn(text: string): Verdict {
  const message = parseMessage(text, "datagram");
  if (!message.ok) return `drop ${message.error.code}`;
  if (!message.value.isRequest) {
    const fault = validateResponse(message.value);
    return fault === undefined ? "accept" : `drop ${fault.code}`;
  }
  const fault = validateRequest(message.value);
  if (fault === undefined) return "accept";
  const refusal = `${fault.statusCode} ${fault.reasonPhrase}` as const;
  return fault.mayAnswer ? refusal : `unanswerable ${refusal}`;
}

/** Everything lazy, so that nothing is left that could throw later. */
function touchAll(text: string): void {
  const message = parseMessage(text, "datagram");
  if (!message.ok) return;
  const { value } = message;
  const from = { address: "198.51.100.9", port: 40_000 };
  for (const { name } of value.rows()) value.list(name);
  value.vias();
  value.contacts();
  value.contact();
  value.contentType();
  value.maxForwards();
  optionTagsOf(value, "Require");
  if (!value.isRequest) return;
  parseSipUri(value.requestUri);
  const fault = validateRequest(value);
  if (fault === undefined || fault.mayAnswer) {
    serialize(createResponse(value, 400, { toTag: "1", receivedFrom: from, copyRecordRoute: true }));
  }
}

function runSet(set: string, table: readonly (readonly [string, Verdict])[]): void {
  let asExpected = 0;
  const wrong: string[] = [];
  for (const [name, expected] of table) {
    const text = read(set, name);
    touchAll(text);
    const verdict = verdictOn(text);
    if (verdict === expected) asExpected++;
    else wrong.push(`${name}: ${verdict}, expected ${expected}`);
  }
  const lines = table.map(([name, verdict]) => `  ${name.padEnd(30)} ${verdict}`);
  process.stdout.write(`${set}\n${lines.join("\n")}\n${set}: ${asExpected} of ${table.length} as expected\n`);
  assert.deepEqual(wrong, []);
}

test("RFC 4475: every message gets the verdict written down for it", () => {
  runSet("rfc4475", rfc4475);
  const names = manifestNames("rfc4475");
  assert.equal(names.length, 50);
  assert.deepEqual(rfc4475.map(([name]) => name).toSorted(), names.toSorted());
});

test("RFC 5118: every message gets the verdict written down for it", () => {
  runSet("rfc5118", rfc5118);
  const names = rfc5118.map(([name]) => name).filter((name) => !name.endsWith(".cl-fixed"));
  assert.deepEqual(names.toSorted(), manifestNames("rfc5118").toSorted());
});

function manifestNames(set: string): readonly string[] {
  const text = readFileSync(new URL(`../testdata/${set}/manifest.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
}

test("RFC 4475: no message throws when it is cut short at any byte", () => {
  for (const [name] of rfc4475) {
    const text = read("rfc4475", name);
    const step = Math.max(1, Math.floor(text.length / 97));
    for (let length = 0; length < text.length; length += step) touchAll(text.slice(0, length));
  }
});

test("wsinv: folds, blanks and compact forms mean what they should", () => {
  const invite = request("rfc4475", "wsinv");
  const to = invite.to();
  assert.ok(to.ok);
  assert.equal(to.value.addrSpec, "sip:vivekg@chair-dnrc.example.com");
  assert.equal(invite.toTag, "1918181833n");
  const from = invite.from();
  assert.ok(from.ok);
  assert.equal(from.value.displayName, 'J Rosenberg \\"');
  assert.equal(invite.fromTag, "98asjd8");
  assert.equal(invite.maxForwards(), 68);
  assert.equal(invite.cseqNumber, 9);
  assert.equal(invite.cseqMethod, "INVITE");
  assert.equal(invite.value("Subject"), "");
  assert.equal(invite.value("NewFangledHeader"), "newfangled value continued newfangled value");
  assert.equal(invite.body.length, 150);
  const vias = invite.vias();
  assert.ok(vias.ok);
  assert.deepEqual(
    vias.value.map((via) => `${via.protocol} ${via.host} ${via.branch}`),
    ["UDP 192.0.2.2 390skdjuw", "TCP spindle.example.com z9hG4bK9ikj8", "UDP 192.168.255.111 z9hG4bK30239"],
  );
  const contact = invite.contact();
  assert.ok(contact.ok && contact.value !== undefined && contact.value !== "*");
  assert.equal(contact.value.displayName, 'Quoted string ""');
  assert.equal(contact.value.parameters.get("newparam"), "newvalue");
  assert.equal(contact.value.parameters.get("q"), "0.33");
});

test("intmeth: the response repeats the NUL in the quoted display name of To", () => {
  const message = request("rfc4475", "intmeth");
  assert.equal(message.method, "!interesting-Method0123456789_*+`.%indeed'~");
  const response = serialize(createResponse(message, 501, { toTag: "a" }));
  assert.ok(response.includes('To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:'));
});

test("escnull: two contacts that differ by a NUL stay two", () => {
  const contacts = request("rfc4475", "escnull").contacts();
  assert.ok(contacts.ok && contacts.value !== "*");
  const [first, second] = contacts.value.map((contact) => contact.addrSpec);
  assert.equal(first, "sip:%00@host5.example.com");
  assert.equal(second, "sip:%00%00@host5.example.com");
  assert.ok(!uriEquals(first ?? "", second ?? ""));
});

test("esc02: %45 in a method or header field name is no escape", () => {
  const message = request("rfc4475", "esc02");
  assert.equal(message.method, "RE%47IST%45R");
  assert.equal(message.values("Contact").length, 2);
  assert.equal(message.value("C%6Fntact"), "<sip:alias2@host2.example.com>");
});

test("dblreq: octets behind the first message of a datagram are ignored", () => {
  const message = request("rfc4475", "dblreq");
  assert.equal(message.method, "REGISTER");
  assert.equal(message.body, "");
});

test("semiuri: the user part reaches to the @", () => {
  const uri = parseSipUri(request("rfc4475", "semiuri").requestUri);
  assert.ok(uri.ok);
  assert.equal(uri.value.user, "user;par=u%40example.net");
  assert.equal(uri.value.host, "example.com");
});

test("mpart01: the body keeps every byte", () => {
  const message = request("rfc4475", "mpart01");
  assert.equal(message.contentType(), "multipart/mixed");
  assert.equal(`${message.body.length}`, message.value("Content-Length"));
  assert.ok(message.body.includes("\0"));
});

test("unreason, noreason: the reason phrase may be anything, or nothing", () => {
  const unusual = parsed("rfc4475", "unreason");
  assert.ok(!unusual.isRequest);
  assert.equal(unusual.statusCode, 200);
  assert.ok(unusual.reasonPhrase.startsWith("= 2**3 * 5**2 \xd0\xbd\xd0\xbe"));
  const none = parsed("rfc4475", "noreason");
  assert.ok(!none.isRequest);
  assert.equal(none.statusCode, 100);
  assert.equal(none.reasonPhrase, "");
});

test("unkscm, novelsc: the scheme is there for a 416", () => {
  assert.equal(schemeOf(request("rfc4475", "unkscm").requestUri), "nobodyknowsthisscheme");
  assert.equal(schemeOf(request("rfc4475", "novelsc").requestUri), "soap.beep");
});

test("bext01: the option tags are there for a 420", () => {
  const message = request("rfc4475", "bext01");
  assert.deepEqual(optionTagsOf(message, "Require"), ["nothingsupportsthis", "nothingsupportsthiseither"]);
  assert.deepEqual(optionTagsOf(message, "Proxy-Require"), [
    "noproxiessupportthis",
    "nordoanyproxiessupportthis",
  ]);
});

test("cparam01, cparam02: a parameter outside the brackets is not of the URI", () => {
  const outside = request("rfc4475", "cparam01").contact();
  assert.ok(outside.ok && outside.value !== undefined && outside.value !== "*");
  assert.equal(outside.value.addrSpec, "sip:+19725552222@gw1.example.net");
  assert.ok(outside.value.parameters.has("unknownparam"));
  const inside = request("rfc4475", "cparam02").contact();
  assert.ok(inside.ok && inside.value !== undefined && inside.value !== "*");
  assert.equal(inside.value.addrSpec, "sip:+19725552222@gw1.example.net;unknownparam");
  assert.ok(!inside.value.parameters.has("unknownparam"));
});

test("RFC 5118 §4.3, §4.4: a port belongs outside the brackets", () => {
  const ambiguous = parseSipUri(request("rfc5118", "port-ambiguous").requestUri);
  assert.ok(ambiguous.ok);
  assert.equal(ambiguous.value.host, "[2001:db8::10:5070]");
  assert.equal(ambiguous.value.port, undefined);
  const unambiguous = parseSipUri(request("rfc5118", "port-unambiguous").requestUri);
  assert.ok(unambiguous.ok);
  assert.equal(unambiguous.value.host, "[2001:db8::10]");
  assert.equal(unambiguous.value.port, 5070);
});

test("RFC 5118 §4.5: received with and without brackets", () => {
  const bare = request("rfc5118", "via-received-param-no-delim").via();
  assert.ok(bare.ok);
  assert.equal(bare.value.received, "2001:db8::9:255");
  const delimited = request("rfc5118", "via-received-param-with-delim").via();
  assert.ok(delimited.ok);
  assert.equal(delimited.value.received, "[2001:db8::9:255]");
});

test("RFC 5118 §4.10: three colons are read as two", () => {
  const uri = parseSipUri(request("rfc5118", "ipv6-bug-abnf-3-colons").requestUri);
  assert.ok(uri.ok);
  assert.equal(uri.value.host, "[2001:db8::192.0.2.1]");
});
