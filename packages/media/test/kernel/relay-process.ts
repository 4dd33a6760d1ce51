/**
 * A process that relays: `node relay-process.ts BPF-DIRECTORY CACHE-DIRECTORY [JOURNALS]`. Writes its endpoints' journals as
 * a line of JSON, then sleeps until it is killed. With journals it adopts those endpoints.
 */
import { SystemClock } from "@tandem/clock";
import { type EndpointJournal, KernelRelay, type RelayRemote, systemCalls } from "@tandem/media";
import { addresses } from "./three-hosts.ts";

const [bpfDirectory = "", cacheDirectory = "", journals] = process.argv.slice(2);

const interfaces = [
  {
    name: "customers",
    localAddress: addresses.gatewayToCustomer,
    advertisedAddress: addresses.gatewayToCustomer,
  },
  {
    name: "carriers",
    localAddress: addresses.gatewayToCarrier,
    advertisedAddress: addresses.gatewayToCarrier,
  },
];

const calls = await systemCalls();
if (typeof calls === "string") throw new Error(calls);
const clock = new SystemClock();
const relay = KernelRelay.start(
  { clock, interfaces, ports: { first: 20_000, last: 20_019 }, bpfDirectory, name: "killed", cacheDirectory },
  calls,
);
if (typeof relay === "string") throw new Error(relay);
await relay.open();
const endpoints = journals === undefined ? begun(relay) : adopted(relay, JSON.parse(journals));
const packets = endpoints.map((endpoint) => endpoint?.received.packets);
process.stdout.write(
  `${JSON.stringify({ journals: endpoints.map((endpoint) => endpoint?.toJournal()), packets })}\n`,
);

function begun(at: KernelRelay): ReturnType<typeof at.openEndpoint>[] {
  const a = at.openEndpoint({ mediaInterface: "customers", kind: "rtp" });
  const b = at.openEndpoint({ mediaInterface: "carriers", kind: "rtp" });
  if (a === undefined || b === undefined) throw new Error("no ports");
  a.setRemote(remote(addresses.customer));
  b.setRemote(remote(addresses.carrier));
  at.join(a, b);
  return [a, b];
}

function adopted(at: KernelRelay, entries: readonly EndpointJournal[]): ReturnType<typeof at.adopt>[] {
  return entries.map((entry) => at.adopt(entry));
}

function remote(address: string): RelayRemote {
  return { address, port: 7000, rtcpAddress: address, rtcpPort: 7001 };
}
