import { Program } from "./program.ts";

/** What was seen leaving one address. */
export interface MarkedPackets {
  readonly protocol: "signaling" | "media";
  readonly to: string;
  /** Differentiated services code point, 0 to 63. */
  readonly codePoint: number;
}

/** Sees with which code points the packets of some addresses leave, on loopback. */
export class PacketMarks {
  readonly #program: Program;
  readonly #sipPort: number;

  private constructor(program: Program, sipPort: number) {
    this.#program = program;
    this.#sipPort = sipPort;
  }

  /**
   * Connections are seen from their data on: what opens an outgoing one is sent before anybody can mark it.
   *
   * @param sipPort all other ports are media's
   */
  static async start(directory: string, from: readonly string[], sipPort: number): Promise<PacketMarks> {
    const hosts = from.map((address) => `src host ${address}`).join(" or ");
    const fields = ["ip.dst", "ip.dsfield.dscp", "udp.srcport"].flatMap((name) => ["-e", name]);
    const ofSignaling = `udp port ${sipPort} or tcp[tcpflags] & tcp-push != 0`;
    const program = new Program({
      name: "tshark",
      command: "/usr/bin/tshark",
      args: [
        ..."-i lo -l -n -T fields -E separator=,".split(" "),
        ...fields,
        "-f",
        `(${hosts}) and (${ofSignaling} or udp portrange 10000-65535)`,
      ],
      logFile: `${directory}/tshark-marks.log`,
    });
    await program.waitForOutput("Capturing on", 30_000);
    return new PacketMarks(program, sipPort);
  }

  /** What was seen, each kind once, in order. */
  async stop(): Promise<readonly MarkedPackets[]> {
    await new Promise((resolve) => setTimeout(resolve, 500));
    this.#program.signal("SIGINT");
    await this.#program.exited();
    const lines = this.#program.output.matchAll(/^([\d.]+),(\d+),(\d*)$/gm);
    const kinds = new Set(
      [...lines].map(([, to, codePoint, port]) => `${to},${codePoint},${this.#kindOf(port)}`),
    );
    return [...kinds].sort().map((kind) => {
      const [to = "", codePoint, protocol] = kind.split(",");
      return { protocol: protocol === "media" ? "media" : "signaling", to, codePoint: Number(codePoint) };
    });
  }

  /** TCP packets have no UDP port. */
  #kindOf(udpPort: string | undefined): MarkedPackets["protocol"] {
    return udpPort === "" || Number(udpPort) === this.#sipPort ? "signaling" : "media";
  }
}
