import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { GatewayConfiguration, OutboxEntry, Snapshot } from "@tandem/contracts";
import { Program } from "./program.ts";

const gateway = join(import.meta.dirname, "..", "..", "apps/gateway");
const main = join(gateway, "src/main.ts");

/** Options of Node that every gateway runs with. */
export function gatewayNodeOptions(): readonly string[] {
  return readFileSync(join(gateway, "node-options.txt"), "utf8").trim().split("\n");
}

export interface GatewayProcessOptions {
  readonly configuration: GatewayConfiguration;
  /** Gets configuration and log. */
  readonly directory: string;
  /** Options of Node. */
  readonly nodeArguments?: readonly string[];
  /** Runs the gateway: `ip netns exec …`, say. */
  readonly commandPrefix?: readonly string[];
}

/** One gateway as a process of its own, that can die and come back with what it left on its disk. */
export class GatewayProcess {
  readonly configuration: GatewayConfiguration;
  program!: Program;
  readonly #options: GatewayProcessOptions;

  constructor(options: GatewayProcessOptions) {
    this.#options = options;
    this.configuration = options.configuration;
  }

  get name(): string {
    return this.configuration.name;
  }

  get isRunning(): boolean {
    const program = this.program as Program | undefined;
    return program !== undefined && !program.hasExited;
  }

  /** A snapshot on its disk: what a gateway routes by that never reached control. Before `start`. */
  keepSnapshot(snapshot: Snapshot): void {
    const { stateDirectory } = this.configuration;
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(join(stateDirectory, "snapshot.json"), JSON.stringify(snapshot), { mode: 0o600 });
  }

  /** Starts it and waits until it routes by a snapshot. */
  async start(): Promise<void> {
    const { directory, nodeArguments = [], commandPrefix = [] } = this.#options;
    const file = join(directory, `${this.name}.json`);
    writeFileSync(file, JSON.stringify(this.configuration, undefined, 2), { mode: 0o600 });
    const words = [
      ...commandPrefix,
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      ...gatewayNodeOptions(),
      ...nodeArguments,
      main,
      "--config",
      file,
    ];
    this.program = new Program({
      name: this.name,
      command: words[0] ?? process.execPath,
      args: words.slice(1),
      logFile: join(directory, `${this.name}.log`),
    });
    await this.program.waitForOutput('"serving"', 60_000);
    await this.program.waitForOutput('"snapshot-applied"', 30_000);
  }

  /** Version of the snapshot that it routes by; undefined: none yet. */
  get snapshotVersion(): number | undefined {
    const applied = [...this.program.output.matchAll(/"snapshot-applied".*?"version":(\d+)/g)];
    const last = applied[applied.length - 1]?.[1];
    return last === undefined ? undefined : Number(last);
  }

  /** What waits in its outbox. Only while it does not run: it has its database for itself. */
  outbox(): readonly OutboxEntry[] {
    const file = join(this.configuration.stateDirectory, "ledger.sqlite");
    if (!existsSync(file)) return [];
    const database = new DatabaseSync(file);
    const rows = database.prepare("SELECT sequence, kind, text FROM outbox ORDER BY sequence").all();
    database.close();
    const members: Readonly<Record<string, string>> = { "call-record": "record", "leg-record": "leg" };
    return rows.map((row) => {
      const kind = String(row["kind"]);
      const content: unknown = JSON.parse(String(row["text"]));
      return { sequence: Number(row["sequence"]), kind, [members[kind] ?? "alert"]: content } as OutboxEntry;
    });
  }
}
