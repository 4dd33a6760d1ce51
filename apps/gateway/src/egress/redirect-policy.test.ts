import assert from "node:assert/strict";
import { test } from "node:test";
import { reasons } from "@tandem/reasons";
import { type ParsedCandidateUri, parseCandidateUri } from "@tandem/routing";
import { originationCallOnTrunk } from "../testing/call-of.ts";
import { followRedirect, isPrivateHost } from "./redirect-policy.ts";
import { requestUriOf } from "./sip-uri-text.ts";

function follow(contact: string, from = "sip:192.0.2.20"): ParsedCandidateUri | undefined {
  const origin = parseCandidateUri(from);
  assert.ok(origin.ok);
  const followed = followRedirect(originationCallOnTrunk(), origin.value, contact);
  if ("host" in followed) return followed;
  assert.equal(followed, reasons.redirectFailed);
  return undefined;
}

const table: readonly (readonly [rule: string, from: string, contact: string, to: string | undefined])[] = [
  ["another host", "sip:pbx.example", "sip:+1999@other.example:5080", "sip:+1999@other.example:5080"],
  [
    "the user stays when the Contact has none",
    "sip:annie@pbx.example",
    "sip:other.example",
    "sip:annie@other.example",
  ],
  [
    "the transport is the Contact's",
    "sip:pbx.example;transport=tcp",
    "sip:other.example",
    "sip:other.example",
  ],
  [
    "but TLS stays",
    "sip:pbx.example;transport=tls",
    "sip:other.example;transport=udp",
    "sip:other.example;transport=tls",
  ],
  [
    "edge and header fields of the Contact do not count",
    "sip:pbx.example",
    "sip:other.example;edge=ashburn?X-a=b",
    "sip:other.example",
  ],
  ["not to us", "sip:pbx.example", "sip:+1555@tandem.test", undefined],
  ["nor to names below us", "sip:pbx.example", "sip:+1555@acme.pstn.TANDEM.test", undefined],
  [
    "a domain that only ends like ours is another's",
    "sip:pbx.example",
    "sip:nottandem.test",
    "sip:nottandem.test",
  ],
  ["no other scheme", "sip:pbx.example", "tel:+1555", undefined],
  ["no unknown transport", "sip:pbx.example", "sip:other.example;transport=sctp", undefined],
  ["not from the internet into a private network", "sip:192.0.2.20", "sip:10.1.2.3", undefined],
  ["nor by the name that every host has for itself", "sip:192.0.2.20", "sip:localhost:8080", undefined],
  ["a name does not vouch for it", "sip:pbx.example", "sip:192.168.1.1", undefined],
  [
    "not to a carrier, past the rules for numbers",
    "sip:pbx.example",
    "sip:+1999@203.0.113.7:5060",
    undefined,
  ],
  ["within a private network", "sip:10.1.2.2", "sip:10.1.2.3", "sip:10.1.2.3"],
  ["and out of it", "sip:10.1.2.2", "sip:192.0.2.20", "sip:192.0.2.20"],
];

for (const [rule, from, contact, to] of table) {
  test(`redirect: ${rule}`, () => {
    const followed = follow(contact, from);
    assert.equal(followed && requestUriOf(followed, followed.user), to);
  });
}

test("the path and the header fields of the attempt stay", () => {
  const followed = follow("sip:other.example?X-b=2", "sip:pbx.example;edge=ashburn-ix?X-a=1");
  assert.deepEqual(followed?.headers, [{ name: "X-a", value: "1" }]);
  assert.deepEqual([followed?.edge, followed?.tnx], [undefined, undefined]);
});

const hosts: readonly (readonly [host: string, isPrivate: boolean])[] = [
  ["0.0.0.0", true],
  ["9.255.255.255", false],
  ["10.0.0.0", true],
  ["10.255.255.255", true],
  ["11.0.0.0", false],
  ["100.63.255.255", false],
  ["100.64.0.0", true],
  ["100.127.255.255", true],
  ["100.128.0.0", false],
  ["126.255.255.255", false],
  ["127.0.0.1", true],
  ["128.0.0.0", false],
  ["169.253.255.255", false],
  ["169.254.1.1", true],
  ["169.255.0.0", false],
  ["172.15.255.255", false],
  ["172.16.0.0", true],
  ["172.31.255.255", true],
  ["172.32.0.0", false],
  ["192.167.255.255", false],
  ["192.168.0.0", true],
  ["192.169.0.0", false],
  ["223.255.255.255", false],
  ["224.0.0.1", true],
  ["255.255.255.255", true],
  ["[::]", true],
  ["[::1]", true],
  ["[::2]", false],
  ["[fbff::1]", false],
  ["[fc00::1]", true],
  ["[fdff::1]", true],
  ["[fe00::1]", false],
  ["[fe80::1]", true],
  ["[febf::1]", true],
  ["[ff02::1]", true],
  ["[2001:db8::1]", false],
  ["[::ffff:10.0.0.1]", true],
  ["[::ffff:192.0.2.1]", false],
  ["10.example", false],
  ["localhost.example", false],
  ["notlocalhost", false],
  ["localhost", true],
  ["LOCALHOST.", true],
  ["pbx.localhost", true],
];

for (const [host, isPrivate] of hosts) {
  test(`${host} is ${isPrivate ? "" : "not "}private`, () => assert.equal(isPrivateHost(host), isPrivate));
}
