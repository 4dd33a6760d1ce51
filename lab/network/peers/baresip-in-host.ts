import { makeCertificate } from "../../harness/certificate.ts";
import { Baresip, type BaresipOptions } from "../../user-agents/baresip.ts";
import type { RemoteAgent } from "../agent/remote-agent.ts";

/** A baresip in the agent's host, with a certificate of its own; the agent passes it its commands. */
export async function startBaresip(
  agent: RemoteAgent,
  options: Omit<BaresipOptions, "directory" | "launcher" | "sendControl" | "certificateFile">,
): Promise<Baresip> {
  const { host } = agent;
  const { pairFile } = makeCertificate(host.directory, options.name, `IP:${options.address}`);
  const baresip = new Baresip({
    ...options,
    certificateFile: pairFile,
    directory: host.directory,
    launcher: host.launcher,
    sendControl: (to, text) => agent.perform("sendOverTcp", { to, text }),
  });
  host.keep(baresip.program);
  await baresip.ready();
  return baresip;
}
