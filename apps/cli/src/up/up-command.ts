/**
 * `tandem up`: one control and one gateway on this machine, supervised, on the embedded database. Prints where
 * everything listens and the first account's credentials; runs until it is told to stop.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import type { Context } from "../context.ts";
import { checkPort } from "../doctor/ports.ts";
import { wantedPorts } from "../doctor/wanted-ports.ts";
import { DataDirectory } from "./data-directory.ts";
import { Family } from "./family.ts";
import { addListenOptions, readListenOptions } from "./listen-options.ts";
import { withFreeMetricsPorts } from "./metrics-ports.ts";
import { neededBytes, requireRoom } from "./require-room.ts";
import { type UpOptions, welcomeText } from "./welcome-text.ts";

type Given = Readonly<Record<string, string | boolean | undefined>>;

export function addUpCommand(program: Command, context: Context): void {
  addListenOptions(program.command("up"), context)
    .description("run control and a gateway on this machine")
    .option("--base-domain <name>", "termination names end in .pstn.<name>", "tandem.test")
    .option("--database-url <url>", "PostgreSQL server; an embedded database when left out")
    .option(
      "--topology <file>",
      "topology file; the edges on loopback addresses when left out",
      ownTopology(context),
    )
    .option("--name <name>", "name of the gateway", "gateway-1")
    .option("--edge <edge>", "edge of the gateway", "ashburn")
    .option("--region <region>", "region of the edge; the one it is in when left out")
    .option("--json", "print one line of JSON in place of the text")
    .action(async (given: Given) => {
      const options = await withFreeMetricsPorts(readUpOptions(given, context), (text) => context.note(text));
      await up(options, given["json"] === true, context);
    });
}

/** The environment's choice, as for control alone; else the trial's. */
function ownTopology(context: Context): string {
  return context.environment["TANDEM_TOPOLOGY_FILE"] || join(context.root, "topology", "loopback.yaml");
}

/** `none` is a word of control's, and no file. */
function topologyOf(given: string): string {
  return given === "none" ? given : resolve(given);
}

function readUpOptions(given: Given, context: Context): UpOptions {
  return {
    ...readListenOptions(given),
    baseDomain: String(given["baseDomain"]),
    databaseUrl: typeof given["databaseUrl"] === "string" ? given["databaseUrl"] : undefined,
    hasConsole: context.environment["TANDEM_CONSOLE_DIRECTORY"] !== "none",
    topologyFile: topologyOf(String(given["topology"])),
    gateway: {
      name: String(given["name"]),
      edge: String(given["edge"]),
      region: typeof given["region"] === "string" ? given["region"] : undefined,
    },
  };
}

async function up(options: UpOptions, isJson: boolean, context: Context): Promise<void> {
  const directory = new DataDirectory(options.dataDirectory);
  directory.lock(process.pid);
  try {
    requireRoomFor(options, directory);
    await requireFreePorts(options);
    const stopped = stopSignal();
    const family = new Family(options, directory, context);
    try {
      const started = await Promise.race([family.start(), stopped.then(() => undefined)]);
      if (started === undefined) return;
      const { connection, gateway } = started;
      context.print(isJson ? JSON.stringify(connection) : welcomeText(options, gateway, connection));
      await stopped;
    } finally {
      context.note("stopping");
      await family.stop();
    }
  } finally {
    directory.unlock();
  }
}

function requireRoomFor({ databaseUrl }: UpOptions, directory: DataDirectory): void {
  const isNewDatabase = databaseUrl === undefined && !existsSync(directory.file(join("control", "database")));
  requireRoom(directory.path, isNewDatabase ? neededBytes.withNewDatabase : neededBytes.otherwise);
}

/** Better a clear word now than a program that crashes again and again. */
async function requireFreePorts(options: UpOptions): Promise<void> {
  const findings = await Promise.all(wantedPorts(options).map(checkPort));
  const taken = findings.filter((finding) => finding.level === "fail");
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ check, text, remedy }) => `  ${check} on ${text}${remedy === undefined ? "" : ` (${remedy})`}`,
  );
  throw new CliError(`cannot listen:\n${lines.join("\n")}`);
}

/** Resolves at the first SIGINT or SIGTERM. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
