import { Program } from "../harness/program.ts";

/** Counts the packets that one address sends to some others on loopback. */
export class RepliesToStrangers {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  /** @param strangers networks and addresses of theirs */
  static async start(
    directory: string,
    from: string,
    strangers: readonly string[],
  ): Promise<RepliesToStrangers> {
    const theirs = strangers.map((net) => `dst net ${net}`).join(" or ");
    const program = new Program({
      name: "tshark",
      command: "/usr/bin/tshark",
      // What the kernel says of a closed port is no answer of ours.
      args: [
        "-i",
        "lo",
        "-l",
        "-n",
        "-f",
        `src host ${from} and (${theirs}) and (udp or tcp[tcpflags] & tcp-push != 0)`,
      ],
      logFile: `${directory}/tshark-strangers.log`,
    });
    await program.waitForOutput("Capturing on", 30_000);
    return new RepliesToStrangers(program);
  }

  /** One line for each packet. */
  async stop(): Promise<readonly string[]> {
    await new Promise((resolve) => setTimeout(resolve, 500));
    this.#program.signal("SIGINT");
    await this.#program.exited();
    return this.#program.output.split("\n").filter((line) => line.includes("→") || line.includes("->"));
  }
}
