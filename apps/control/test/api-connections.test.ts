/** Private lines over REST: what they look like, how they change, how they are found. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeOnBothEngines } from "@tandem/database/testing";
import { compileSnapshot } from "../src/snapshot/index.ts";
import { box, type FormFields, publicUrl } from "./exchange-harness.ts";
import { connectionHealth } from "./gateway-state-sample.ts";
import { interconnectHarness, connectionsPath as path } from "./interconnect-harness.ts";

const mplsCarrier = `MC${"0".repeat(32)}`;

describeOnBothEngines("connections", (open) => {
  test("a line with everything, as the operator sees it and in the snapshot", async () => {
    const harness = await interconnectHarness(await open());
    const { operator, customer } = harness;
    const { date_created, date_updated, transitions, sid, ...shown } = await harness.create(operator, {
      AccountSid: customer.sid,
      FriendlyName: "Head office",
      Type: "vpn",
      Edge: "ie1-ix",
      BandwidthMbps: "500.0",
      Fallback: "public",
      IpRoutes: ["198.51.100.0/24", "203.0.113.9", "10.9.8.0/25", "198.51.100.0/24"],
      VpnGatewayAddress: "203.0.113.1",
      CustomerAsn: "64500",
      ExchangeAsn: "4200000000",
      CustomerPeerAddress: "169.254.7.2",
      ExchangePeerAddress: "169.254.7.1",
      Device: "vpn0",
      NextHop: "169.254.7.2",
      AllowPrivateAddresses: "true",
      DateExpires: "2027-01-01T00:00:00+01:00",
    });
    const url = `${publicUrl}${path}/${sid}`;
    assert.match(sid, /^TX[0-9a-f]{32}$/);
    assert.match(String(date_created), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(date_updated, date_created);
    assert.deepEqual(shown, {
      account_sid: customer.sid,
      friendly_name: "Head office",
      type: "vpn",
      edge: "london-ix",
      exchange_sid: null,
      bandwidth_mbps: 500,
      status: "inactive",
      fallback: "public",
      allow_private_addresses: true,
      ip_routes: ["198.51.100.0/24", "203.0.113.9/32", "10.9.8.0/25"],
      device: "vpn0",
      next_hop: "169.254.7.2",
      local_address: "100.127.0.1",
      routing_table: 1001,
      vpn_gateway_address: "203.0.113.1",
      mpls_carrier_sid: null,
      customer_asn: 64_500,
      exchange_asn: 4_200_000_000,
      customer_peer_address: "169.254.7.2",
      exchange_peer_address: "169.254.7.1",
      shared_account_sids: [],
      health: [],
      date_expires: "2026-12-31T23:00:00Z",
      url,
      links: { transitions: `${url}/Transitions`, secrets: `${url}/Secrets`, shares: `${url}/Shares` },
    });
    assert.deepEqual(transitions, [
      {
        from_status: null,
        to_status: "inactive",
        code: null,
        cause: "it was created",
        date_created: "2026-01-01T00:00:00Z",
      },
    ]);
    const second = await harness.create(customer, { IpRoutes: "198.51.101.0/24" });
    const snapshot = await compileSnapshot(harness.database, box);
    assert.deepEqual(snapshot?.connections, [
      {
        sid,
        accountSid: customer.sid,
        sharedAccountSids: [],
        friendlyName: "Head office",
        type: "vpn",
        edge: "london-ix",
        status: "inactive",
        fallback: "public",
        routes: ["198.51.100.0/24", "203.0.113.9/32", "10.9.8.0/25"],
        device: "vpn0",
        nextHop: "169.254.7.2",
        localAddress: "100.127.0.1",
        routingTable: 1001,
      },
      {
        sid: second.sid,
        accountSid: customer.sid,
        sharedAccountSids: [],
        friendlyName: "",
        type: "crossconnect",
        edge: "london-ix",
        status: "inactive",
        fallback: "none",
        routes: ["198.51.101.0/24"],
        device: `tx-${second.sid.slice(2, 12)}`,
        nextHop: null,
        localAddress: "100.127.0.2",
        routingTable: 1002,
      },
    ]);
    assert.deepEqual(harness.announced, [2, 3]);
  });

  test("an update changes what it names, and must name something", async () => {
    const harness = await interconnectHarness(await open());
    const { operator, customer } = harness;
    const before = await harness.create(customer, { FriendlyName: "a", CustomerAsn: "64500" });
    const url = `${path}/${before.sid}`;
    for (const form of [{}, { Type: "vpn", Edge: "ashburn-ix", AccountSid: operator.sid, Colour: "red" }]) {
      assert.deepEqual(await harness.codeOf(customer, "POST", url, form), [400, 62034]);
    }
    const stated = await harness.request(operator, "GET", url);
    const changes: [form: FormFields, field: string, value: unknown][] = [
      [{ FriendlyName: "b" }, "friendly_name", "b"],
      [{ BandwidthMbps: "1000" }, "bandwidth_mbps", 1000],
      [{ Fallback: "public" }, "fallback", "public"],
      [{ CustomerAsn: "" }, "customer_asn", null],
      [{ ExchangeAsn: "64501" }, "exchange_asn", 64_501],
      [{ Device: "eth1.7" }, "device", "eth1.7"],
      [{ NextHop: "192.0.2.1" }, "next_hop", "192.0.2.1"],
      [{ NextHop: "" }, "next_hop", null],
      [{ AllowPrivateAddresses: "true" }, "allow_private_addresses", true],
      [{ IpRoutes: ["10.1.1.0/24", "10.1.2.0/24"] }, "ip_routes", ["10.1.1.0/24", "10.1.2.0/24"]],
      [{ DateExpires: "2026-06-01T00:00:00Z" }, "date_expires", "2026-06-01T00:00:00Z"],
      [{ DateExpires: "" }, "date_expires", null],
    ];
    let expected: Record<string, unknown> = stated.body;
    for (const [form, field, value] of changes) {
      const { body } = await harness.update(operator, before.sid, form);
      expected = { ...expected, [field]: value, date_updated: body["date_updated"] };
      assert.deepEqual(body, expected, field);
    }
    // The permission cannot go while something needs it.
    assert.deepEqual(
      await harness.codeOf(operator, "POST", url, { AllowPrivateAddresses: "false" }),
      [400, 62018],
    );
    assert.deepEqual(await harness.codeOf(operator, "POST", url, { BandwidthMbps: "20" }), [400, 62035]);
    assert.deepEqual(
      await harness.codeOf(operator, "POST", url, { MplsCarrierSid: mplsCarrier }),
      [400, 62027],
    );
    const mpls = await harness.create(operator, { Type: "mpls", MplsCarrierSid: mplsCarrier });
    const mplsUrl = `${path}/${mpls.sid}`;
    assert.deepEqual(await harness.codeOf(operator, "POST", mplsUrl, { MplsCarrierSid: "" }), [400, 62026]);
  });

  test("health: one entry for each gateway of the edge, and what stands for what is not known", async () => {
    const harness = await interconnectHarness(await open());
    const { operator, customer } = harness;
    const { sid } = await harness.create(customer);
    await harness.report({ name: "gw-1", snapshotVersion: 1, lines: [connectionHealth(sid)] });
    await harness.report({ name: "gw-2", snapshotVersion: 1 });
    await harness.report({ name: "gw-3", snapshotVersion: 1, edge: "ashburn-ix" });
    await harness.database.query(
      `update gateways set connection_health = jsonb_build_array((connection_health->0) ||
         '{"receivedBytes": 9000000000, "sentBytes": 7, "receivedBitsPerSecond": 2345678, "sentBitsPerSecond": 100,
           "bgp": "Established", "bfd": "up"}') where name = 'gw-1'`,
    );
    const health = async () =>
      (await harness.request(operator, "GET", `${path}/${sid}`)).body["health"] as Record<string, unknown>[];
    const [first, second, ...others] = await health();
    assert.deepEqual(others, []);
    assert.deepEqual(first, {
      gateway: "gw-1",
      state: "up",
      reason: null,
      since: "2026-01-01T00:00:00Z",
      link: "up",
      route: "present",
      bgp: "Established",
      bfd: "up",
      received_bytes: 9_000_000_000,
      sent_bytes: 7,
      received_bits_per_second: 2_345_678,
      sent_bits_per_second: 100,
      utilization_percent: 2.3,
    });
    assert.deepEqual(
      [second?.["gateway"], second?.["state"], second?.["reason"], second?.["utilization_percent"]],
      ["gw-2", "unknown", "the gateway has not said anything about the line", null],
    );
    harness.clock.advance(30_000);
    assert.deepEqual(
      (await health()).map((entry) => [entry["state"], entry["reason"]]),
      [
        ["unknown", "the gateway is not connected to control"],
        ["unknown", "the gateway is not connected to control"],
      ],
    );
  });

  test("a list is filtered and paged", async () => {
    const harness = await interconnectHarness(await open());
    const { operator, customer } = harness;
    const [a, b, c] = [
      await harness.create(customer),
      await harness.create(customer, { Edge: "ashburn-ix", IpRoutes: "" }),
      await harness.create(operator, { IpRoutes: "203.0.113.0/24" }),
    ];
    const list = async (account: typeof customer, query = "") => {
      const { body } = await harness.request(account, "GET", `${path}${query}`);
      return (body["connections"] as { sid: string }[]).map((line) => line.sid);
    };
    assert.deepEqual(await list(customer), [a.sid, b.sid]);
    assert.deepEqual(await list(operator), [a.sid, b.sid, c.sid]);
    assert.deepEqual(await list(operator, `?AccountSid=${customer.sid}`), [a.sid, b.sid]);
    assert.deepEqual(await list(operator, "?Edge=london-ix"), [a.sid, c.sid]);
    assert.deepEqual(await list(operator, "?Status=not-ready"), [b.sid]);
    assert.deepEqual(
      await harness.codeOf(customer, "GET", `${path}?AccountSid=${operator.sid}`),
      [404, 62009],
    );
    assert.deepEqual(await harness.codeOf(customer, "GET", `${path}?AccountSid=`), [400, 62022]);
    const { body } = await harness.request(operator, "GET", `${path}?PageSize=2`);
    const meta = body["meta"] as Record<string, unknown>;
    assert.equal(meta["key"], "connections");
    const next = new URL(String(meta["next_page_url"]));
    assert.deepEqual(await list(operator, next.search), [c.sid]);
  });
});
