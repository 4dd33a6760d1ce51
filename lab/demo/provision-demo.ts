import type { Exchange } from "../harness/exchange.ts";
import { provisionCarrier, provisionTrunk } from "../harness/provision.ts";
import { addresses, credentials, numbers, phonePort } from "./demo-network.ts";

/** Three trunks and a carrier, over REST. */
export async function provisionDemo(exchange: Exchange): Promise<void> {
  const { api, baseDomain, edge } = exchange;
  const listed = `sip:${addresses.listedCustomer}:${phonePort}`;
  await provisionCarrier(api, {
    name: "Demo Carrier",
    sourceAddresses: [addresses.carrier],
    gateways: [{ url: `sip:${addresses.carrier}:${phonePort}` }],
    prefixes: ["+"],
  });
  await provisionTrunk(api, { name: "with digest", label: "digest", baseDomain, credentials });
  await provisionTrunk(api, {
    name: "by address",
    label: "listed",
    baseDomain,
    addresses: [addresses.listedCustomer],
    originationUrls: [{ url: `${listed};edge=${edge}` }],
    numbers: [numbers.listedCustomer],
  });
  await provisionTrunk(api, {
    name: "with failover",
    baseDomain,
    originationUrls: [
      { url: `sip:${addresses.deadCustomer}:${phonePort};edge=${edge}`, priority: 1 },
      { url: `${listed};edge=${edge}`, priority: 2 },
    ],
    numbers: [numbers.failoverCustomer],
  });
  await exchange.settled();
}
