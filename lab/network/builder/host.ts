import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program, type ProgramOptions } from "../../harness/program.ts";
import { waitFor } from "../../harness/wait.ts";
import { namespaceFilesDirectory } from "./leftovers.ts";
import { runCommand } from "./run-command.ts";

export type HostProgramOptions = Omit<ProgramOptions, "launcher" | "logFile"> & {
  /** Default: NAME.log in the host's directory. */
  readonly logFile?: string;
};

/** A host of the lab: a network namespace with a name, a directory, and programs. */
export class Host {
  readonly name: string;
  /** `ip netns exec NAMESPACE …` reaches it from any terminal. */
  readonly namespace: string;
  readonly directory: string;
  readonly #programs: Program[] = [];

  constructor(name: string, namespace: string, directory: string) {
    this.name = name;
    this.namespace = namespace;
    this.directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o755 });
  }

  /** Words before a command line. `ip` replaces itself by the program, so the pid is the program's own. */
  get launcher(): readonly string[] {
    return ["ip", "netns", "exec", this.namespace];
  }

  /** Runs a command to its end inside the host. */
  run(command: string, args: readonly string[], input = ""): string {
    return runCommand("ip", ["netns", "exec", this.namespace, command, ...args], input);
  }

  /** One `ip` command in the host. */
  ip(...args: readonly string[]): string {
    return runCommand("ip", ["-n", this.namespace, ...args]);
  }

  /** Programs that are started from now on ask this resolver, port 53. */
  setNameServer(address: string): void {
    const directory = join(namespaceFilesDirectory, this.namespace);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "resolv.conf"), `nameserver ${address}\noptions timeout:1 attempts:2\n`);
  }

  /** Starts a program inside the host. It is ended with the network at the latest. */
  start(options: HostProgramOptions): Program {
    const logFile = options.logFile ?? join(this.directory, `${options.name}.log`);
    return this.keep(new Program({ ...options, logFile, launcher: this.launcher }));
  }

  /** A program that was started with this host's launcher: it is ended with the network too. */
  keep(program: Program): Program {
    this.#programs.push(program);
    return program;
  }

  /** Waits until somebody in the host has bound that UDP port of that address. */
  async untilBound(program: Program, address: string, port: number): Promise<void> {
    const entry = socketEntry(address, port);
    await waitFor(`${program.name} to listen on ${address}:${port} of ${this.name}`, () => {
      if (program.hasExited) throw new Error(`${program.name} ended:\n${program.output.slice(-3000)}`);
      // The table of the network namespace that this process is in.
      return readFileSync(`/proc/${program.pid}/net/udp`, "utf8").includes(entry);
    });
  }

  /** Ends its programs, newest first. */
  async stop(): Promise<void> {
    for (const program of this.#programs.toReversed()) await program.stop(1500);
  }
}

/** As /proc/net/udp writes it: the address as a little-endian number, in hexadecimal. */
export function socketEntry(address: string, port: number): string {
  const bytes = address.split(".").map(Number).toReversed();
  const hexadecimal = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return ` ${hexadecimal.toUpperCase()}:${port.toString(16).toUpperCase().padStart(4, "0")} `;
}
