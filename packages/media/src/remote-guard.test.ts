import assert from "node:assert/strict";
import { test } from "node:test";
import type { RelayRemote } from "./media-relay.ts";
import { objectionToRemote } from "./remote-guard.ts";
import { RelayDouble } from "./testing/index.ts";

const interfaces = [{ name: "public", localAddress: "10.0.0.5", advertisedAddress: "198.51.100.5" }];

function at(address: string, port = 4000, rtcp: Partial<RelayRemote> = {}): RelayRemote {
  return { address, port, rtcpAddress: address, rtcpPort: port + 1, ...rtcp };
}

function objection(remote: RelayRemote, localAddress = "10.0.0.5"): string | undefined {
  const relay = new RelayDouble({ interfaces, firstPort: 20_000 });
  relay.openEndpoint({ mediaInterface: "public", kind: "rtp" });
  return objectionToRemote(relay, { localAddress }, remote);
}

const table: readonly (readonly [rule: string, remote: RelayRemote, objection: RegExp | undefined])[] = [
  ["a peer may be anywhere else", at("192.0.2.7"), undefined],
  ["an IPv6 peer too", at("2001:db8::7"), undefined],
  ["the last unicast address", at("223.255.255.255"), undefined],
  ["a private network", at("10.0.0.6"), undefined],
  ["a name is no address", at("localhost"), undefined],
  ["our RTP port", at("10.0.0.5", 20_000), /10\.0\.0\.5:20000 is a media port of this gateway/],
  ["our RTCP port", at("10.0.0.5", 20_001), /media port of this gateway/],
  ["our advertised address", at("198.51.100.5", 20_000), /media port of this gateway/],
  ["our address, a port that nobody has open", at("10.0.0.5", 20_002), undefined],
  [
    "our RTCP port behind a=rtcp",
    at("192.0.2.7", 4000, { rtcpAddress: "10.0.0.5", rtcpPort: 20_001 }),
    /10\.0\.0\.5:20001 is a media port/,
  ],
  ["no RTCP is no address", at("192.0.2.7", 4000, { rtcpAddress: "127.0.0.1", rtcpPort: 0 }), undefined],
  ["loopback", at("127.0.0.1"), /127\.0\.0\.1 is a loopback address/],
  ["all of it", at("127.255.255.255"), /loopback/],
  ["not what follows", at("128.0.0.0"), undefined],
  ["loopback in IPv6", at("::1"), /loopback/],
  ["loopback in IPv6 disguise", at("::ffff:127.0.0.1"), /loopback/],
  ["unspecified means this host to a socket", at("0.0.0.0"), /loopback/],
  ["and so does its network", at("0.1.2.3"), /loopback/],
  ["not what follows it", at("1.0.0.0"), undefined],
  ["unspecified in IPv6", at("::"), /loopback/],
  ["multicast", at("224.0.0.1"), /224\.0\.0\.1 is a multicast/],
  ["the last multicast address", at("239.255.255.255"), /multicast/],
  ["broadcast", at("255.255.255.255"), /broadcast/],
  ["multicast in IPv6", at("ff02::1"), /multicast/],
  ["loopback behind a=rtcp", at("192.0.2.7", 4000, { rtcpAddress: "127.0.0.1", rtcpPort: 4001 }), /loopback/],
];

for (const [rule, remote, expected] of table) {
  test(`remote of an endpoint: ${rule}`, () => {
    const found = objection(remote);
    if (expected === undefined) assert.equal(found, undefined);
    else assert.match(found ?? "", expected);
  });
}

test("an endpoint on loopback may have peers there, but neither itself nor multicast", () => {
  assert.equal(objection(at("127.0.0.9"), "127.0.0.1"), undefined);
  assert.match(objection(at("224.0.0.1"), "127.0.0.1") ?? "", /multicast/);
  assert.match(objection(at("10.0.0.5", 20_000), "127.0.0.1") ?? "", /media port/);
});
