import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import { waitFor } from "../../harness/wait.ts";
import type { Host } from "../builder/host.ts";
import { frrDirectory } from "../builder/leftovers.ts";
import { runCommand } from "../builder/run-command.ts";
import { aheadOfOthers } from "./ahead-of-others.ts";

const daemons = ["zebra", "bgpd", "bfdd"] as const;
const daemonDirectory = "/usr/lib/frr";
const logToOutput = ["--log", "stdout", "--log-level", "info"] as const;

/** FRR in one host: its daemons have a path space of their own, named like the host's namespace. */
export class Frr {
  readonly host: Host;
  readonly programs: readonly Program[];

  private constructor(host: Host, programs: readonly Program[]) {
    this.host = host;
    this.programs = programs;
  }

  /** Starts the daemons and gives them their configuration. Sessions come up later. */
  static async start(host: Host, configuration: string): Promise<Frr> {
    const directory = join(frrDirectory, host.namespace);
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    chownSync(directory, identityOf("-u"), identityOf("-g"));
    const file = join(host.directory, "frr.conf");
    writeFileSync(file, configuration);
    const programs: Program[] = [];
    for (const daemon of daemons) {
      const program = startDaemon(host, daemon);
      programs.push(program);
      // The others connect to zebra as soon as they run.
      if (daemon === "zebra") await untilListening(program, join(directory, "zserv.api"));
    }
    for (const [index, program] of programs.entries()) {
      await untilListening(program, join(directory, `${daemons[index]}.vty`));
    }
    const frr = new Frr(host, programs);
    frr.vtysh("-f", file);
    return frr;
  }

  /** Words with which vtysh reaches these daemons, from any namespace. */
  get vtyshArguments(): readonly string[] {
    return ["-N", this.host.namespace];
  }

  /** What that daemon has written to its log. */
  log(daemon: (typeof daemons)[number]): string {
    return this.programs[daemons.indexOf(daemon)]?.output ?? "";
  }

  vtysh(...args: readonly string[]): string {
    return runCommand("vtysh", [...this.vtyshArguments, ...args]);
  }
}

function startDaemon(host: Host, daemon: (typeof daemons)[number]): Program {
  const empty = join(host.directory, `${daemon}.conf`);
  writeFileSync(empty, "");
  // No TCP terminal, and a pid file in the path space.
  const options = ["-N", host.namespace, "-f", empty, "-P", "0", ...logToOutput];
  const [command = "", ...args] = [...aheadOfOthers(), join(daemonDirectory, daemon), ...options];
  return host.start({ name: daemon, command, args });
}

async function untilListening(program: Program, socket: string): Promise<void> {
  await waitFor(`${program.name} to listen on ${socket}`, () => {
    if (program.hasExited) throw new Error(`${program.name} ended:\n${program.output.slice(-3000)}`);
    return existsSync(socket);
  });
}

/** Number of FRR's user (`-u`) or group (`-g`), which the daemons become. */
function identityOf(option: "-u" | "-g"): number {
  return Number(runCommand("id", [option, "frr"]));
}
