/** Takes away what networks of processes that are gone have left on the machine. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isOwnerAlive, runOf } from "./owner.ts";
import { runCommand } from "./run-command.ts";

/** Where `ip netns` keeps the namespaces that have a name. */
export const namespaceDirectory = "/run/netns";
/** Where programs in a namespace find a resolv.conf of their own, see ip-netns(8). */
export const namespaceFilesDirectory = "/etc/netns";
/** Sockets of FRR's daemons, a directory for each path space. */
export const frrDirectory = "/run/frr";

/** Returns the names of the networks that were removed. */
export function removeLeftovers(): readonly string[] {
  const dead = new Set<string>();
  for (const directory of [namespaceDirectory, namespaceFilesDirectory, frrDirectory, tmpdir()]) {
    for (const name of namesIn(directory)) {
      const owner = runOf(name);
      if (owner !== undefined && !isOwnerAlive(owner.run, owner.pid)) dead.add(owner.run);
    }
  }
  for (const run of dead) removeNetwork(run);
  return [...dead];
}

/** Ends the programs in the namespaces of that run, and removes everything that carries its name. */
export function removeNetwork(run: string): void {
  const namespaces = namesIn(namespaceDirectory).filter((name) => runOf(name)?.run === run);
  for (const namespace of namespaces) {
    endPrograms(namespace);
    attempt(() => runCommand("ip", ["netns", "delete", namespace]));
  }
  for (const directory of [namespaceFilesDirectory, frrDirectory, tmpdir()]) {
    for (const name of namesIn(directory)) {
      if (runOf(name)?.run !== run) continue;
      const path = join(directory, name);
      // The kernel engine's pins, where a scenario has mounted a file system for them.
      if (existsSync(join(path, "bpf"))) attempt(() => runCommand("umount", ["--lazy", join(path, "bpf")]));
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** By their pids, which `ip netns` knows. */
function endPrograms(namespace: string): void {
  attempt(() => {
    for (const pid of runCommand("ip", ["netns", "pids", namespace]).split(/\s+/).filter(Boolean)) {
      attempt(() => process.kill(Number(pid), "SIGKILL"));
    }
  });
}

/** Two runs may remove the same leftovers at the same time: what is gone already is as good as removed. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Gone already.
  }
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}
