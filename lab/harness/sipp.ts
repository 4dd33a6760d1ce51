import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program } from "./program.ts";

export interface SippOptions {
  readonly name: string;
  readonly scenarioFile: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** Where a client sends to; left out for a server. */
  readonly remote?: { readonly address: string; readonly port: number };
  readonly transport?: "udp" | "tcp";
  /** Calls in all; a server without it runs until stopped. */
  readonly calls?: number;
  readonly ratePerSecond?: number;
  readonly pauseMs?: number;
  readonly maximumConcurrent?: number;
  /** Values of [field0], [field1] …, one row. */
  readonly fields?: readonly string[];
  /** First of the ports that stand in its SDP. */
  readonly mediaPort?: number;
  readonly directory: string;
  readonly extra?: readonly string[];
  /** Words before its command line. */
  readonly launcher?: readonly string[];
}

export interface SippResult {
  readonly exitCode: number | null;
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** What it complained about. */
  readonly errors: string;
}

export const sippCommand = "/usr/bin/sipp";

export function hasSipp(): boolean {
  return existsSync(sippCommand);
}

/** A SIPp process: customer or carrier of a test. */
export class Sipp {
  readonly program: Program;
  readonly #statisticsFile: string;
  readonly #errorFile: string;

  constructor(options: SippOptions) {
    const file = (suffix: string): string => join(options.directory, `sipp-${options.name}-${suffix}`);
    this.#statisticsFile = file("statistics.csv");
    this.#errorFile = file("errors.log");
    this.program = new Program({
      name: `sipp ${options.name}`,
      command: sippCommand,
      args: [...this.#arguments(options, file), ...(options.extra ?? [])],
      directory: options.directory,
      logFile: file("screen.log"),
      ...(options.launcher === undefined ? {} : { launcher: options.launcher }),
    });
  }

  /** Waits for a client to end. */
  async finished(): Promise<SippResult> {
    const exitCode = await this.program.exited();
    return { exitCode, ...this.counts() };
  }

  /** Ends a server and tells what it saw. */
  async stop(): Promise<SippResult> {
    this.program.signal("SIGUSR1");
    await Promise.race([this.program.exited(), new Promise((resolve) => setTimeout(resolve, 1500))]);
    await this.program.stop(1000);
    return this.finished();
  }

  counts(): Omit<SippResult, "exitCode"> {
    const errors = existsSync(this.#errorFile) ? readFileSync(this.#errorFile, "utf8").slice(0, 8000) : "";
    if (!existsSync(this.#statisticsFile)) return { successful: 0, failed: 0, retransmissions: 0, errors };
    const rows = readFileSync(this.#statisticsFile, "utf8").trim().split("\n");
    const names = (rows[0] ?? "").split(";");
    const last = (rows[rows.length - 1] ?? "").split(";");
    const value = (name: string): number => Number(last[names.indexOf(name)] ?? 0);
    return {
      successful: value("SuccessfulCall(C)"),
      failed: value("FailedCall(C)"),
      retransmissions: value("Retransmissions(C)"),
      errors,
    };
  }

  #arguments(options: SippOptions, file: (suffix: string) => string): string[] {
    const { remote, transport, calls, ratePerSecond, fields } = options;
    const args = ["-sf", options.scenarioFile, "-i", options.localAddress, "-p", String(options.localPort)];
    args.push("-t", transport === "tcp" ? "t1" : "u1", "-nostdin", "-nd");
    args.push(
      "-trace_stat",
      "-stf",
      this.#statisticsFile,
      "-fd",
      "1",
      "-trace_err",
      "-error_file",
      this.#errorFile,
    );
    args.push("-timeout_error", "-recv_timeout", "60000", "-buff_size", "8388608");
    if (remote !== undefined) args.push(`${remote.address}:${remote.port}`);
    if (calls !== undefined) args.push("-m", String(calls));
    if (ratePerSecond !== undefined) args.push("-r", String(ratePerSecond));
    if (options.pauseMs !== undefined) args.push("-d", String(options.pauseMs));
    if (options.maximumConcurrent !== undefined) args.push("-l", String(options.maximumConcurrent));
    if (options.mediaPort !== undefined) args.push("-mp", String(options.mediaPort));
    if (fields !== undefined) {
      const data = file("fields.csv");
      writeFileSync(data, `SEQUENTIAL\n${fields.join(";")};\n`);
      args.push("-inf", data);
    }
    return args;
  }
}
