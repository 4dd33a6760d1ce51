import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "../../harness/program.ts";
import { Sipp, type SippResult } from "../../harness/sipp.ts";
import { readMessageTrace, type TracedMessage } from "./message-trace.ts";
import { type Step, scenarioFile } from "./script.ts";

export interface PeerOptions {
  /** `customer`, `carrier 1`: unique in its directory. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly transport?: "udp" | "tcp";
  /** Where a caller sends to; left out for a callee. */
  readonly remote?: { readonly address: string; readonly port: number };
  readonly steps: readonly Step[];
  /** Default 1; infinite: until it is stopped. */
  readonly calls?: number;
  readonly ratePerSecond?: number;
  readonly extra?: readonly string[];
  readonly directory: string;
  /** Words before its command line. */
  readonly launcher?: readonly string[];
}

/** A SIPp process with a script of its own, and every message it saw. */
export class Peer {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly transport: "udp" | "tcp";
  readonly #sipp: Sipp;
  readonly #traceFile: string;

  constructor(options: PeerOptions) {
    this.name = options.name;
    this.address = options.address;
    this.port = options.port;
    this.transport = options.transport ?? "udp";
    const fileName = `${options.name.replaceAll(" ", "-")}-${options.port}`;
    const file = join(options.directory, `${fileName}.xml`);
    writeFileSync(file, scenarioFile(options.name, options.steps));
    this.#traceFile = join(options.directory, `${fileName}-messages.log`);
    this.#sipp = new Sipp({
      name: fileName,
      scenarioFile: file,
      localAddress: options.address,
      localPort: options.port,
      ...(options.remote === undefined ? {} : { remote: options.remote }),
      transport: this.transport,
      ...(options.calls === Number.POSITIVE_INFINITY ? {} : { calls: options.calls ?? 1 }),
      ...(options.ratePerSecond === undefined ? {} : { ratePerSecond: options.ratePerSecond }),
      directory: options.directory,
      ...(options.launcher === undefined ? {} : { launcher: options.launcher }),
      extra: ["-trace_msg", "-message_file", this.#traceFile, ...(options.extra ?? [])],
    });
  }

  /** `sip:127.0.0.1:5070`, with its transport when that is not UDP. */
  get uri(): string {
    return `sip:${this.address}:${this.port}${this.transport === "tcp" ? ";transport=tcp" : ""}`;
  }

  get trace(): readonly TracedMessage[] {
    return readMessageTrace(this.#traceFile);
  }

  /** Waits until it has had all its calls; each must have gone by its script. */
  async finish(): Promise<SippResult> {
    const result = await this.#sipp.finished();
    if (result.exitCode !== 0) {
      throw new Error(
        `${this.name} ended with ${String(result.exitCode)}: ${result.failed} calls did not go by the script\n${result.errors.slice(0, 3000)}`,
      );
    }
    return result;
  }

  /** Waits without a look at the outcome. */
  async ended(): Promise<SippResult> {
    return this.#sipp.finished();
  }

  /** Its process. */
  get program(): Program {
    return this.#sipp.program;
  }

  async stop(): Promise<void> {
    await this.#sipp.program.stop(500);
  }
}
