/**
 * A relay for `tandem bench media`: `node main.ts ENGINE CALLS REMOTE-PORT BPF-DIRECTORY CACHE-DIRECTORY`. Opens that many
 * joined pairs of endpoints, tells the customers' ports, and relays until it is ended.
 */
import { SystemClock } from "@tandem/clock";
import { KernelRelay, type MediaRelay, systemCalls, UserspaceRelay } from "@tandem/media";
import { benchAddresses } from "../media/bench-addresses.ts";

const [engine, calls = "1", remotePort = "0", bpfDirectory = "", cacheDirectory = ""] = process.argv.slice(2);
const { gatewayToCustomer, gatewayToCarrier, customer, carrier } = benchAddresses;
const clock = new SystemClock();
const common = {
  clock,
  interfaces: [
    { name: "customers", localAddress: gatewayToCustomer, advertisedAddress: gatewayToCustomer },
    { name: "carriers", localAddress: gatewayToCarrier, advertisedAddress: gatewayToCarrier },
  ],
  ports: { first: 20_000, last: 29_999 },
};

async function relayOf(): Promise<MediaRelay> {
  if (engine === "userspace") return new UserspaceRelay({ ...common, preboundEndpoints: Number(calls) });
  const system = await systemCalls();
  if (typeof system === "string") throw new Error(system);
  const relay = KernelRelay.start({ ...common, bpfDirectory, name: "bench", cacheDirectory }, system);
  if (typeof relay === "string") throw new Error(relay);
  return relay;
}

const relay = await relayOf();
await relay.open();
const ports: number[] = [];
for (let i = 0; i < Number(calls); i += 1) {
  const a = relay.openEndpoint({ mediaInterface: "customers", kind: "rtp" });
  const b = relay.openEndpoint({ mediaInterface: "carriers", kind: "rtp" });
  if (a === undefined || b === undefined) throw new Error(`no port for call ${i}`);
  a.setRemote({ address: customer, port: 9000, rtcpAddress: customer, rtcpPort: 0 });
  b.setRemote({ address: carrier, port: Number(remotePort), rtcpAddress: carrier, rtcpPort: 0 });
  relay.join(a, b);
  ports.push(a.localPort);
}
console.log(JSON.stringify({ ports }));
process.once("SIGTERM", () => {
  void relay.close().then(() => process.exit(0));
});
