import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeerCertificate } from "node:tls";
import { checkPeerIdentity } from "./peer-identity.ts";

test("the common name counts only where subjectAltName names nobody (RFC 5922 §7.1)", () => {
  const named = (subjectaltname?: string): PeerCertificate =>
    ({ subject: { CN: "example.com" }, subjectaltname }) as unknown as PeerCertificate;
  assert.equal(checkPeerIdentity("example.com", named()), undefined);
  assert.ok(checkPeerIdentity("example.com", named("URI:sip:other.test")) instanceof Error);
  assert.ok(checkPeerIdentity("example.com", named("DNS:other.test")) instanceof Error);
});

const table: [rule: string, serverName: string, subjectAlternativeNames: string, isRight: boolean][] = [
  ["DNS name", "pbx.example.com", "DNS:pbx.example.com", true],
  ["another DNS name", "pbx.example.com", "DNS:example.com", false],
  ["SIP URI (RFC 5922 §7.1)", "example.com", "DNS:host.test, URI:sip:example.com", true],
  [
    "a DNS name beside a SIP URI is none (RFC 5922 §7.1)",
    "host.test",
    "DNS:host.test, URI:sip:example.com",
    false,
  ],
  ["a SIP URI with a user hides no DNS name", "host.test", "DNS:host.test, URI:sip:a@example.com", true],
  ["SIP URI in another case", "Example.COM", "URI:SIP:example.com", true],
  ["SIP URI of a part of the name", "pbx.example.com", "URI:sip:example.com", false],
  ["SIP URI with a user is no domain", "example.com", "URI:sip:a@example.com", false],
  ["a URI of another scheme", "example.com", "URI:http:example.com", false],
  [
    "a quoted name that looks like two",
    "example.com",
    'DNS:x.test, URI:"http://a/, URI:sip:example.com"',
    false,
  ],
  ["wildcard (deviation)", "a.example.com", "DNS:*.example.com", true],
  ["wildcard for two labels", "a.b.example.com", "DNS:*.example.com", false],
  ["address", "192.0.2.1", "IP Address:192.0.2.1", true],
  ["another address", "192.0.2.2", "IP Address:192.0.2.1", false],
];
for (const [rule, serverName, subjectaltname, isRight] of table) {
  test(`certificate identity: ${rule}`, () => {
    const certificate = { subject: {}, subjectaltname } as unknown as PeerCertificate;
    assert.equal(checkPeerIdentity(serverName, certificate) === undefined, isRight);
  });
}
