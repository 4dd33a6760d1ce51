import type { VtyshConfiguration } from "@tandem/contracts";
import { failureText, type RunCommand } from "../kernel/command.ts";
import { type RoutingDaemonState, readBfdPeers, readBgpSummary } from "./routing-daemon.ts";

export const defaultVtyshIntervalMs = 1000;

/** @throws Error when vtysh could not be asked at all */
export async function askRoutingDaemon(
  run: RunCommand,
  vtysh: VtyshConfiguration,
): Promise<RoutingDaemonState> {
  const program = [
    vtysh.path ?? "vtysh",
    ...(vtysh.pathspace === undefined ? [] : ["-N", vtysh.pathspace]),
    ...(vtysh.socketDirectory === undefined ? [] : ["--vty_socket", vtysh.socketDirectory]),
  ];
  const [bgp, bfd] = await Promise.all([
    run([...program, "-c", "show bgp summary json"]),
    run([...program, "-c", "show bfd peers json"]),
  ]);
  if (bgp.exitCode === null && bfd.exitCode === null) throw new Error(failureText(bgp));
  return { bgp: readBgpSummary(bgp.stdout), bfd: readBfdPeers(bfd.stdout) };
}
