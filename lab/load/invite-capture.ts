import { existsSync, readFileSync } from "node:fs";
import { Program } from "../harness/program.ts";

/** Sees the INVITEs on loopback through dumpcap and tells how long each spent in the system under test. */
export class InviteCapture {
  readonly #program: Program;
  readonly #file: string;

  private constructor(program: Program, file: string) {
    this.#program = program;
    this.#file = file;
  }

  /** Undefined when capturing is not possible: no dumpcap, or no right to. */
  static async start(directory: string, name: string): Promise<InviteCapture | undefined> {
    if (!existsSync("/usr/bin/dumpcap") || process.getuid?.() !== 0) return undefined;
    const file = `${directory}/invites-${name}.pcap`;
    const program = new Program({
      name: "dumpcap",
      command: "/usr/bin/dumpcap",
      // Only datagrams that begin with "INVI".
      args: ["-i", "lo", "-q", "-P", "-B", "64", "-w", file, "-f", "udp[8:4] = 0x494e5649"],
      logFile: `${directory}/dumpcap-${name}.log`,
    });
    await program.waitForOutput("Capturing on", 15_000);
    return new InviteCapture(program, file);
  }

  /**
   * Milliseconds from the INVITE to `inAddress` until the INVITE to `outAddress` with the same X-Bench, ascending.
   * Retransmissions do not count: the first of each.
   */
  async addedDelaysMs(inAddress: string, outAddress: string): Promise<number[]> {
    await new Promise((resolve) => setTimeout(resolve, 500));
    this.#program.signal("SIGINT");
    await this.#program.exited();
    const arrived = new Map<string, number>();
    const left = new Map<string, number>();
    for (const packet of packets(readFileSync(this.#file))) {
      const times =
        packet.destination === inAddress ? arrived : packet.destination === outAddress ? left : undefined;
      const key = /^X-Bench: *(\S+)/im.exec(packet.text)?.[1];
      if (times !== undefined && key !== undefined && !times.has(key)) times.set(key, packet.timeMs);
    }
    const delays: number[] = [];
    for (const [key, time] of left) {
      const since = arrived.get(key);
      if (since !== undefined) delays.push(time - since);
    }
    return delays.sort((a, b) => a - b);
  }
}

interface Packet {
  readonly timeMs: number;
  readonly destination: string;
  readonly text: string;
}

const globalHeaderBytes = 24;
const recordHeaderBytes = 16;
const ethernetHeaderBytes = 14;
const udpHeaderBytes = 8;

/** Packets of a libpcap file of the loopback device (Ethernet, IPv4, UDP). */
function* packets(file: Buffer): Generator<Packet> {
  const isNanoseconds = file.readUInt32LE(0) === 0xa1b23c4d;
  let offset = globalHeaderBytes;
  while (offset + recordHeaderBytes <= file.length) {
    const seconds = file.readUInt32LE(offset);
    const fraction = file.readUInt32LE(offset + 4);
    const length = file.readUInt32LE(offset + 8);
    const frame = file.subarray(offset + recordHeaderBytes, offset + recordHeaderBytes + length);
    offset += recordHeaderBytes + length;
    const ip = frame.subarray(ethernetHeaderBytes);
    const headerBytes = ((ip[0] ?? 0) & 0x0f) * 4;
    yield {
      timeMs: seconds * 1000 + fraction / (isNanoseconds ? 1e6 : 1e3),
      destination: [...ip.subarray(16, 20)].join("."),
      text: ip.subarray(headerBytes + udpHeaderBytes).toString("latin1"),
    };
  }
}

/** The value below which `share` of the ascending values lie; NaN without values. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN;
}
