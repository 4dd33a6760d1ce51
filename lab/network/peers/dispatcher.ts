import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import { startKamailio } from "../../user-agents/kamailio.ts";
import type { Host } from "../builder/host.ts";

export interface DispatcherOptions {
  readonly host: Host;
  /** Address of that host; port 5060. */
  readonly address: string;
  /** Addresses of the gateways it chooses among. */
  readonly gateways: readonly string[];
  /** Request-URI of its OPTIONS: a termination name, for a customer. */
  readonly probedUri: string;
  /** Where calls from the gateways go. */
  readonly inside?: string;
}

/** A Kamailio that spreads calls over gateways, probes them, and goes on to the next after four silent seconds. */
export async function startDispatcher(options: DispatcherOptions): Promise<Program> {
  const { host, address, gateways, probedUri, inside } = options;
  const list = join(host.directory, "dispatcher.list");
  writeFileSync(list, gateways.map((gateway) => `1 sip:${gateway}:5060\n`).join(""));
  const program = host.keep(
    startKamailio({
      name: "dispatcher",
      configurationFile: join(import.meta.dirname, "dispatcher.cfg"),
      directory: host.directory,
      launcher: host.launcher,
      words: {
        DISPATCHER_ADDRESS: address,
        DISPATCHER_LIST: list,
        PROBED_URI: probedUri,
        INSIDE: inside ?? `sip:${address}:5070`,
      },
    }),
  );
  await host.untilBound(program, address, 5060);
  return program;
}
