import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../harness/free-port.ts";
import { Program } from "../harness/program.ts";
import { waitFor } from "../harness/wait.ts";

export const prometheusCommand = "/usr/bin/prometheus";
export const promtoolCommand = "/usr/bin/promtool";

const run = promisify(execFile);

/** One series of an answer to a query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus on loopback, which asks programs for their metrics every second. */
export class PrometheusServer {
  readonly #program: Program;
  readonly #url: string;

  private constructor(program: Program, url: string) {
    this.#program = program;
    this.#url = url;
  }

  /** @param jobs name of the job to `address:port` of what it asks */
  static async start(
    directory: string,
    address: string,
    jobs: Readonly<Record<string, string>>,
    rulesFile: string,
  ): Promise<PrometheusServer> {
    const file = join(directory, "prometheus.json");
    const configuration = {
      global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
      rule_files: [rulesFile],
      scrape_configs: Object.entries(jobs).map(([name, target]) => ({
        job_name: name,
        static_configs: [{ targets: [target] }],
      })),
    };
    writeFileSync(file, JSON.stringify(configuration));
    const port = await freePort(address);
    const program = new Program({
      name: "prometheus",
      command: prometheusCommand,
      args: [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(directory, "prometheus-data")}`,
        `--web.listen-address=${address}:${port}`,
      ],
      logFile: join(directory, "prometheus.log"),
    });
    await program.waitForOutput("Server is ready to receive web requests", 60_000);
    return new PrometheusServer(program, `http://${address}:${port}`);
  }

  async query(expression: string): Promise<readonly Sample[]> {
    const response = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const body = (await response.json()) as {
      readonly status: string;
      readonly data: {
        readonly result: readonly {
          readonly metric: Record<string, string>;
          readonly value: readonly [number, string];
        }[];
      };
    };
    if (body.status !== "success") throw new Error(`${expression}: ${JSON.stringify(body)}`);
    return body.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** Waits until an expression with one series has this value. */
  async until(expression: string, value: number): Promise<void> {
    let seen: readonly Sample[] = [];
    await waitFor(
      `${expression} to be ${value}`,
      async () => {
        seen = await this.query(expression);
        return seen.length === 1 && seen[0]?.value === value;
      },
      30_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(seen)}`);
    });
  }

  async stop(): Promise<void> {
    await this.#program.stop(5_000);
  }
}

/** What promtool says of a metrics text; "": nothing. */
export async function promtoolFaults(text: string): Promise<string> {
  const running = run(promtoolCommand, ["check", "metrics"]);
  running.child.stdin?.end(text);
  const { stdout, stderr } = await running.catch((error: { stdout: string; stderr: string }) => error);
  return stdout + stderr;
}

/** Runs promtool; rejects when it finds a fault. */
export async function promtool(...args: readonly string[]): Promise<void> {
  await run(promtoolCommand, [...args]);
}
