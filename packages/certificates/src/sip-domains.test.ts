import assert from "node:assert/strict";
import { test } from "node:test";
import { sipDomainsOf } from "./sip-domains.ts";

const table: [rule: string, names: string | undefined, domains: string[]][] = [
  ["DNS names", "DNS:A.test, DNS:b.test", ["a.test", "b.test"]],
  ["SIP URIs, in any case", "URI:SIP:Example.com", ["example.com"]],
  ["no DNS name beside a SIP URI", "DNS:host.test, URI:sip:example.com", ["example.com"]],
  [
    "a SIP URI with a user is no domain, and hides none",
    "DNS:host.test, URI:sip:a@example.com",
    ["host.test"],
  ],
  ["the port and parameters of a URI are no name", "URI:sip:a.test:5061;transport=tls", ["a.test"]],
  ["URIs of other schemes", "URI:http:example.com, URI:sips:example.com", []],
  ["addresses and mail", "IP Address:192.0.2.1, email:a@example.com", []],
  ["a quoted name that looks like two", 'DNS:x.test, URI:"http://a/, URI:sip:example.com"', ["x.test"]],
  ["none at all", undefined, []],
];
for (const [rule, names, domains] of table) {
  test(`domains of a certificate: ${rule}`, () => assert.deepEqual(sipDomainsOf(names), domains));
}
