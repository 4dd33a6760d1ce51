import assert from "node:assert/strict";
import { test } from "node:test";
import type { InterfaceConfiguration } from "@tandem/contracts";
import type { DnsAnswer } from "@tandem/sip/locate";
import { servedFamilies, servedProtocols } from "./served-networks.ts";
import { interfaces } from "./testing/call-of.ts";
import { exampleCarrier, exampleGateway } from "./testing/example-snapshot.ts";
import { gatewayScript } from "./testing/gateway-script.ts";

function on(localAddress: string, ports: Partial<InterfaceConfiguration> = {}): InterfaceConfiguration {
  return { name: localAddress, roles: ["public"], localAddress, ...ports };
}

test("a transport is ours when some interface has a port for it, in our order of preference", () => {
  assert.deepEqual(servedProtocols([on("192.0.2.1", { udpPort: 5060 })]), ["UDP"]);
  assert.deepEqual(servedProtocols([on("192.0.2.1", { tcpPort: 5060 })]), ["TCP"]);
  assert.deepEqual(servedProtocols([on("192.0.2.1", { tlsPort: 5061 })]), ["TLS"]);
  const both = [on("192.0.2.1", { tlsPort: 0 }), on("192.0.2.2", { tcpPort: 0, udpPort: 0 })];
  assert.deepEqual(servedProtocols(both), ["UDP", "TCP", "TLS"]);
  assert.deepEqual(servedProtocols([on("192.0.2.1")]), []);
});

test("the families are those of the bound addresses, IPv4 first", () => {
  assert.deepEqual(servedFamilies([on("192.0.2.1")]), [4]);
  assert.deepEqual(servedFamilies([on("2001:db8::1")]), [6]);
  assert.deepEqual(servedFamilies([on("2001:db8::1"), on("192.0.2.1")]), [4, 6]);
  assert.deepEqual(servedFamilies([on("192.0.2.1", { advertisedAddress: "2001:db8::1" })]), [4]);
});

test("a gateway asks DNS for nothing else", async () => {
  const asked: string[] = [];
  const ask =
    (type: string) =>
    async (name: string): Promise<DnsAnswer<never>> => {
      asked.push(`${type} ${name}`);
      return { ok: false, code: "NXDOMAIN", ttlSeconds: 30 };
    };
  const carrier = exampleCarrier({ gateways: [exampleGateway({ sipUrl: "sip:carrier.example" })] });
  const script = await gatewayScript({
    snapshot: { carriers: [carrier] },
    configuration: {
      interfaces: interfaces.map(({ name, roles, localAddress }) => ({
        name,
        roles,
        localAddress,
        udpPort: 5060,
      })),
    },
    resolver: { naptr: ask("naptr"), srv: ask("srv"), a: ask("a"), aaaa: ask("aaaa") },
  });
  script.invite();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  assert.deepEqual(asked, ["naptr carrier.example", "srv _sip._udp.carrier.example", "a carrier.example"]);
});
