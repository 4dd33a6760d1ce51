import assert from "node:assert/strict";
import { test } from "node:test";
import { type CandidateUriResult, type ParsedCandidateUri, parseCandidateUri } from "./candidate-uri.ts";
import { maximumUriHeaderCharacters } from "./uri-header-list.ts";

const sid = `TX${"0123456789abcdef".repeat(2)}`;
const plain: ParsedCandidateUri = {
  host: "192.0.2.1",
  port: undefined,
  transport: undefined,
  user: undefined,
  edge: undefined,
  tnx: undefined,
  srtp: undefined,
  ice: undefined,
  headers: [],
  omittedHeaders: [],
};

const accepted: [url: string, expected: Partial<ParsedCandidateUri>][] = [
  ["sip:192.0.2.1", {}],
  ["SIP:192.0.2.1", {}],
  ["sip://192.0.2.1:5080", { port: 5080 }],
  ["sip:MySBC.example.com;edge=ashburn-ix", { host: "mysbc.example.com", edge: "ashburn-ix" }],
  ["sip:192.0.2.1;EDGE=us1-ix", { edge: "us1-ix" }],
  ["sip:192.0.2.1;region=ie1", { edge: "ie1" }],
  ["sip:192.0.2.1;region=ie1;edge=dublin", { edge: "dublin" }],
  ["sip:192.0.2.1;edge", {}],
  [`sip:192.0.2.1;tnx=${sid}`, { tnx: sid }],
  ["sip:192.0.2.1;tnx", {}],
  ["sip:192.0.2.1:5061;transport=tls", { port: 5061, transport: "TLS" }],
  ["sip:192.0.2.1;srtp=DTLS;ice=lite", { srtp: "dtls", ice: "lite" }],
  ["sip:192.0.2.1;srtp=sdes;ice=full", { srtp: "sdes", ice: "full" }],
  ["sip:192.0.2.1;srtp;ice", {}],
  ["sip:192.0.2.1;transport=TCP", { transport: "TCP" }],
  ["sip:192.0.2.1;transport=udp", { transport: "UDP" }],
  ["sips:192.0.2.1", { transport: "TLS" }],
  ["sips:192.0.2.1;transport=tcp", { transport: "TLS" }],
  ["sip:anniebp@192.0.2.1", { user: "anniebp" }],
  ["sip:%2B1555@192.0.2.1", { user: "%2B1555" }],
  ["sip:what?ever@192.0.2.1?X-a=b", { user: "what?ever", headers: [{ name: "X-a", value: "b" }] }],
  ["sip:[2001:db8::1]:5060", { host: "[2001:db8::1]", port: 5060 }],
  ["sip:192.0.2.1?X-name=value", { headers: [{ name: "X-name", value: "value" }] }],
  [
    "sip:192.0.2.1;transport=tcp?X-a=1&x-b=a%20b%3B&X-empty=",
    {
      transport: "TCP",
      headers: [
        { name: "X-a", value: "1" },
        { name: "x-b", value: "a b;" },
        { name: "X-empty", value: "" },
      ],
    },
  ],
  ["sip:192.0.2.1?X-utf=%C3%A9", { headers: [{ name: "X-utf", value: "\u00c3\u00a9" }] }],
];

test("SIP URLs of candidates", () => {
  for (const [url, expected] of accepted) {
    assert.deepEqual(parseCandidateUri(url), { ok: true, value: { ...plain, ...expected } }, url);
  }
});

const refused: [url: string, reason: string][] = [
  ["", "malformed-sip-uri"],
  ["sip:192.0.2.1;srtp=zrtp", "unsupported-uri-parameter"],
  ["sip:192.0.2.1;ice=yes", "unsupported-uri-parameter"],
  ["192.0.2.1", "malformed-sip-uri"],
  ["tel:+15551234567", "malformed-sip-uri"],
  ["http://192.0.2.1", "malformed-sip-uri"],
  ["sip:", "malformed-sip-uri"],
  ["sip:192.0.2.1:99999", "malformed-sip-uri"],
  ["sip:192.0.2.1;transport=sctp", "unsupported-uri-parameter"],
  ["sip:192.0.2.1;transport=ws", "unsupported-uri-parameter"],
  ["sip:192.0.2.1;tnx=TX12", "connection-sid-malformed"],
  [`sip:192.0.2.1;tnx=${sid}0`, "connection-sid-malformed"],
  [`sip:192.0.2.1;tnx=AC${sid.slice(2)}`, "connection-sid-malformed"],
];

test("URLs that can not be used say why", () => {
  for (const [url, reason] of refused) assert.equal(reasonOf(parseCandidateUri(url)), reason, url);
});

const omitted: [header: string, reason: string][] = [
  ["Subject=hello", "uri-header-not-allowed"],
  ["User-to-User=00", "uri-header-not-allowed"],
  ["X-=1", "uri-header-not-allowed"],
  ["X-Tandem-CallSid=1", "uri-header-not-allowed"],
  ["x-tandemfoo=1", "uri-header-not-allowed"],
  ["X-Twilio-CallSid=1", "uri-header-not-allowed"],
  ["x-TWILIO=1", "uri-header-not-allowed"],
  ["%58-Tandem-CallSid=1", "uri-header-not-allowed"],
  ["=1", "bad-uri-header-name"],
  ["X-a%20b=1", "bad-uri-header-name"],
  ["X-a%0D%0A=1", "bad-uri-header-name"],
  ["X-a:=1", "bad-uri-header-name"],
  ["X-a%=1", "bad-uri-header-name"],
  ["X-a=a%0d%0aRoute:evil", "bad-uri-header-value"],
  ["X-a=%00", "bad-uri-header-value"],
  ["X-a=%7f", "bad-uri-header-value"],
  ["X-a=%1F", "bad-uri-header-value"],
  ["X-a=%2", "bad-uri-header-value"],
  ["X-a=%zz", "bad-uri-header-value"],
  ["X-a=a b", "bad-uri-header-value"],
  ['X-a="b"', "bad-uri-header-value"],
  ["X-a=b=c", "bad-uri-header-value"],
];

test("a bad header is left out with its reason, and the others stay", () => {
  for (const [header, reason] of omitted) {
    const parsed = valueOf(parseCandidateUri(`sip:192.0.2.1?X-first=1&${header}&X-last=2`));
    assert.deepEqual(
      parsed.headers.map((field) => field.name),
      ["X-first", "X-last"],
      header,
    );
    assert.deepEqual(
      parsed.omittedHeaders.map((one) => [one.name, one.reason.name]),
      [[header.slice(0, header.indexOf("=")), reason]],
      header,
    );
  }
});

test("a tab and bytes above ASCII may stand in a value", () => {
  const parsed = valueOf(parseCandidateUri("sip:192.0.2.1?X-a=%09%20%FF"));
  assert.deepEqual(parsed.headers, [{ name: "X-a", value: "\t \u00ff" }]);
});

test("header sections are taken up to 1023 characters", () => {
  const section = (length: number) => `X-a=${"b".repeat(length - 4)}`;
  const atLimit = valueOf(parseCandidateUri(`sip:192.0.2.1?${section(maximumUriHeaderCharacters - 1)}`));
  assert.equal(atLimit.headers[0]?.value.length, 1019);
  const past = valueOf(parseCandidateUri(`sip:192.0.2.1?${section(maximumUriHeaderCharacters)}`));
  assert.deepEqual(past.headers, []);
  assert.equal(past.omittedHeaders[0]?.reason.name, "uri-headers-too-long");
  assert.equal(maximumUriHeaderCharacters, 1024);
});

function reasonOf(result: CandidateUriResult): string {
  return result.ok ? "accepted" : result.reason.name;
}

function valueOf(result: CandidateUriResult): ParsedCandidateUri {
  assert.ok(result.ok);
  return result.value;
}
