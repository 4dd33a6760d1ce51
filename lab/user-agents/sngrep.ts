import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { Program } from "../harness/program.ts";
import { waitFor } from "../harness/wait.ts";

/** A message in sngrep's capture. */
export interface Captured {
  /** Addresses and ports, `192.0.2.1:5060`. */
  readonly from: string;
  readonly to: string;
  /** Method or status code. */
  readonly what: string;
}

/** sngrep as the collector of traces: it writes what it was told into a file of pcap, as if it had heard it on the wire. */
export class Sngrep {
  readonly #program: Program;
  readonly #file: string;

  private constructor(program: Program, file: string) {
    this.#program = program;
    this.#file = file;
  }

  static async start(directory: string, address: string, port: number): Promise<Sngrep> {
    const file = join(directory, "sngrep.pcap");
    const program = new Program({
      name: "sngrep",
      command: "/usr/bin/sngrep",
      args: ["-F", "-N", "-L", `udp:${address}:${port}`, "-O", file],
      logFile: join(directory, "sngrep.log"),
    });
    await waitFor("sngrep to listen", async () => statSync(file, { throwIfNoEntry: false }));
    return new Sngrep(program, file);
  }

  /** What it has written, once that is so many messages. */
  captured(count: number): Promise<readonly Captured[]> {
    return waitFor(`${count} messages in sngrep's capture`, async () => {
      const captured = this.#read();
      return captured.length >= count ? captured : undefined;
    });
  }

  async stop(): Promise<void> {
    this.#program.signal("SIGINT");
    await this.#program.exited();
  }

  #read(): readonly Captured[] {
    const names = ["ip.src", "udp.srcport", "ip.dst", "udp.dstport", "sip.Method", "sip.Status-Code"];
    const fields = names.flatMap((name) => ["-e", name]);
    const lines = execFileSync(
      "/usr/bin/tshark",
      ["-r", this.#file, "-n", "-T", "fields", "-E", "separator=,", ...fields],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
    return lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [source, sourcePort, destination, destinationPort, method, status] = line.split(",");
        return {
          from: `${source}:${sourcePort}`,
          to: `${destination}:${destinationPort}`,
          what: method || status || "",
        };
      });
  }
}
