/** What a private line may not be: every rule of its creation with its code. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSid } from "@tandem/database";
import { describeOnBothEngines } from "@tandem/database/testing";
import type { FormFields } from "./exchange-harness.ts";
import { interconnectHarness, connectionsPath as path } from "./interconnect-harness.ts";

const mplsCarrier = `MC${"0".repeat(32)}`;

/** Refused at creation: what the parameters beside the sound ones are. An empty name takes a parameter away. */
const creations: readonly (readonly [what: string, form: FormFields, status: number, code: number])[] = [
  ["no type", { Type: "" }, 400, 62024],
  ["a type that there is not", { Type: "ipsec" }, 400, 62025],
  ["no edge", { Edge: "" }, 400, 62023],
  ["an edge that there is not", { Edge: "atlantis-ix" }, 404, 62002],
  ["a public edge", { Edge: "ashburn" }, 404, 62002],
  ["no bandwidth", { BandwidthMbps: "" }, 400, 62035],
  ["another bandwidth", { BandwidthMbps: "20" }, 400, 62035],
  ["a bandwidth that is no number", { BandwidthMbps: "1e2" }, 400, 62035],
  ["a bandwidth that this exchange has not", { Edge: "ashburn-ix", BandwidthMbps: "500" }, 400, 62035],
  ["a route that is empty", { IpRoutes: ["198.51.100.0/24", ""] }, 400, 62017],
  ["a route that is no network", { IpRoutes: "198.51.100" }, 400, 62018],
  ["a private route", { IpRoutes: "10.1.2.0/24" }, 400, 62018],
  ["an IPv6 route", { IpRoutes: "2001:db8::/64" }, 400, 62018],
  ["a route into the line pool", { IpRoutes: "100.127.9.0/24" }, 400, 62018],
  ["a route to the exchange itself", { IpRoutes: "185.187.132.0/24" }, 400, 62018],
  ["a route of 512 addresses", { IpRoutes: "203.0.112.0/23" }, 400, 62019],
  ["a VPN gateway that is private", { Type: "vpn", VpnGatewayAddress: "192.168.1.1" }, 400, 62021],
  ["a VPN gateway that is none", { Type: "vpn", VpnGatewayAddress: "vpn.test" }, 400, 62021],
  ["a VPN gateway without a VPN", { VpnGatewayAddress: "203.0.113.1" }, 422, 20422],
  ["a key without a VPN", { PreSharedKey: "0123456789abcdef" }, 422, 20422],
  ["an MPLS line without a carrier", { Type: "mpls" }, 400, 62026],
  ["a carrier without an MPLS line", { MplsCarrierSid: mplsCarrier }, 400, 62027],
  ["a carrier whose SID is none", { Type: "mpls", MplsCarrierSid: "MC1" }, 400, 62001],
  ["an empty account", { AccountSid: "" }, 400, 62022],
  ["an unknown account", { AccountSid: createSid("AC") }, 404, 62009],
  ["an account that is no SID", { AccountSid: "me" }, 404, 62009],
  ["a name of 65 characters", { FriendlyName: "x".repeat(65) }, 400, 20001],
  ["a fallback that there is not", { Fallback: "always" }, 400, 20001],
  ["AS_TRANS", { CustomerAsn: "23456" }, 400, 20001],
  ["the last 16-bit number", { ExchangeAsn: "65535" }, 400, 20001],
  ["AS 0", { CustomerAsn: "0" }, 400, 20001],
  ["the last 32-bit number", { CustomerAsn: "4294967295" }, 400, 20001],
  ["a device name of 16 characters", { Device: "x".repeat(16) }, 400, 20001],
  ["the loopback device", { Device: "lo" }, 400, 20001],
  ["a next hop that is none", { NextHop: "127.0.0.1" }, 400, 20001],
  ["one peer of two", { CustomerPeerAddress: "192.0.2.1" }, 400, 91136],
  [
    "peers of two networks",
    { CustomerPeerAddress: "192.0.2.1", ExchangePeerAddress: "192.0.2.5" },
    400,
    91136,
  ],
  ["an expiry that is no date", { DateExpires: "tomorrow" }, 400, 20001],
  ["an expiry without a time", { DateExpires: "2027-01-01" }, 400, 20001],
  ["an expiry now", { DateExpires: "2026-01-01T00:00:00Z" }, 400, 20001],
  ["a BGP password with a quote", { BgpPassword: 'a"b' }, 400, 20001],
  ["a BGP password of 81 characters", { BgpPassword: "x".repeat(81) }, 400, 20001],
  ["a key of 15 characters", { Type: "vpn", PreSharedKey: "x".repeat(15) }, 400, 20001],
  ["a key of 129 characters", { Type: "vpn", PreSharedKey: "x".repeat(129) }, 400, 20001],
];

describeOnBothEngines("refusals of connections", (open) => {
  test("what is refused at creation", async () => {
    const harness = await interconnectHarness(await open());
    const { operator } = harness;
    for (const [what, form, status, code] of creations) {
      const given = { Type: "crossconnect", Edge: "london-ix", BandwidthMbps: "100", ...form };
      assert.deepEqual(await harness.codeOf(operator, "POST", path, given), [status, code], what);
    }
    const bare = await harness.codeOf(operator, "POST", path, {});
    assert.deepEqual(bare, [400, 62024]);
    assert.deepEqual(await harness.codeOf(operator, "POST", path, { Type: "vpn" }), [400, 62023]);
    const left = await harness.request(operator, "GET", path);
    assert.deepEqual(left.body["connections"], []);
  });

  test("bounds that are taken", async () => {
    const harness = await interconnectHarness(await open());
    const taken: FormFields[] = [
      { FriendlyName: "x".repeat(64), Device: "x".repeat(15) },
      { BandwidthMbps: "10" },
      { BandwidthMbps: "1000" },
      { BandwidthMbps: "500" },
      { Edge: "ashburn-ix", BandwidthMbps: "1000" },
      { CustomerAsn: "1", ExchangeAsn: "4294967294" },
      { BgpPassword: "x".repeat(80) },
      { Type: "vpn", PreSharedKey: "x".repeat(16) },
      { Type: "vpn", PreSharedKey: "x".repeat(128) },
      { Type: "mpls", MplsCarrierSid: mplsCarrier },
      { Type: "cloudconnect", DateExpires: "2026-01-01T00:00:01Z" },
      { NextHop: "10.0.0.1", CustomerPeerAddress: "10.0.0.1", ExchangePeerAddress: "10.0.0.0" },
    ];
    for (const form of taken) await harness.create(harness.operator, form);
  });

  test("paths: a malformed SID, an unknown one, no credentials", async () => {
    const harness = await interconnectHarness(await open());
    const { customer } = harness;
    const { sid } = await harness.create(customer);
    const table: [method: string, path: string, status: number, code: number][] = [
      ["GET", `${path}/TX1`, 400, 62001],
      ["POST", `${path}/${sid.toUpperCase()}`, 400, 62001],
      ["DELETE", `${path}/TK${sid.slice(2)}`, 400, 62001],
      ["GET", `${path}/TX1/Secrets`, 400, 62001],
      ["GET", `${path}/${createSid("TX")}`, 404, 62012],
      ["POST", `${path}/${createSid("TX")}`, 404, 62012],
      ["DELETE", `${path}/${createSid("TX")}`, 404, 62012],
      ["GET", `${path}/${createSid("TX")}/Transitions`, 404, 62012],
      ["GET", `${path}/${createSid("TX")}/Shares`, 404, 62012],
    ];
    for (const [method, url, status, code] of table) {
      const form = method === "POST" ? { FriendlyName: "x" } : undefined;
      assert.deepEqual(await harness.codeOf(customer, method, url, form), [status, code], url);
    }
    for (const url of [path, `${path}/${sid}`]) {
      const reply = await harness.application.inject({ method: "GET", url });
      assert.deepEqual([reply.statusCode, reply.json().code], [401, 62010]);
      assert.match(String(reply.headers["www-authenticate"]), /^Basic /);
    }
    const wrong = { sid: customer.sid, token: "wrong" };
    assert.deepEqual(await harness.codeOf(wrong, "GET", path), [401, 20003]);
  });
});
