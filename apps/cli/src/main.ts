/** The `tandem` command. Only this file reads the environment and the process. */
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { SystemClock } from "@tandem/clock";
import { CliError } from "./cli-error.ts";
import type { Context } from "./context.ts";
import { buildProgram } from "./program.ts";

enableCompileCache();

const root = join(import.meta.dirname, "..", "..", "..");
const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const clock = new SystemClock();
const context: Context = {
  environment: process.env,
  version,
  root,
  defaultDataDirectory: process.env["TANDEM_DATA"] ?? join(homedir(), ".tandem"),
  clock,
  print: (line) => console.log(line),
  note: (line) => console.error(line),
  readInput: () => text(process.stdin),
  setExitCode: (code) => {
    process.exitCode = code;
  },
};

// `tandem trunks list | head` closes our output early.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
// A supervisor goes on when nobody reads its notes any more.
process.stderr.on("error", () => undefined);

try {
  await buildProgram(context).parseAsync(process.argv);
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  console.error(`tandem: ${error.message}`);
  process.exitCode = 1;
} finally {
  clock.close();
}
