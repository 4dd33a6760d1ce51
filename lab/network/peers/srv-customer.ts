import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import { startKamailio } from "../../user-agents/kamailio.ts";
import type { Host } from "../builder/host.ts";

/** A Kamailio that sends every call where NAPTR, SRV and A of its Request-URI say, by the host's resolver. */
export async function startSrvCustomer(host: Host, address: string, port: number): Promise<Program> {
  const program = host.keep(
    startKamailio({
      name: "srv-customer",
      configurationFile: join(import.meta.dirname, "srv-customer.cfg"),
      directory: host.directory,
      launcher: host.launcher,
      words: { PROXY_ADDRESS: address, PROXY_PORT: String(port) },
    }),
  );
  await host.untilBound(program, address, port);
  return program;
}
