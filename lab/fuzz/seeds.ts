/** What the fuzzers begin with. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "packages", "sip", "testdata");

function filesOf(set: string): string[] {
  const names = readdirSync(join(folder, set)).filter((name) => name.endsWith(".dat"));
  return names.toSorted().map((name) => readFileSync(join(folder, set, name), "latin1"));
}

const invite = [
  "INVITE sip:+15550100@acme.pstn.tandem.test SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK1;rport",
  "Max-Forwards: 70",
  'From: "Ada" <sip:+12025550123@pbx.example>;tag=1',
  "To: <sip:+15550100@acme.pstn.tandem.test>",
  "Call-ID: 1@192.0.2.10",
  "CSeq: 1 INVITE",
  "Contact: <sip:pbx@192.0.2.10:5060;transport=tcp>",
  "Record-Route: <sip:p1.example;lr>, <sip:p2.example;lr>",
  "Diversion: <sip:+12025550124@pbx.example>;reason=unconditional",
  'Reason: Q.850;cause=16;text="Normal call clearing"',
  "Session-Expires: 1800;refresher=uac",
  "Content-Type: application/sdp",
  "Content-Length: 4",
  "",
  "v=0\r",
].join("\r\n");

/** The messages of RFC 4475 and RFC 5118, and one of a customer. */
export const sipSeeds: readonly string[] = [invite, ...filesOf("rfc4475"), ...filesOf("rfc5118")];

/** The first byte is the size of the pieces. */
export const streamSeeds: readonly string[] = [
  `\x06${invite}${invite}`,
  `\x00\r\n\r\n${invite}\r\n\r\n\r\n${invite}`,
  "\x02OPTIONS sip:a SIP/2.0\r\nl: 4\r\n\r\nbodyOPTIONS sip:b SIP/2.0\r\nContent-Length : 0\r\n\r\n",
];

const session = ["v=0", "o=- 4711 1 IN IP4 192.0.2.10", "s=-", "c=IN IP4 192.0.2.10", "t=0 0"];

export const sdpSeeds: readonly string[] = [
  ...[
    [...session, "m=audio 4000 RTP/AVP 0 101", "a=rtpmap:101 telephone-event/8000", "a=sendrecv"],
    [
      ...session,
      "m=audio 4000/2 RTP/AVP 0",
      "c=IN IP4 0.0.0.0",
      "a=rtcp:4003 IN IP4 192.0.2.11",
      "m=image 5000 udptl t38",
      "a=T38FaxVersion:0",
    ],
    [
      "v=0",
      "o=- 1 1 IN IP6 2001:db8::1",
      "s=-",
      "c=IN IP6 2001:db8::1",
      "t=0 0",
      "m=video 4000 RTP/AVP 96",
      "a=rtpmap:96 H264/90000",
      "a=inactive",
    ],
    [
      ...session,
      "a=ice-ufrag:x",
      "m=audio 9 UDP/TLS/RTP/SAVPF 111",
      "a=candidate:1 1 udp 1 192.0.2.1 4000 typ host",
      "a=rtcp-mux",
      "a=mid:0",
    ],
  ].map((lines) => `${lines.join("\r\n")}\r\n`),
  ...filesOf("rfc4475").map((text) => text.slice(text.indexOf("\r\n\r\n") + 4)),
];

export const uriSeeds: readonly string[] = [
  "sip:+15550100@acme.pstn.tandem.test",
  "sips:alice:secret@[2001:db8::10]:5070;transport=tls;lr?Subject=a%20b&Priority=urgent",
  "sip:user;par=u%40example.net@example.com",
  "sip:+15550100;npdi;rn=+15550199@gateway;user=phone",
  "sip:192.0.2.1;maddr=239.255.255.1;ttl=15;method=INVITE",
  "tel:+1-201-555-0123;ext=5;phone-context=example.com",
  "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
];

export const digestSeeds: readonly string[] = [
  'Digest realm="tandem.test", nonce="abc", qop="auth,auth-int", algorithm=MD5, opaque="x", stale=TRUE',
  'Digest username="pbx", realm="tandem.test", nonce="abc", uri="sip:+1555@a.test", response="0123456789abcdef0123456789abcdef", qop=auth, nc=00000001, cnonce="0a4f"',
  'Digest realm="a\\"b", nonce="", algorithm=SHA-256',
  "Basic dXNlcjpwYXNz",
];

const rtp = "\x80\x00\x00\x01\x00\x00\x00\xa0\x12\x34\x56\x78voice";

/** Each packet behind a byte that says how long it is. */
export const packetSeeds: readonly string[] = [
  `\x11${rtp}\x11${rtp.replace("\x01", "\x02")}\x11${rtp.replace("\x01", "\x03")}`,
  "\x08\x80\xc8\x00\x01\x12\x34\x56\x78",
  // A sender report, and a receiver report that answers to it.
  `\x1c\x80\xc8\x00\x06\x12\x34\x56\x78\x00\x00\xca\xfe\x00\x01${"\x00".repeat(14)}\x21\x81\xc9\x00\x07\x9a\xbc\xde\xf0\x12\x34\x56\x78\x40\x00\x00\x05${"\x00".repeat(7)}\x50\xca\xfe\x00\x01\x00\x00\x80\x00\x00`,
  "\x14\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl",
];

function passport(ppt: "shaken" | "div", claims: object): string {
  const header = JSON.stringify({ alg: "ES256", ppt, typ: "passport", x5u: "https://a.example/c.pem" });
  const call = JSON.stringify({ iat: 1_700_000_000, orig: { tn: "12155550100" }, ...claims });
  return `${header}|${call}|;info=<https://a.example/c.pem>;alg=ES256;ppt="${ppt}"`;
}

const attested = { attest: "A", origid: "123e4567-e89b-12d3-a456-426655440000" };

/** Header, claims and parameters between bars: a call, and one that was sent on twice. */
export const identitySeeds: readonly string[] = [
  passport("shaken", { ...attested, dest: { tn: ["12155550199"] } }),
  [
    passport("shaken", { ...attested, dest: { tn: ["12155550150"], uri: ["sip:a@b.example"] } }),
    passport("div", { dest: { tn: ["12155550199"] }, div: { tn: "12155550151" } }),
    passport("div", { dest: { tn: ["12155550151"] }, div: { tn: "12155550150" } }),
  ].join("\n"),
  "eyJhIjoxfQ.eyJiIjoxfQ.AAAA;info=<https://a.example/c.pem>;ppt=shaken",
  "..AAAA ; info = <https://a.example:8443/c.pem?x=1> ; alg=ES256",
];
