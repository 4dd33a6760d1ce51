import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultHeartbeatPort, type NameServerConfiguration } from "@tandem/contracts";
import type { Program } from "../../harness/program.ts";
import type { Network } from "../builder/network.ts";
import { nameServer } from "../standard/addresses.ts";
import type { NetworkExchange } from "./network-exchange.ts";

const main = join(import.meta.dirname, "..", "..", "..", "apps/dns/src/main.ts");
/** Nothing is judged by how long a start takes. */
const startLimitMs = 90_000;

/** The name server in host `dns`: heartbeats come by the backbone, questions by the internet. */
export async function startNameServer(network: Network, exchange: NetworkExchange): Promise<Program> {
  const host = network.host("dns");
  const configuration: NameServerConfiguration = {
    name: nameServer.name,
    stateDirectory: join(host.directory, "dns"),
    control: { url: exchange.controlUrl, token: exchange.nameServerToken },
    listen: [{ address: nameServer.internetAddress, port: 53 }],
    heartbeats: [{ address: nameServer.backboneAddress, port: defaultHeartbeatPort }],
    nameServers: [{ name: nameServer.name, addresses: [nameServer.internetAddress] }],
  };
  const file = join(host.directory, "dns.json");
  writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
  const program = host.start({ name: "dns", command: process.execPath, args: [main, "--config", file] });
  await program.waitForOutput('"serving"', startLimitMs);
  await program.waitForOutput('"zone-applied"', startLimitMs);
  return program;
}
