import { Peer, type PeerOptions } from "../../interop/sipp/peer.ts";
import type { Host } from "../builder/host.ts";

/** A SIPp inside a host. A step that waits longer than `patienceMs` has failed: no lost call holds a scenario up. */
export function startSipp(
  host: Host,
  options: Omit<PeerOptions, "directory" | "launcher" | "extra">,
  patienceMs = 15_000,
): Peer {
  const peer = new Peer({
    ...options,
    directory: host.directory,
    launcher: host.launcher,
    extra: ["-recv_timeout", String(patienceMs)],
  });
  host.keep(peer.program);
  return peer;
}
