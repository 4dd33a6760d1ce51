import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import { delay } from "../../harness/wait.ts";
import type { Link } from "../builder/link.ts";
import type { Network } from "../builder/network.ts";
import { type Datagram, readDatagram } from "./datagram.ts";
import { readPcapng } from "./pcapng.ts";

/** A datagram on a link, and which end sent it. */
export interface LinkDatagram extends Datagram {
  readonly atMs: number;
  readonly link: string;
  readonly direction: "from-near" | "to-near";
}

/** The kernel hands packets over in blocks that are full or this old. */
const blockMs = 600;
let captures = 0;

/**
 * Sees all UDP on links, at their far ends: outside the hosts that are looked at. A datagram that a blackhole swallows
 * on its way from the near end is still seen, for it did leave the host; one on its way to the near end is not.
 */
export class Capture {
  readonly #links: readonly Link[];
  readonly #programs: readonly Program[];
  readonly #files: readonly string[];

  private constructor(links: readonly Link[], programs: readonly Program[], files: readonly string[]) {
    this.#links = links;
    this.#programs = programs;
    this.#files = files;
  }

  /** Resolves when every device is being watched. */
  static async start(network: Network, links: readonly Link[]): Promise<Capture> {
    captures += 1;
    const hosts = [...new Set(links.map((link) => link.far.at))];
    const files = hosts.map((host) => join(network.directory, `capture-${captures}-${host.name}.pcapng`));
    const programs = hosts.map((host, index) =>
      host.start({
        name: `dumpcap-${captures}`,
        command: "/usr/bin/dumpcap",
        args: [
          ...links.filter((link) => link.far.at === host).flatMap((link) => ["-i", link.far.device]),
          ..."-q -s 2048 -B 16 -f udp -w".split(" "),
          files[index] ?? "",
        ],
      }),
    );
    // It names the devices first and the file when it has opened them all.
    for (const program of programs) await program.waitForOutput("File: ");
    return new Capture(links, programs, files);
  }

  /** Ends it and tells what was seen, in order of time. */
  async stop(): Promise<readonly LinkDatagram[]> {
    await delay(blockMs);
    for (const program of this.#programs) program.signal("SIGINT");
    await Promise.all(this.#programs.map((program) => program.exited()));
    const seen = this.#files.flatMap((file, index) => this.#read(file, this.#programs[index]));
    return seen.sort((a, b) => a.atMs - b.atMs);
  }

  #read(file: string, program: Program | undefined): LinkDatagram[] {
    const links = this.#links.filter((link) => file.endsWith(`-${link.far.at.name}.pcapng`));
    const dropped = /(\d+) packets? dropped/.exec(program?.output ?? "");
    if (dropped !== null && Number(dropped[1]) > 0)
      throw new Error(`the capture lost packets: ${dropped[0]}`);
    return readPcapng(readFileSync(file)).flatMap(({ atMs, device, bytes }) => {
      const link = links.find((one) => one.far.device === device);
      const datagram = readDatagram(bytes);
      if (link === undefined || datagram === undefined) return [];
      // A switch passes frames on as they are: what is not the near end's comes from somewhere behind the far one.
      const direction = datagram.sourceMac === link.near.macAddress ? "from-near" : "to-near";
      return [{ ...datagram, atMs, link: link.name, direction } as const];
    });
  }
}
