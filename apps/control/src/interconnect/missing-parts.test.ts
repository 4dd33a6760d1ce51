import assert from "node:assert/strict";
import { test } from "node:test";
import { missingParts } from "./missing-parts.ts";

test("every line needs a route, a VPN the customer's gateway too", () => {
  const routed = { ip_routes: ["198.51.100.0/24"], vpn_gateway_address: null };
  const bare = { ip_routes: [], vpn_gateway_address: null };
  assert.deepEqual(missingParts({ type: "vpn", ...bare }), ["VpnGatewayAddress", "IpRoutes"]);
  assert.deepEqual(missingParts({ type: "vpn", ...routed }), ["VpnGatewayAddress"]);
  assert.deepEqual(missingParts({ type: "vpn", ...routed, vpn_gateway_address: "203.0.113.1" }), []);
  for (const type of ["crossconnect", "mpls", "cloudconnect"] as const) {
    assert.deepEqual(missingParts({ type, ...bare }), ["IpRoutes"]);
    assert.deepEqual(missingParts({ type, ...routed }), []);
  }
});
