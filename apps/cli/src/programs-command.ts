/** Verbs that run another program of the repository and hand it the rest of the arguments. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { CliError } from "./cli-error.ts";
import type { Context } from "./context.ts";

export const programs = [
  {
    verb: "test",
    about: "the gates and every test; what continuous integration runs",
    file: "tools/test/main.ts",
  },
  {
    verb: "check",
    about: "the gates: lint, types, layers, format, dead code, secrets …",
    file: "tools/check/main.ts",
  },
  {
    verb: "demo",
    about: "a customer and a carrier call each other through a fresh Tandem",
    file: "lab/demo/main.ts",
  },
  { verb: "bench", about: "measure calls, set-up delay and memory", file: "lab/load/main.ts" },
  { verb: "lab", about: "run scenarios of the lab", file: "lab/main.ts" },
  { verb: "fuzz", about: "throw mutated inputs at the parsers", file: "lab/fuzz/main.ts" },
  {
    verb: "coverage",
    about: "whether docs/rfc-coverage.md is current; --write writes it",
    file: "tools/rfc-coverage/write-page.ts",
  },
  {
    verb: "break",
    about: "break rules of the RFCs one at a time; their tests must notice",
    file: "tools/rfc-coverage/break-rule.ts",
  },
] as const;

export function addProgramCommands(program: Command, context: Context): void {
  for (const { verb, about, file } of programs) {
    program
      .command(verb)
      .description(about)
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .argument("[arguments...]", "handed to the program")
      .action(async (args: readonly string[]) => {
        context.setExitCode(await run(join(context.root, file), args));
      });
  }
  // `./tandem` runs these itself; they stand here for the help.
  program.command("gateway").description("run a gateway: --config FILE");
  program.command("control").description("run control");
  program
    .command("dns")
    .description("run a name server: --config FILE; `dns export` writes its zone for BIND");
  program
    .command("acme")
    .description("get and renew the certificates of gateways by ACME: --config FILE [--once]");
  program
    .command("network")
    .description(
      "make the kernel of a gateway host enforce its private lines (root): --config FILE [apply|plan|watch|clear]",
    );
}

/** Exit code of the program. A signal that ends us reaches it too: it shares our terminal or our service. */
function run(file: string, args: readonly string[]): Promise<number> {
  if (!existsSync(file)) throw new CliError(`${file} is missing`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, ...args], {
      stdio: "inherit",
    });
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on("SIGINT", pass);
    process.on("SIGTERM", pass);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("SIGINT", pass);
      process.off("SIGTERM", pass);
      resolve(signal === null ? (code ?? 1) : 128);
    });
  });
}
