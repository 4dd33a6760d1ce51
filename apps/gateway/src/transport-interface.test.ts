import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceConfiguration } from "@tandem/contracts";
import { transportInterface } from "./transport-interface.ts";

const one: InterfaceConfiguration = {
  name: "customers",
  roles: ["public"],
  localAddress: "10.0.0.1",
  udpPort: 5060,
};

test("signaling is marked CS3 unless the interface says otherwise", () => {
  assert.equal(transportInterface(one).codePoint, 24);
  assert.equal(transportInterface({ ...one, signalingDscp: 0 }).codePoint, 0);
  assert.equal(transportInterface({ ...one, signalingDscp: 63 }).codePoint, 63);
});

test("an alias over TCP counts where the interface says so", () => {
  assert.equal(transportInterface(one).tcpConnectionReuse, undefined);
  assert.equal(transportInterface({ ...one, tcpConnectionReuse: true }).tcpConnectionReuse, true);
});

test("an interface shows the address it has, or the one that is advertised", () => {
  assert.equal(transportInterface(one).advertisedAddress, "10.0.0.1");
  assert.equal(transportInterface({ ...one, advertisedAddress: "192.0.2.1" }).advertisedAddress, "192.0.2.1");
});
