import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import type { Host } from "../builder/host.ts";

const main = join(import.meta.dirname, "..", "..", "..", "apps/network/src/main.ts");

/** `tandem network watch` of a gateway's host: rules, routes and the health of its lines. */
export function startNetworkAgent(host: Host): Program {
  return host.start({
    name: "network",
    command: process.execPath,
    args: [
      "--disable-warning=ExperimentalWarning",
      main,
      "--config",
      join(host.directory, "gateway.json"),
      "watch",
    ],
  });
}
