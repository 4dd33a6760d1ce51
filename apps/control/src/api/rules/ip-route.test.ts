import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../conventions/api-error.ts";
import { checkPeerAddresses, ipRouteOf, linkAddressOf, vpnGatewayOf } from "./ip-route.ts";

const strict = { allowPrivate: false, linePool: "100.127.0.0/16" };
const relaxed = { ...strict, allowPrivate: true };

function codeOf(work: () => unknown): number | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ApiError);
    return error.code;
  }
}

const routes: readonly (readonly [text: string, strictly: number | string, relaxedly?: number | string])[] = [
  ["198.51.100.0/24", "198.51.100.0/24"],
  ["198.51.100.128/25", "198.51.100.128/25"],
  ["198.51.100.7", "198.51.100.7/32"],
  ["198.51.100.7/32", "198.51.100.7/32"],
  ["", 62017],
  [" ", 62017],
  ["203.0.112.0/23", 62019],
  ["198.51.100.1/24", 62018],
  ["198.51.100.0/33", 62018],
  ["198.51.100.0/", 62018],
  ["198.51.100.0/24/24", 62018],
  ["198.51.100.0/024", 62018],
  ["198.051.100.0/24", 62018],
  ["198.51.100/24", 62018],
  ["customer.test", 62018],
  [" 198.51.100.0/24", 62018],
  ["2001:db8::/120", 62018],
  ["::ffff:198.51.100.0/120", 62018],
  ["0.0.0.0/0", 62018],
  ["0.1.2.0/24", 62018],
  ["127.0.0.0/24", 62018],
  ["169.254.1.0/24", 62018],
  ["224.0.0.0/24", 62018],
  ["239.255.255.0/24", 62018],
  ["240.0.0.0/24", 62018],
  ["255.255.255.255", 62018],
  ["100.127.0.0/24", 62018],
  ["100.127.255.255", 62018],
  ["10.0.0.0/24", 62018, "10.0.0.0/24"],
  ["10.255.255.255", 62018, "10.255.255.255/32"],
  ["172.16.0.0/24", 62018, "172.16.0.0/24"],
  ["172.31.255.0/24", 62018, "172.31.255.0/24"],
  ["192.168.7.0/24", 62018, "192.168.7.0/24"],
  ["100.64.0.0/24", 62018, "100.64.0.0/24"],
  ["100.126.255.0/24", 62018, "100.126.255.0/24"],
  ["10.0.0.0/23", 62018, 62019],
  ["9.255.255.255", "9.255.255.255/32"],
  ["11.0.0.0/24", "11.0.0.0/24"],
  ["172.15.255.0/24", "172.15.255.0/24"],
  ["172.32.0.0/24", "172.32.0.0/24"],
  ["192.167.255.0/24", "192.167.255.0/24"],
  ["192.169.0.0/24", "192.169.0.0/24"],
  ["100.63.255.0/24", "100.63.255.0/24"],
  ["100.128.0.0/24", "100.128.0.0/24"],
  ["223.255.255.0/24", "223.255.255.0/24"],
];

for (const [text, strictly, relaxedly = strictly] of routes) {
  test(`route ${JSON.stringify(text)}`, () => {
    for (const [policy, expected] of [
      [strict, strictly],
      [relaxed, relaxedly],
    ] as const) {
      if (typeof expected === "string") assert.equal(ipRouteOf(text, policy), expected);
      else
        assert.equal(
          codeOf(() => ipRouteOf(text, policy)),
          expected,
        );
    }
  });
}

test("a VPN's gateway is one address that the internet knows", () => {
  assert.equal(vpnGatewayOf("203.0.113.7", strict), "203.0.113.7");
  for (const text of ["10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1"]) {
    assert.equal(
      codeOf(() => vpnGatewayOf(text, strict)),
      62021,
    );
    assert.equal(vpnGatewayOf(text, relaxed), text);
  }
  for (const text of [
    "203.0.113.0/24",
    "vpn.test",
    "",
    "127.0.0.1",
    "2001:db8::1",
    "100.127.0.1",
    "224.0.0.1",
  ]) {
    assert.equal(
      codeOf(() => vpnGatewayOf(text, relaxed)),
      62021,
      text,
    );
  }
});

test("routers on the link may have private and link-local addresses", () => {
  for (const text of ["192.0.2.1", "10.0.0.1", "169.254.10.1", "100.126.0.1"]) {
    assert.equal(linkAddressOf("NextHop", text, strict.linePool), text);
  }
  const refused = "127.0.0.1 224.0.0.5 0.0.0.0 255.255.255.255 100.127.0.1 10.0.0.0/31 x fe80::1";
  for (const text of refused.split(" ")) {
    assert.equal(
      codeOf(() => linkAddressOf("NextHop", text, strict.linePool)),
      20001,
      text,
    );
  }
});

test("peers are the two ends of a /30 or a /31", () => {
  const sound: [string | null, string | null][] = [
    [null, null],
    ["192.0.2.1", "192.0.2.2"],
    ["192.0.2.2", "192.0.2.1"],
    ["192.0.2.4", "192.0.2.5"],
    ["192.0.2.7", "192.0.2.6"],
  ];
  for (const [customer, exchange] of sound) checkPeerAddresses(customer, exchange);
  const unsound: [string | null, string | null][] = [
    ["192.0.2.1", null],
    [null, "192.0.2.1"],
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.0", "192.0.2.2"],
    ["192.0.2.0", "192.0.2.3"],
    ["192.0.2.1", "192.0.2.3"],
    ["192.0.2.3", "192.0.2.4"],
    ["192.0.2.1", "192.0.3.2"],
  ];
  for (const [customer, exchange] of unsound) {
    assert.equal(
      codeOf(() => checkPeerAddresses(customer, exchange)),
      91136,
      `${customer} ${exchange}`,
    );
  }
});
