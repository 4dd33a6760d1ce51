import { join } from "node:path";
import { SystemClock } from "@tandem/clock";
import { rtpengineSessions } from "@tandem/media/testing";
import { Program } from "../harness/program.ts";
import { waitFor } from "../harness/wait.ts";

export const rtpengineCommand = "/usr/bin/rtpengine";

export interface RtpengineProcessOptions {
  readonly name: string;
  /** Where it is asked. */
  readonly control: { readonly address: string; readonly port: number };
  /** Logical interface to address. */
  readonly interfaces: Readonly<Record<string, string>>;
  readonly mediaPorts: { readonly first: number; readonly last: number };
  readonly directory: string;
}

/** A real rtpengine that forwards in user space, without privilege. */
export class RtpengineProcess {
  readonly options: RtpengineProcessOptions;
  #program: Program | undefined;

  constructor(options: RtpengineProcessOptions) {
    this.options = options;
  }

  /** `127.0.0.1:2223`, as gateways are configured. */
  get name(): string {
    const { address, port } = this.options.control;
    return `${address}:${port}`;
  }

  get program(): Program {
    if (this.#program === undefined) throw new Error("rtpengine was not started");
    return this.#program;
  }

  async start(): Promise<void> {
    const { name, control, interfaces, mediaPorts, directory } = this.options;
    this.#program = new Program({
      name,
      command: rtpengineCommand,
      args: [
        [
          "--config-file=none",
          "--foreground",
          "--log-stderr",
          "--log-level=6",
          "--table=-1",
          "--num-threads=2",
        ],
        Object.entries(interfaces).map(([one, address]) => `--interface=${one}/${address}`),
        `--listen-ng=${control.address}:${control.port}`,
        [`--port-min=${mediaPorts.first}`, `--port-max=${mediaPorts.last}`],
        // Silence is the gateway's to judge.
        ["--timeout=3600", "--silent-timeout=14400", "--endpoint-learning=heuristic"],
        `--pidfile=${join(directory, `${name}.pid`)}`,
      ].flat(),
      logFile: join(directory, `${name}.log`),
    });
    await this.#program.waitForOutput("Startup complete");
    await waitFor("rtpengine to answer", async () => (await this.sessions()) !== undefined);
  }

  /** Names of the sessions that it has; undefined: it does not answer. */
  async sessions(): Promise<readonly string[] | undefined> {
    const { address, port } = this.options.control;
    const clock = new SystemClock();
    const sessions = await rtpengineSessions(clock, address, port);
    clock.close();
    return sessions;
  }

  stop(): Promise<void> {
    return this.#program?.stop(3000) ?? Promise.resolve();
  }

  kill(): Promise<void> {
    return this.#program?.kill() ?? Promise.resolve();
  }
}
